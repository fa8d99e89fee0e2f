/** What is asked about messages and their deliveries: searches, and what shall be sent again. Times are ISO 8601 or epoch milliseconds. */
import { z } from 'zod'
import { historyPageDefault, historyPageMax, scopeCharsMax } from './bounds.ts'
import { storable, whole } from './pages.ts'

const statuses = ['pending', 'retrying', 'delivered', 'dead', 'merged'] as const
/** Of one request to send again; more are asked for by receiver or monitor. */
const idsMax = 1_000
/** As handles are. */
const receiverCharsMax = 300

/** Epoch ms. */
export const instant = z.string().transform((text, context): number => {
  const at = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(at)) return at
  context.addIssue({ code: 'custom', message: 'expected a time, as 2026-01-31T12:00:00Z or epoch milliseconds' })
  return z.NEVER
})

export const deliverySearch = z.object({
  monitor_id: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  receiver: storable.max(receiverCharsMax).optional(),
  status: z
    .string()
    .transform((text) => text.split(',').map((status) => status.trim()))
    .pipe(z.array(z.enum(statuses, `expected some of ${statuses.join(', ')}, with commas`)).max(statuses.length))
    .optional(),
  group: storable.max(scopeCharsMax).optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** `next` of the page before. */
  before: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  limit: whole(1, historyPageMax).default(historyPageDefault),
})

const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER)

export const redriveBody = z
  .strictObject({
    monitor_id: id.optional(),
    receiver: storable.max(receiverCharsMax).optional(),
    ids: z.array(id).min(1).max(idsMax).optional(),
    all: z.literal(true, 'expected true').optional(),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'say which: monitor_id, receiver, ids, or "all": true')
