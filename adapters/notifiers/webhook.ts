/**
 * Sends a message to a webhook as JSON or as a form, with the headers of Standard Webhooks, signed where the receiver has a secret.
 * Never throws for what the other side does, never follows a redirect, and never decides about retries: it says whether one is worthwhile.
 * Read next: contract/webhook.ts (the message), activities/send.ts.
 */
import { Webhook } from 'standardwebhooks'
import type { Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { storedWebhook, type WebhookConfig } from '../../contract/receivers/webhook.ts'
import { policyOf } from '../../core/delivery/policy.ts'
import { type HttpFetch, request } from '../http/fetch.ts'
import { configOf, receiptOf, secretsOfUrl } from './receipt.ts'
import { filledWebhook } from './webhook-payload.ts'

/** The beginning of an error page says what was wrong. */
const answerBytesMax = 2_048

export function webhookNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'webhook',
    deliver: async (message, receiver) => {
      const read = configOf(receiver, storedWebhook)
      if (!read.ok) return read.receipt
      const signed = sign(message, receiver, read.config, clock())
      if (!signed.ok) return { kind: 'refused', reason: signed.reason }
      const reply = await send({
        url: signed.url,
        method: 'POST',
        headers: signed.headers,
        body: signed.body,
        timeoutMs: policyOf(receiver).timeoutMs,
        maxBytes: answerBytesMax,
      })
      return receiptOf(reply, { nowMs: clock(), secrets: signed.secrets })
    },
  }
}

type Signed = Readonly<
  { ok: true; url: string; headers: Record<string, string>; body: string; secrets: readonly string[] } | { ok: false; reason: string }
>

function sign(message: OutgoingMessage, receiver: Receiver, config: WebhookConfig, nowMs: number): Signed {
  const filled = filledWebhook(message, receiver.name, config)
  if (!filled.ok) return filled
  const { url, headers: custom, contentType, body } = filled
  const signature = signatureOf(message.id, body, config, nowMs)
  if (signature === null) return { ok: false, reason: `the secret of ${receiver.name} can't be used for signing` }
  const headers = {
    'content-type': contentType,
    ...custom,
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    ...signature,
  }
  const secrets = [...secretsOfUrl(url), ...Object.values(custom), ...Object.values(config.variables), config.secret ?? '']
  return { ok: true, url, headers, body, secrets }
}

/** The signature's header; none without a secret; null for a secret that is no key. */
function signatureOf(id: string, body: string, { secret }: WebhookConfig, nowMs: number): Record<string, string> | null {
  if (secret === null) return {}
  try {
    return { 'webhook-signature': new Webhook(secret).sign(id, new Date(nowMs), body) }
  } catch {
    return null
  }
}
