/** Datadog's downtime routes of version 1, for clients that still use them: the same downtimes by a number. Read next: downtimes.ts. */
import { type Request, Router } from 'express'
import { findDowntime, listDowntimes } from '../../adapters/postgres/queries/downtimes.ts'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { noBody } from '../../contract/actions.ts'
import { cancelByScope, downtimeCreationV1, downtimeUpdateV1 } from '../../contract/downtime-v1.ts'
import { downtimeListParametersV1, parseMonitorId } from '../../contract/pages.ts'
import { statusAt } from '../../core/downtime/occurrences.ts'
import type { AppDeps } from '../deps.ts'
import {
  cancelDowntime,
  cancelByScope as cancelScope,
  changeDowntime,
  createDowntime,
  muteEverything,
  unmuteEverything,
} from '../downtimes/change.ts'
import { activeDowntimes } from '../downtimes/matches.ts'
import { blankPlan } from '../downtimes/plan.ts'
import { changedPlanV1 } from '../downtimes/plan-v1.ts'
import { presentDowntimeV1 } from '../downtimes/present-v1.ts'
import { rules } from '../downtimes/rules.ts'
import { notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { listedMs } from './downtimes.ts'
import { bodyOf, monitorIdOf, queryOf } from './request.ts'

export function downtimeRoutesV1(deps: AppDeps): Router {
  const { pool, clock } = deps
  const router = Router()

  router.get('/api/v1/downtime', async (req, res) => {
    const { current_only: currentOnly } = queryOf(req, downtimeListParametersV1)
    const nowMs = clock()
    const listed = await listDowntimes(pool, nowMs - listedMs)
    res.json(
      listed
        .filter(({ plan, canceledMs }) => !currentOnly || statusAt(plan, canceledMs, nowMs, rules) === 'active')
        .map((downtime) => presentDowntimeV1(downtime, nowMs)),
    )
  })

  router.post('/api/v1/downtime', async (req, res) => {
    const written = bodyOf(req, downtimeCreationV1)
    const nowMs = clock()
    const created = await createDowntime(deps, changedPlanV1(blankPlan(nowMs), written), principalOf(req))
    res.json(presentDowntimeV1(created, nowMs))
  })

  router.post('/api/v1/downtime/cancel/by_scope', async (req, res) => {
    const { scope } = bodyOf(req, cancelByScope)
    res.json({ cancelled_ids: await cancelScope(deps, scope, principalOf(req)) })
  })

  router.get('/api/v1/downtime/:id', async (req, res) => {
    const found = await findDowntime(pool, { number: numberOf(req) })
    if (found === null) throw notFound('Downtime')
    res.json(presentDowntimeV1(found, clock()))
  })

  router.put('/api/v1/downtime/:id', async (req, res) => {
    const number = numberOf(req)
    const written = bodyOf(req, downtimeUpdateV1)
    const changed = await changeDowntime(deps, { number }, (plan) => changedPlanV1(plan, written), principalOf(req))
    res.json(presentDowntimeV1(changed, clock()))
  })

  router.delete('/api/v1/downtime/:id', async (req, res) => {
    await cancelDowntime(deps, { number: numberOf(req) }, principalOf(req))
    res.status(204).end()
  })

  router.get('/api/v1/monitor/:id/downtimes', async (req, res) => {
    const monitor = await findMonitor(pool, monitorIdOf(req))
    if (monitor === null) throw notFound('Monitor')
    const nowMs = clock()
    const active = await activeDowntimes(pool, nowMs)
    res.json(active({ monitorId: monitor.id, tags: monitor.tags }).map(({ stored }) => presentDowntimeV1(stored, nowMs)))
  })

  router.post('/api/v1/monitor/mute_all', async (req, res) => {
    bodyOf(req, noBody, true)
    res.json(presentDowntimeV1(await muteEverything(deps, principalOf(req)), clock()))
  })

  router.post('/api/v1/monitor/unmute_all', async (req, res) => {
    bodyOf(req, noBody, true)
    await unmuteEverything(deps, principalOf(req))
    res.status(204).end()
  })

  return router
}

function numberOf(req: Request): number {
  const number = parseMonitorId(String(req.params.id))
  if (number === null) throw notFound('Downtime')
  return number
}
