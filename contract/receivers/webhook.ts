import { z } from 'zod'
import { customHeaders, webhookSecret, webhookUrl } from '../webhook-fields.ts'
import type { ReceiverKind } from './kind.ts'

export const encodeAs = z.enum(['json', 'form'], 'expected json or form')

/** A webhook as it is stored with its receiver; Datadog's endpoints write the same. */
export const webhookConfig = z.strictObject({
  url: webhookUrl,
  /** A JSON object of names and values, in a text. */
  custom_headers: customHeaders.nullable().default(null),
  encode_as: encodeAs.default('json'),
  /** Signs messages as Standard Webhooks has it. */
  secret: webhookSecret.nullable().default(null),
})
export type WebhookConfig = z.output<typeof webhookConfig>

/** As a sender reads it: what was stored passed the check of its time, and an older one has other names. */
export const storedWebhook = z.preprocess(
  renamed,
  z.object({ url: z.string(), custom_headers: z.string().nullable(), encode_as: encodeAs, secret: z.string().nullable() }),
)

export const webhookKind: ReceiverKind = { kind: 'webhook', config: webhookConfig, secrets: ['custom_headers', 'secret'] }

function renamed(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('customHeaders' in stored || 'encodeAs' in stored)) return stored
  const { customHeaders: headers, encodeAs: encoding, ...rest }: Record<string, unknown> = { ...stored }
  return { custom_headers: headers, encode_as: encoding, ...rest }
}
