import { z } from 'zod'
import { httpAddress } from './address.ts'
import type { ReceiverKind } from './kind.ts'

export const discordConfig = z.strictObject({
  webhook_url: httpAddress,
  /** A thread of the webhook's channel. */
  thread_id: z
    .string()
    .regex(/^\d{5,25}$/, 'expected the id of a thread, in digits')
    .optional(),
})

export const discordKind: ReceiverKind = { kind: 'discord', config: discordConfig, secrets: ['webhook_url'] }

/** An error of the API; of 429 also when to come back, in seconds with fractions. */
export const discordError = z.object({ message: z.string(), code: z.number().optional(), retry_after: z.number().min(0).optional() })
