/**
 * How a monitor is: its health, its last slot, its groups. Read from PostgreSQL, so that it can be asked while Temporal is away.
 * Never asks the running monitor: actions.ts has `state` for that. Read next: adapters/postgres/queries/status.ts.
 */
import { Router } from 'express'
import { listEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { findProgress, type ProgressRow } from '../../adapters/postgres/queries/progress.ts'
import { findBundles, findStatus, type GroupStatusRow, pageGroups, type StatusRow } from '../../adapters/postgres/queries/status.ts'
import { groupParameters } from '../../contract/pages.ts'
import { keysOfBundles } from '../../core/monitor/bundles.ts'
import { bundleKeyOf } from '../../core/monitor/membership.ts'
import type { Acknowledgment, BundleState } from '../../core/monitor/types.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { type PresentedEvaluation, presentEvaluation } from '../present-evaluation.ts'
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
    res.json(presentStatus(row, evaluation === undefined ? null : presentEvaluation(evaluation), progress))
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

function presentGroup({ group_key: group, state }: GroupStatusRow, bundles: Bundles, now: number): object {
  const bundle = state.status === 'OK' ? undefined : bundleOf(bundles, group)
  return {
    group,
    status: state.status,
    since: isoOf(state.since),
    value: state.value,
    missing_since: isoOf(state.missingSince),
    first_triggered_at: isoOf(state.firstTriggeredAt),
    last_triggered_at: isoOf(state.lastTriggeredAt),
    told: state.told || bundle?.told === true,
    held: state.held || bundle?.held === true,
    acknowledged: presentAcknowledgment((bundle ?? state).acknowledged ?? null, now),
  }
}

/** What is over counts no more, whether anything has been told since or not. */
function presentAcknowledgment(acknowledged: Acknowledgment | null, now: number): object | null {
  if (acknowledged === null || (acknowledged.until !== null && acknowledged.until <= now)) return null
  const { by, at, until, note } = acknowledged
  return { by, at: isoOf(at), until: isoOf(until), note }
}

type Bundles = Awaited<ReturnType<typeof findBundles>>

/** Of a monitor that tells its groups in bundles, the one that this group is in. */
function bundleOf(bundles: Bundles, group: string): BundleState | undefined {
  const keys = keysOfBundles(bundles)
  return keys === null ? undefined : bundles[bundleKeyOf(keys, group)]
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
