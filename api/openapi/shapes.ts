/** What several areas answer. */
import { z } from 'zod'

export const status = z.enum(['OK', 'Warn', 'Alert', 'No Data', 'Unknown'])
/** Microseconds and the offset of UTC, as Datadog's; or milliseconds and Z, in what is ours. */
export const time = z.string().meta({ description: 'ISO 8601' })
export const epochS = z.number().meta({ description: 'epoch seconds' })
export const epochMs = z.number().meta({ description: 'epoch milliseconds' })
export const nothing = z.strictObject({})
export const warnings = z.array(z.string()).meta({ description: 'what may not be meant, as sentences' })
export const tags = z.array(z.string())

export const creator = z
  .strictObject({ id: z.int(), name: z.string(), email: z.string(), handle: z.string() })
  .meta({ id: 'Creator', description: 'Whose application key it was.' })

export const user = z.strictObject({
  id: z.string(),
  type: z.literal('users'),
  attributes: z.strictObject({ name: z.string(), handle: z.string(), email: z.string() }),
})

export const reference = (type: string) => z.strictObject({ data: z.strictObject({ type: z.literal(type), id: z.string() }) })

/** What one status of a page of counts says. */
export const filteredCount = z.strictObject({ page: z.strictObject({ total_filtered_count: z.int() }) })
export const counts = z.strictObject({ page: z.strictObject({ total_count: z.int(), total_filtered_count: z.int() }) })

/** As `next` of a list: what comes behind is asked for by it. */
export const next = z.string().nullable().meta({ description: 'null = there is no more' })
