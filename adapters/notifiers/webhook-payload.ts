/**
 * A webhook with its variables filled in: address, headers, body. The same message is always the same bytes, so that retries don't differ.
 * Never lets a value be more than a value: escaped in JSON, encoded in an address, one line in a header.
 * Read next: core/message/payload.ts, core/message/payload-values.ts, webhook.ts.
 */
import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import type { WebhookConfig } from '../../contract/receivers/webhook.ts'
import { parseCustomHeaders } from '../../contract/webhook-fields.ts'
import { fillPayload, fillText, type PayloadValues } from '../../core/message/payload.ts'
import { isBuiltInVariable, payloadValues } from '../../core/message/payload-values.ts'
import { webhookMessageOf } from './webhook-message.ts'

export type FilledWebhook = Readonly<
  { ok: true; url: string; headers: Readonly<Record<string, string>>; contentType: string; body: string } | { ok: false; reason: string }
>

/** Servers refuse longer lines; what a value says is in the body. */
const headerCharactersMax = 2_000

export function filledWebhook(message: OutgoingMessage, name: string, config: WebhookConfig): FilledWebhook {
  const values = payloadValues(message, config.variables)
  const url = fillText(config.url, values, (value, variable) => (isBuiltInVariable(variable) ? encodeURIComponent(value) : value))
  const place = URL.parse(url)
  if (place === null || (place.protocol !== 'http:' && place.protocol !== 'https:')) {
    return { ok: false, reason: `the address of ${name} is none once its variables are filled in` }
  }
  const headers = headersOf(config, values)
  if (typeof headers === 'string') return { ok: false, reason: `the headers of ${name} can't be sent: ${headers}` }
  return { ok: true, url, headers, ...encoded(message, config, values) }
}

/** Values are filled in before the check: what they make of a header must be one. */
function headersOf({ custom_headers: text }: WebhookConfig, values: PayloadValues): Record<string, string> | string {
  const written = parseCustomHeaders(text ?? '')
  if (!written.ok) return written.reason
  const filled = Object.entries(written.headers).map(([header, value]) => [header, fillText(value, values, oneLine)])
  const checked = parseCustomHeaders(JSON.stringify(Object.fromEntries(filled)))
  return checked.ok ? checked.headers : checked.reason
}

function oneLine(value: string, variable: string): string {
  return isBuiltInVariable(variable) ? value.replace(/[^\x20-\x7e]+/g, ' ').slice(0, headerCharactersMax) : value
}

function encoded(message: OutgoingMessage, { payload, encode_as: encoding }: WebhookConfig, values: PayloadValues) {
  const json = payload === null ? JSON.stringify(webhookMessageOf(message)) : fillPayload(payload, values)
  if (encoding === 'json') return { contentType: 'application/json', body: json }
  const fields: unknown = JSON.parse(json)
  const form = Object.entries(typeof fields === 'object' && fields !== null ? fields : {}).map(([field, value]): [string, string] => [
    field,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() }
}
