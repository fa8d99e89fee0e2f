/** Parameters of GET /api/v2/monitor/{id}/history: a time, and a page of groups by their keys. Read next: api/routes/segments.ts. */
import { z } from 'zod'
import { scopeCharsMax } from './bounds.ts'
import { instant } from './deliveries.ts'
import { storable, whole } from './pages.ts'

/** Strips of one page: as many as a screen shows, many times over. */
const groupsDefault = 100
const groupsMax = 500

export const segmentParameters = z.object({
  /** A day before `to` by default. */
  from: instant.optional(),
  /** Now by default. */
  to: instant.optional(),
  after: storable.pipe(z.string().max(scopeCharsMax)).default(''),
  limit: whole(1, groupsMax).default(groupsDefault),
})
