/**
 * Somebody knows of what isn't OK: it isn't repeated. Asks the running monitor, and answers 503 where it can't hear, 409 where
 * there is nothing to acknowledge. Never decides a state itself. Read next: audited.ts, core/monitor/acknowledge.ts.
 */
import { type Request, Router } from 'express'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { ackBody, unackBody } from '../../contract/actions.ts'
import type { Named } from '../../core/monitor/acknowledge.ts'
import { type Act, audited } from '../audited.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { auditedGroups } from './audited-groups.ts'
import { bodyOf, monitorIdOf, queryOf } from './request.ts'

export function acknowledgeRoutes(deps: AppDeps): Router {
  const router = Router()
  const path = '/api/v2/monitor/:id/ack'

  router.post(path, async (req, res) => {
    const { groups, by, until, note } = bodyOf(req, ackBody)
    if (until !== null && until <= deps.clock()) throw badRequest(['until: expected a time to come, in epoch seconds or ISO 8601'])
    const who = principalOf(req)
    const said = { by: by ?? who.name, until, note }
    const ends = until === null ? null : new Date(until).toISOString()
    const act = await actOf(deps, req, 'monitor.acknowledged', { ...auditedGroups(groups), by: said.by, until: ends, note })
    const acknowledged = await audited(deps, act, () => deps.control.acknowledge(act.monitorId, { groups, said }))
    res.json({ id: act.monitorId, acknowledged, by: said.by, until: ends, note })
  })

  const takeBack = async (req: Request, groups: Named): Promise<object> => {
    const act = await actOf(deps, req, 'monitor.unacknowledged', auditedGroups(groups))
    return {
      id: act.monitorId,
      unacknowledged: await audited(deps, act, () => deps.control.acknowledge(act.monitorId, { groups, said: null })),
    }
  }
  router.delete(path, async (req, res) => {
    // Not every client can send a body with a DELETE.
    const { groups } = Object.keys(req.query).length > 0 ? queryOf(req, unackBody) : bodyOf(req, unackBody, true)
    res.json(await takeBack(req, groups))
  })
  router.post('/api/v2/monitor/:id/unack', async (req, res) => {
    res.json(await takeBack(req, bodyOf(req, unackBody).groups))
  })

  return router
}

async function actOf(deps: AppDeps, req: Request, action: Act['action'], detail: NonNullable<Act['detail']>): Promise<Act> {
  const monitorId = monitorIdOf(req)
  if ((await findMonitor(deps.pool, monitorId)) === null) throw notFound('Monitor')
  return { action, monitorId, by: principalOf(req), detail }
}
