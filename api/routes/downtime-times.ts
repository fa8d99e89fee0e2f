/**
 * When downtimes hold: those that are planned, within a time, and one that is being planned, from now on. Stores nothing.
 * Read next: core/downtime/occurrences.ts, downtimes.ts.
 */
import { Router } from 'express'
import { listDowntimes } from '../../adapters/postgres/queries/downtimes.ts'
import { downtimeCreation } from '../../contract/downtime.ts'
import { downtimeTimesParameters } from '../../contract/downtime-times.ts'
import { type Occurrence, occurrencesBetween } from '../../core/downtime/occurrences.ts'
import type { AppDeps } from '../deps.ts'
import { blankPlan, changedPlan } from '../downtimes/plan.ts'
import { rules } from '../downtimes/rules.ts'
import { bodyOf, queryOf } from './request.ts'

/** Of each recurrence: every hour for more than a week. */
const occurrencesMax = 200
/** Of all of them: more than a calendar can show. */
const allOccurrencesMax = 5_000
/** So many of those to come say whether a rule is what was meant. */
const previewed = 10
/** A rule that doesn't come within as long needs no preview of ten. */
const previewMs = 2 * 366 * 86_400_000

export function downtimeTimesRoutes({ pool, clock }: AppDeps): Router {
  const router = Router()

  // Before /api/v2/downtime/:id, which would take it for an id.
  router.get('/api/v2/downtime/occurrences', async (req, res) => {
    const { from, to } = queryOf(req, downtimeTimesParameters)
    const stored = await listDowntimes(pool, from)
    const found = stored.flatMap(({ id, plan, canceledMs }) =>
      occurrencesBetween(plan, from, Math.min(to, canceledMs ?? to), rules.times, occurrencesMax).map((occurrence) => ({
        id,
        ...presentOccurrence(occurrence),
      })),
    )
    res.json({ occurrences: found.slice(0, allOccurrencesMax), cut: found.length > allOccurrencesMax })
  })

  router.post('/api/v2/downtime/preview', async (req, res) => {
    const nowMs = clock()
    const plan = changedPlan(blankPlan(nowMs), bodyOf(req, downtimeCreation).data.attributes, nowMs)
    const next = occurrencesBetween(plan, nowMs, nowMs + previewMs, rules.times, previewed)
    res.json({ occurrences: next.map(presentOccurrence) })
  })

  return router
}

function presentOccurrence({ startMs, endMs }: Occurrence): object {
  return { start: new Date(startMs).toISOString(), end: endMs === null ? null : new Date(endMs).toISOString() }
}
