import { z } from 'zod'
import { customHeaders, webhookPayload, webhookSecret, webhookUrl } from '../webhook-fields.ts'
import type { ReceiverKind } from './kind.ts'

export const encodeAs = z.enum(['json', 'form'], 'expected json or form')

/** A webhook as it is stored with its receiver; Datadog's endpoints write the same. */
export const webhookConfig = z
  .strictObject({
    url: webhookUrl,
    /** What is sent instead of the standard message: JSON with variables. */
    payload: webhookPayload.nullable().default(null),
    /** A JSON object of names and values, in a text. */
    custom_headers: customHeaders.nullable().default(null),
    encode_as: encodeAs.default('json'),
    /** Signs messages as Standard Webhooks has it. */
    secret: webhookSecret.nullable().default(null),
  })
  .superRefine(({ payload, encode_as: encoding }, context) => {
    if (payload === null || encoding === 'json' || payload.trim().startsWith('{')) return
    context.addIssue({ code: 'custom', path: ['payload'], message: 'as a form, a payload is a JSON object, whose fields are the form’s' })
  })

/** As a sender reads it: what was stored passed the check of its time, and an older one has other names. */
export const storedWebhook = z.preprocess(
  renamed,
  z.object({
    url: z.string(),
    payload: z.string().nullable().default(null),
    custom_headers: z.string().nullable(),
    encode_as: encodeAs,
    secret: z.string().nullable(),
    /** Those of one's own that it names, with their values; never stored with it. */
    variables: z.record(z.string(), z.string()).default({}),
  }),
)
export type WebhookConfig = z.output<typeof storedWebhook>

/** What was written, by the present names. */
export function writtenWebhook(config: unknown): z.output<typeof webhookConfig> {
  const { variables: _, ...written } = storedWebhook.parse(config)
  return written
}

export const webhookKind: ReceiverKind = { kind: 'webhook', config: webhookConfig, secrets: ['custom_headers', 'secret'] }

function renamed(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('customHeaders' in stored || 'encodeAs' in stored)) return stored
  const { customHeaders: headers, encodeAs: encoding, ...rest }: Record<string, unknown> = { ...stored }
  return { custom_headers: headers, encode_as: encoding, ...rest }
}
