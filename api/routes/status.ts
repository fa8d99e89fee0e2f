/**
 * How a monitor is: its health, its last slot, its groups. Read from PostgreSQL, so that it can be asked while Temporal is away.
 * Never asks the running monitor: actions.ts has `state` for that. Read next: adapters/postgres/queries/status.ts.
 */
import { Router } from 'express'
import { listEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { findProgress, type ProgressRow } from '../../adapters/postgres/queries/progress.ts'
import { findBundles, findStatus, pageGroups, type StatusRow } from '../../adapters/postgres/queries/status.ts'
import { groupParameters } from '../../contract/pages.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { type PresentedEvaluation, presentEvaluation } from '../present-evaluation.ts'
import { isoOf, presentGroup } from '../present-group.ts'
import { statusesOf } from './group-states.ts'
import { monitorIdOf, queryOf } from './request.ts'

export function statusRoutes(deps: AppDeps): Router {
  const router = Router()
  const existing = async (id: number): Promise<StatusRow> => {
    const row = await findStatus(deps.pool, id)
    if (row === null) throw notFound('Monitor')
    return row
  }

  router.get('/api/v2/monitor/:id/status', async (req, res) => {
    const row = await existing(monitorIdOf(req))
    const [evaluation] = await listEvaluations(deps.pool, row.id, null, 1)
    const progress = await findProgress(deps.pool, row.id)
    const shown = presentStatus(row, evaluation === undefined ? null : presentEvaluation(evaluation), progress)
    res.json({ ...shown, workflow: { id: workflowIdOf(row.id), url: deps.workflowAddress?.(row.id, row.cell) ?? null } })
  })

  router.get('/api/v2/monitor/:id/groups', async (req, res) => {
    const { group_states: states, after, limit } = queryOf(req, groupParameters)
    const { id } = await existing(monitorIdOf(req))
    const rows = await pageGroups(deps.pool, id, { statuses: statusesOf(states), after, limit })
    const bundles = await findBundles(deps.pool, id)
    const last = rows.length < limit ? undefined : rows.at(-1)
    res.json({ groups: rows.map((row) => presentGroup(row, bundles, deps.clock())), next: last?.group_key ?? null })
  })

  return router
}

function presentStatus(row: StatusRow, evaluation: PresentedEvaluation | null, progress: ProgressRow | null): object {
  const lastSlot = evaluation === null ? row.last_slot : Math.max(evaluation.slot, row.last_slot ?? 0)
  return {
    id: row.id,
    version: row.version,
    applied_version: row.applied_version,
    overall_state: row.overall_state,
    overall_state_modified: row.overall_state_modified?.toISOString() ?? null,
    paused: row.paused ?? false,
    health: row.health,
    last_slot: lastSlot,
    last_slot_at: isoOf(lastSlot),
    last_evaluation: evaluation,
    next_evaluation_at: isoOf(progress?.due_at ?? null),
    stretched: progress?.stretch ?? 1,
    groups: row.groups,
  }
}
