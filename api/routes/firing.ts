/** `GET /api/v2/firing`: what isn't OK now, over all monitors. Read next: adapters/postgres/queries/firing.ts. */
import { Router } from 'express'
import { listFiring } from '../../adapters/postgres/queries/firing.ts'
import { firingParameters } from '../../contract/pages.ts'
import type { AppDeps } from '../deps.ts'
import { presentGroup } from '../present-group.ts'
import { statusesOf } from './group-states.ts'
import { queryOf } from './request.ts'

export function firingRoutes({ pool, clock }: Pick<AppDeps, 'pool' | 'clock'>): Router {
  const router = Router()
  router.get('/api/v2/firing', async (req, res) => {
    const { status, limit } = queryOf(req, firingParameters)
    const { total, rows, bundles } = await listFiring(pool, { statuses: statusesOf(status), limit })
    const groups = rows.map((row) => ({
      monitor_id: row.monitor_id,
      monitor_name: row.monitor_name,
      type: row.type,
      tags: row.tags,
      priority: row.priority,
      ...presentGroup(row, bundles.get(row.monitor_id) ?? {}, clock()),
    }))
    res.json({ total, groups })
  })
  return router
}
