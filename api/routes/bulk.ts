/**
 * Datadog's questions about several monitors at once: whether they may be deleted, and resolving groups of theirs.
 * Never deletes anything. Read next: ../members.ts, actions.ts.
 */
import { Router } from 'express'
import { findMonitor, type MonitorRow } from '../../adapters/postgres/queries/monitors.ts'
import { bulkResolveBody, canDeleteParameters } from '../../contract/bulk.ts'
import { audited } from '../audited.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { usesOf } from '../members.ts'
import { principalOf } from '../middleware/keys.ts'
import { presentMonitor } from '../present.ts'
import { bodyOf, queryOf } from './request.ts'

/** Datadog's name for all groups of a monitor. */
const allGroups = 'ALL_GROUPS'

export function bulkRoutes(deps: AppDeps): Router {
  const router = Router()

  router.get('/api/v1/monitor/can_delete', async (req, res) => {
    const ids = [...new Set(queryOf(req, canDeleteParameters).monitor_ids)]
    const uses = new Map<number, string[]>()
    for (const id of ids) {
      const monitor = await findMonitor(deps.pool, id)
      uses.set(id, monitor === null ? ['Monitor not found'] : await usesOf(deps.pool, monitor))
    }
    const ok = ids.filter((id) => uses.get(id)?.length === 0)
    const errors = Object.fromEntries([...uses].filter(([, sentences]) => sentences.length > 0))
    const refused = ok.length < ids.length
    // A client of Datadog's takes the very field for a failure, whatever is in it.
    res.status(refused ? 409 : 200).json(refused ? { data: { ok }, errors } : { data: { ok } })
  })

  router.post('/api/v1/monitor/bulk_resolve', async (req, res) => {
    const wanted = groupsByMonitor(bodyOf(req, bulkResolveBody).resolve)
    const rows: MonitorRow[] = []
    for (const id of wanted.keys()) {
      const row = await findMonitor(deps.pool, id)
      if (row === null) throw notFound('Monitor')
      rows.push(row)
    }
    for (const { id } of rows) {
      const groups = wanted.get(id) ?? []
      const named = groups.includes(allGroups) ? '*' : groups
      const act = { action: 'monitor.resolved', monitorId: id, by: principalOf(req), detail: { groups: named } } as const
      await audited(deps, act, () => deps.control.resolve(id, named))
    }
    res.json(rows.map((row) => presentMonitor(row, { creator: true })))
  })

  return router
}

function groupsByMonitor(pairs: readonly Readonly<Record<string, string>>[]): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const [id, group] of pairs.flatMap((pair) => Object.entries(pair)))
    groups.set(Number(id), [...(groups.get(Number(id)) ?? []), group])
  return groups
}
