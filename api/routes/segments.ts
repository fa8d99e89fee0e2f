/**
 * How a monitor was over a time: pieces of one status for each of its groups, and the downtimes that held it. From PostgreSQL, so also
 * while Temporal is away. Read next: core/look/segments.ts, adapters/postgres/queries/segments.ts.
 */
import { Router } from 'express'
import { listDowntimes, planned } from '../../adapters/postgres/queries/downtimes.ts'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { pageSegments } from '../../adapters/postgres/queries/segments.ts'
import { segmentParameters } from '../../contract/segments.ts'
import { downtimesOf, indexed, type MonitorNamed } from '../../core/downtime/matching.ts'
import { occurrencesBetween } from '../../core/downtime/occurrences.ts'
import { type Segment, segmentsOf } from '../../core/look/segments.ts'
import type { AppDeps } from '../deps.ts'
import { rules } from '../downtimes/rules.ts'
import { badRequest, notFound } from '../errors.ts'
import { monitorIdOf, queryOf } from './request.ts'

/** Changes of one group in one answer: more than a strip has room for. */
const changesMax = 200
/** Of all downtimes together, those that a page can show. */
const occurrencesMax = 200
const dayMs = 86_400_000

export function segmentRoutes(deps: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/monitor/:id/history', async (req, res) => {
    const id = monitorIdOf(req)
    const now = deps.clock()
    const { to = now, from = to - dayMs, after, limit } = queryOf(req, segmentParameters)
    if (from >= to) throw badRequest(['from: expected a time before to'])
    const monitor = await findMonitor(deps.pool, id)
    if (monitor === null) throw notFound('Monitor')
    const rows = await pageSegments(deps.pool, id, { fromMs: from, toMs: to, after, limit, changesMax: changesMax + 1 })
    const groups = rows.map(({ group_key: group, changes, ...history }) => {
      const told = changes.slice(-changesMax)
      // Of what is cut off, the first change that is left still says what came before it.
      const cut = changes.length > told.length
      const start = cut ? (told[0]?.slot ?? from) : from
      const segments = segmentsOf({ ...history, before: cut ? null : history.before, changes: told }, start, Math.min(to, now))
      return { group, status: history.status, cut, segments: segments.map(presentSegment) }
    })
    const last = rows.length < limit ? undefined : rows.at(-1)
    const downtimes = after === '' ? await downtimesIn(deps, { monitorId: id, tags: monitor.tags }, from, to) : []
    res.json({ from: isoOf(from), to: isoOf(to), groups, downtimes, next: last?.group_key ?? null })
  })

  return router
}

function presentSegment({ fromMs, toMs, status, reason, value, sequence }: Segment): object {
  return { from: isoOf(fromMs), to: isoOf(toMs), status, reason, value, sequence }
}

/** Those of the first page only: they are the monitor's, and not a group's. */
async function downtimesIn({ pool }: AppDeps, monitor: MonitorNamed, fromMs: number, toMs: number): Promise<object[]> {
  const stored = new Map((await listDowntimes(pool, fromMs)).map((downtime) => [downtime.id, downtime]))
  const matching = downtimesOf(indexed([...stored.values()].map(planned)), monitor)
  const found = matching.flatMap(({ id, plan, canceledMs }) => {
    const until = Math.min(toMs, canceledMs ?? toMs)
    return occurrencesBetween(plan, fromMs, until, rules.times, occurrencesMax).map(({ startMs, endMs }) => ({
      id,
      scope: plan.scope,
      message: plan.message,
      from: isoOf(startMs),
      // Who cancels one ends it there.
      to:
        endMs === null && canceledMs === null
          ? null
          : isoOf(Math.min(endMs ?? Number.POSITIVE_INFINITY, canceledMs ?? Number.POSITIVE_INFINITY)),
    }))
  })
  return found.slice(0, occurrencesMax)
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}
