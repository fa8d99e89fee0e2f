/**
 * `/api/v2/restriction_policy/monitor:{id}`: who may change a monitor. Its roles are the monitor's `restricted_roles`; that is no change of
 * its definition. Never decides who may: it stores and answers. Read next: contract/restriction.ts.
 */
import { type Request, Router } from 'express'
import { transaction } from '../../adapters/postgres/pool.ts'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { findMonitor, lockMonitor, type MonitorRow } from '../../adapters/postgres/queries/monitors.ts'
import { findBindings, restrictMonitor } from '../../adapters/postgres/queries/restrictions.ts'
import { parseMonitorId } from '../../contract/pages.ts'
import { parse } from '../../contract/parse.ts'
import { type Binding, bindingsOf, restrictionBody, rolesOf, storedBindings } from '../../contract/restriction.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf } from './request.ts'

export function restrictionRoutes({ pool }: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/restriction_policy/:resource', async (req, res) => {
    const row = await findMonitor(pool, idOf(req))
    if (row === null) throw notFound('Monitor')
    res.json(present(row.id, await currentBindings(row)))
  })

  router.post('/api/v2/restriction_policy/:resource', async (req, res) => {
    const { bindings } = bodyOf(req, restrictionBody).data.attributes
    const id = await restrict(req, bindings)
    res.json(present(id, bindings))
  })

  router.delete('/api/v2/restriction_policy/:resource', async (req, res) => {
    await restrict(req, [])
    res.status(204).end()
  })

  return router

  async function restrict(req: Request, bindings: readonly Binding[]): Promise<number> {
    const id = idOf(req)
    await transaction(pool, async (client) => {
      if ((await lockMonitor(client, id)) === null) throw notFound('Monitor')
      await restrictMonitor(client, id, rolesOf(bindings), bindings.length === 0 ? null : bindings)
      await recordAudit(client, { actor: principalOf(req).name, action: 'monitor.restricted', monitorId: id, detail: { bindings } })
    })
    return id
  }

  /** The field may have been written since: it counts. */
  async function currentBindings({ id, restricted_roles: roles }: MonitorRow): Promise<readonly Binding[]> {
    const parsed = parse(storedBindings, await findBindings(pool, id))
    const stored = parsed.ok ? parsed.value : []
    return JSON.stringify(rolesOf(stored)) === JSON.stringify(roles) ? stored : bindingsOf(roles)
  }
}

function present(id: number, bindings: readonly Binding[]): object {
  return { data: { type: 'restriction_policy', id: `monitor:${id}`, attributes: { bindings } } }
}

function idOf(req: Request): number {
  const [kind, text = ''] = String(req.params.resource).split(':')
  if (kind !== 'monitor') throw badRequest(['resource: expected monitor: with the id of a monitor; nothing else can be restricted'])
  const id = parseMonitorId(text)
  if (id === null) throw notFound('Monitor')
  return id
}
