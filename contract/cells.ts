/** A move of monitors between cells, as the API takes it. Read next: api/routes/cells.ts. */
import { z } from 'zod'

/** Each is a start and an end of a workflow: a few seconds for a request, and whoever moves more asks again. */
export const movedMax = 100

const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected the name of a cell, as east')
const monitorId = z.int().min(1)

/** These monitors, or up to `limit` of those that live in `from`. */
export const cellMove = z
  .strictObject({
    to: name,
    monitor_ids: z.array(monitorId).min(1).max(movedMax).optional(),
    from: name.optional(),
    limit: z.int().min(1).max(movedMax).optional(),
  })
  .refine(({ monitor_ids: ids, from }) => (ids === undefined) !== (from === undefined), 'expected either monitor_ids or from')
  .refine(({ from, to }) => from !== to, 'expected another cell than from')
