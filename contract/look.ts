/**
 * What is asked of a source for people who look: a drawing (POST /api/v2/monitor/draw), words that complete a query (GET /api/v2/completion).
 * Never asks anything itself. Read next: api/routes/look.ts, core/look/drawing.ts.
 */
import { z } from 'zod'
import { completionKinds } from '../core/look/completion.ts'
import { drawingMsMax, groupsDrawnMax, pointsDefault, pointsMax } from '../core/look/drawing.ts'
import { pastTime, type Subject, subjectOf, timeErrors } from './backtest.ts'
import { nameCharsMax, queryCharsMax, scopeCharsMax, tagCharsMax } from './bounds.ts'
import { storable, whole } from './pages.ts'
import { type Parsed, parse } from './parse.ts'
import { sourceName } from './source-name.ts'
import { monitorTypes } from './types.ts'

const subject = {
  /** As for POST /api/v1/monitor; what it is called and says may be missing. */
  monitor: z.record(z.string(), z.unknown()).optional(),
  monitor_id: z.int().positive().optional(),
}

export const drawBody = z
  .strictObject({
    ...subject,
    from: pastTime,
    to: pastTime,
    points: z.int().min(1).max(pointsMax).default(pointsDefault),
    groups: z.array(z.string().min(1).max(scopeCharsMax)).min(1).max(groupsDrawnMax).optional(),
  })
  .refine(({ monitor, monitor_id: id }) => (monitor === undefined) !== (id === undefined), 'expected either monitor or monitor_id')

export type DrawRequest = Readonly<{
  subject: Subject
  fromMs: number
  toMs: number
  points: number
  groups: readonly string[] | null
}>

/** Times are checked against `nowMs`; the definition isn't yet. */
export function parseDraw(body: unknown, nowMs: number): Parsed<DrawRequest> {
  const parsed = parse(drawBody, body)
  if (!parsed.ok) return parsed
  const { monitor, monitor_id: id, from, to, points, groups } = parsed.value
  const errors = timeErrors({ from, to, nowMs, longestMs: drawingMsMax })
  if (errors.length > 0) return { ok: false, errors }
  return { ok: true, value: { subject: subjectOf(monitor, id), fromMs: from, toMs: Math.min(to, nowMs), points, groups: groups ?? null } }
}

/** What a drawing needs no more than: a query that isn't finished elsewhere is drawn all the same. */
export function drawable(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type, query, tags, options } = body
  const all = typeof options === 'object' && options !== null ? Object.entries(options) : []
  const kept = all.filter(([name]) => name !== 'escalation_message' && name !== 'notify_by')
  return { type, query, name: 'drawn', ...(tags === undefined ? {} : { tags }), options: Object.fromEntries(kept) }
}

export const checkBody = z.strictObject({
  monitor: z.record(z.string(), z.unknown()),
  /** The monitor that it would change; absent = it would be a new one. */
  monitor_id: z.int().positive().optional(),
})

/** Words of one answer. */
const wordsDefault = 20
const wordsMax = 100

export const completionParameters = z
  .object({
    type: z.enum(monitorTypes),
    of: z.enum(completionKinds),
    name: storable.pipe(z.string().min(1).max(nameCharsMax)).optional(),
    key: storable.pipe(z.string().min(1).max(tagCharsMax)).optional(),
    text: storable.pipe(z.string().max(queryCharsMax)).default(''),
    datasource: sourceName.optional(),
    limit: whole(1, wordsMax).default(wordsDefault),
  })
  .refine(({ of, key }) => of !== 'value' || key !== undefined, { path: ['key'], message: 'expected the key whose values are asked for' })
