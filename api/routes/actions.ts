/**
 * What people do to a monitor: mute and unmute change its definition; the others ask the running monitor and answer
 * 503 where it can't hear them. Never decides a state itself. Read next: audited.ts, definitions.ts, deps.ts.
 */
import { Router } from 'express'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { muteBody, resolveBody, unmuteBody } from '../../contract/actions.ts'
import { silencedMax } from '../../contract/bounds.ts'
import type { MonitorDefinition } from '../../contract/monitor.ts'
import { audited } from '../audited.ts'
import { changeMonitor } from '../definitions.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { presentMonitor } from '../present.ts'
import { auditedGroups } from './audited-groups.ts'
import { bodyOf, bodyOrQuery, monitorIdOf } from './request.ts'

export function actionRoutes(deps: AppDeps): Router {
  const router = Router()
  const runningId = async (id: number): Promise<number> => {
    if ((await findMonitor(deps.pool, id)) === null) throw notFound('Monitor')
    return id
  }

  router.post('/api/v1/monitor/:id/mute', async (req, res) => {
    const { scope, end } = bodyOrQuery(req, muteBody)
    if (end !== null && end * 1_000 <= deps.clock()) throw badRequest(['end: expected a time to come, in epoch seconds'])
    const row = await changeMonitor(deps, monitorIdOf(req), (now) => muted(now, scope, end), principalOf(req), 'monitor.muted')
    res.json(presentMonitor(row, { creator: true }))
  })

  router.post('/api/v1/monitor/:id/unmute', async (req, res) => {
    const { scope, all_scopes: all } = bodyOrQuery(req, unmuteBody)
    const change = (now: MonitorDefinition): MonitorDefinition => unmuted(now, all ? null : (scope ?? '*'))
    const row = await changeMonitor(deps, monitorIdOf(req), change, principalOf(req), 'monitor.unmuted')
    res.json(presentMonitor(row, { creator: true }))
  })

  router.post('/api/v1/monitor/:id/resolve', async (req, res) => {
    const { groups } = bodyOf(req, resolveBody, true)
    const id = await runningId(monitorIdOf(req))
    const named = groups ?? '*'
    const act = { action: 'monitor.resolved', monitorId: id, by: principalOf(req), detail: auditedGroups(named) } as const
    const { resolved } = await audited(deps, act, () => deps.control.resolve(id, named))
    res.json({ id, resolved })
  })

  router.post('/api/v2/monitor/:id/pause', async (req, res) => {
    const id = await runningId(monitorIdOf(req))
    await audited(deps, { action: 'monitor.paused', monitorId: id, by: principalOf(req) }, () => deps.control.pause(id))
    res.status(202).json({ id, paused: true })
  })

  router.post('/api/v2/monitor/:id/resume', async (req, res) => {
    const id = await runningId(monitorIdOf(req))
    await audited(deps, { action: 'monitor.resumed', monitorId: id, by: principalOf(req) }, () => deps.control.resume(id))
    res.status(202).json({ id, paused: false })
  })

  router.post('/api/v2/monitor/:id/evaluate', async (req, res) => {
    const id = await runningId(monitorIdOf(req))
    const act = { action: 'monitor.evaluated', monitorId: id, by: principalOf(req) } as const
    res.json({ id, ...(await audited(deps, act, () => deps.control.evaluateNow(id))) })
  })

  router.get('/api/v2/monitor/:id/state', async (req, res) => {
    res.json(await deps.control.state(await runningId(monitorIdOf(req))))
  })

  return router
}

function muted(now: MonitorDefinition, scope: string, end: number | null): MonitorDefinition {
  const silenced = { ...now.options.silenced, [scope]: end }
  if (Object.keys(silenced).length > silencedMax) throw badRequest([`scope: at most ${silencedMax} scopes can be muted at once`])
  return { ...now, options: { ...now.options, silenced } }
}

/** `scope` null = all of them. Unmuting what isn't muted changes nothing. */
function unmuted(now: MonitorDefinition, scope: string | null): MonitorDefinition {
  const kept = Object.entries(now.options.silenced ?? {}).filter(([muted]) => scope !== null && muted !== scope)
  return { ...now, options: { ...now.options, silenced: Object.fromEntries(kept) } }
}
