/**
 * Webhooks as receivers: what the API takes (Datadog's names plus our `secret`), what is stored, and what a webhook is sent.
 * Never lets a secret out: an answer only says whether messages are signed.
 * Read next: api/routes/webhooks.ts, adapters/notifiers/webhook.ts.
 */
import { z } from 'zod'
import { encodeAs } from './receivers/webhook.ts'
import { customHeaders, webhookName, webhookSecret, webhookUrl } from './webhook-fields.ts'

/** Stands in a message as a handle: `@webhook-<name>`. */
export const receiverNameOf = (name: string): string => `webhook-${name}`

/** Blank = the standard message. What it must be depends on the encoding: checked with the whole (receivers/webhook.ts). */
const payload = z
  .string('expected a text that holds JSON')
  .transform((text) => (text.trim() === '' ? null : text))
  .nullish()
/** A secret of the caller's own, or true: make one and answer it this once. null or left out: messages are not signed. */
const secret = z.union([webhookSecret, z.literal(true), z.null()]).optional()

export const webhookCreation = z.strictObject({
  name: webhookName,
  url: webhookUrl,
  payload,
  custom_headers: customHeaders.nullish(),
  encode_as: encodeAs.nullish(),
  secret,
})

/** As Datadog's: what is left out keeps its value. */
export const webhookUpdate = z.strictObject({
  name: webhookName.optional(),
  url: webhookUrl.optional(),
  payload,
  custom_headers: customHeaders.nullish(),
  encode_as: encodeAs.optional(),
  secret,
})

const status = z.enum(['OK', 'Warn', 'Alert', 'No Data', 'Unknown'])

/**
 * What a webhook is sent. `id` stays the same over retries: a receiver that remembers ids sees each message once. Times named
 * `slot` and `…_at` are epoch milliseconds. As `form`, each field is a form field and objects in it are JSON.
 */
export const webhookMessage = z.object({
  id: z.string(),
  type: z.enum(['monitor.alert', 'monitor.warning', 'monitor.no_data', 'monitor.unknown', 'monitor.recovery']),
  /** The time that was evaluated, ISO 8601 in UTC. */
  timestamp: z.string(),
  monitor: z.object({
    id: z.number(),
    version: z.number(),
    name: z.string(),
    type: z.string(),
    query: z.string(),
    tags: z.array(z.string()).readonly(),
    priority: z.number().nullable(),
  }),
  /** `key` is `*` where the monitor has no groups. */
  group: z.object({ key: z.string(), tags: z.record(z.string(), z.string()) }),
  transition: z.object({
    sequence: z.number(),
    from: status,
    to: status,
    slot: z.number(),
    value: z.number().nullable(),
    threshold: z.number().nullable(),
    reason: z.string(),
    first_triggered_at: z.number().nullable(),
    last_triggered_at: z.number().nullable(),
    /** With `notify_by`: some of the groups in this status, and how many there are. */
    bundle: z.object({ groups: z.array(z.string()).readonly(), count: z.number() }).nullable(),
  }),
  title: z.string(),
  body: z.string(),
})
export type WebhookMessage = z.infer<typeof webhookMessage>
