/** What Datadog's clients ask of several monitors at once, and of one that goes. Read next: api/routes/bulk.ts. */
import { z } from 'zod'
import { scopeCharsMax } from './bounds.ts'
import { parseMonitorId } from './pages.ts'

/** Ids of one question: what fits an address. */
const canDeleteMax = 1_000

export const canDeleteParameters = z.object({
  monitor_ids: z
    .string()
    .transform((text) => text.split(',').map((id) => parseMonitorId(id.trim())))
    .pipe(z.array(z.number('expected ids of monitors, with commas in between')).min(1).max(canDeleteMax)),
})

/** Also without a value, as some clients send it. */
export const deleteParameters = z.object({
  force: z
    .string()
    .regex(/^(true|false|1|0|)$/i, 'expected true or false')
    .transform((text) => text !== '0' && text.toLowerCase() !== 'false')
    .default(false),
})

/** Monitors of one request: each is asked in turn, and whoever asked waits. */
const bulkResolveMax = 100

/** `{"123": "host:a"}`, several of them for several groups; `ALL_GROUPS` = all. */
const resolution = z
  .record(
    z.string().refine((id) => parseMonitorId(id) !== null, 'expected the id of a monitor'),
    z.string().min(1).max(scopeCharsMax),
  )
  .refine((pairs) => Object.keys(pairs).length > 0, 'expected the id of a monitor with a group of it')

export const bulkResolveBody = z.strictObject({ resolve: z.array(resolution).min(1).max(bulkResolveMax) })
