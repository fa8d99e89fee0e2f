/**
 * Sends a message to a webhook as JSON or as a form, with the headers of Standard Webhooks, signed where the receiver has a secret.
 * Never throws for what the other side does, never follows a redirect, and never decides about retries: it says whether one is worthwhile.
 * Read next: contract/webhook.ts (the message), activities/deliver.ts.
 */
import { Webhook } from 'standardwebhooks'
import type { DeliveryReceipt, Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { type WebhookConfig, webhookConfig } from '../../contract/webhook.ts'
import { parseCustomHeaders } from '../../contract/webhook-fields.ts'
import { boundText } from '../../core/message/format.ts'
import { type HttpFetch, type HttpReply, request } from '../http/fetch.ts'
import { retryAfterMs } from './retry-after.ts'
import { webhookMessageOf } from './webhook-message.ts'

/** A receiver should take a message and work afterwards; one that needs longer gets it again. */
export const webhookTimeoutMs = 10_000
/** The beginning of an error page says what was wrong. */
const answerBytesMax = 2_048

export function webhookNotifier(clock: () => number, timeoutMs = webhookTimeoutMs, send: HttpFetch = request): Notifier {
  return {
    kind: 'webhook',
    deliver: async (message, receiver) => {
      const { unreadable } = receiver.config
      if (typeof unreadable === 'string') return { kind: 'retry', reason: unreadable, afterMs: null }
      const signed = sign(message, receiver, clock())
      if (!signed.ok) return { kind: 'refused', reason: signed.reason }
      const reply = await send({
        url: signed.url,
        method: 'POST',
        headers: signed.headers,
        body: signed.body,
        timeoutMs,
        maxBytes: answerBytesMax,
      })
      return receiptOf(reply, clock())
    },
  }
}

type Signed = Readonly<{ ok: true; url: string; headers: Record<string, string>; body: string } | { ok: false; reason: string }>

function sign(message: OutgoingMessage, receiver: Receiver, nowMs: number): Signed {
  const config = webhookConfig.safeParse(receiver.config)
  if (!config.success) return { ok: false, reason: `the configuration of ${receiver.name} can't be read` }
  const custom = parseCustomHeaders(config.data.customHeaders ?? '')
  if (!custom.ok) return { ok: false, reason: `the headers of ${receiver.name} can't be sent: ${custom.reason}` }
  const { contentType, body } = encode(message, config.data)
  const signature = signatureOf(message.id, body, config.data, nowMs)
  if (signature === null) return { ok: false, reason: `the secret of ${receiver.name} can't be used for signing` }
  const headers = {
    ...custom.headers,
    'content-type': contentType,
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    ...signature,
  }
  return { ok: true, url: config.data.url, headers, body }
}

function encode(message: OutgoingMessage, config: WebhookConfig): Readonly<{ contentType: string; body: string }> {
  const fields = webhookMessageOf(message)
  if (config.encodeAs === 'json') return { contentType: 'application/json', body: JSON.stringify(fields) }
  const form = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() }
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

/** Worth another try: what the receiver says of itself (408, 425, 429, 5xx) and all that the network does. */
function receiptOf(reply: HttpReply, nowMs: number): DeliveryReceipt {
  if (reply.kind === 'failed' && reply.code === 'forbidden') return { kind: 'refused', reason: reply.reason }
  if (reply.kind === 'failed') return { kind: 'retry', reason: `${reply.code}: ${boundText(reply.reason, 300)}`, afterMs: null }
  const { status } = reply
  if (status >= 200 && status < 300) return { kind: 'delivered', detail: `HTTP ${status}` }
  const reason = `HTTP ${status}${reply.body === '' ? '' : `: ${boundText(reply.body, 300)}`}`
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { kind: 'retry', reason, afterMs: retryAfterMs(reply.headers['retry-after'], nowMs) }
  }
  if (status >= 300 && status < 400)
    return { kind: 'refused', reason: `HTTP ${status}: redirects are not followed, store the final address` }
  return { kind: 'refused', reason }
}
