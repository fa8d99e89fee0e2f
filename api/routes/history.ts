/**
 * What became of a monitor: its transitions, deliveries, evaluations and audit events, newest first, in pages. A deleted
 * monitor's stay readable. Read next: status.ts, for how it is now.
 */
import { type Request, Router } from 'express'
import { type AuditRow, listAudit } from '../../adapters/postgres/queries/audit.ts'
import { listEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { type DeliveryRow, listDeliveries, listTransitions, type TransitionRow } from '../../adapters/postgres/queries/history.ts'
import { monitorExists } from '../../adapters/postgres/queries/monitors.ts'
import { deliveryParameters, historyParameters } from '../../contract/pages.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { presentEvaluation } from '../present-evaluation.ts'
import { monitorIdOf, queryOf } from './request.ts'

export function historyRoutes(deps: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/monitor/:id/transitions', async (req, res) => {
    const { before, limit } = queryOf(req, historyParameters)
    const rows = await listTransitions(deps.pool, await knownId(deps, req), before ?? null, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)
    res.json({ transitions: rows.map(presentTransition), next: last === undefined ? null : String(last.detail.sequence) })
  })

  router.get('/api/v2/monitor/:id/deliveries', async (req, res) => {
    const { before, limit } = queryOf(req, deliveryParameters)
    const rows = await listDeliveries(deps.pool, await knownId(deps, req), before ?? null, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)
    res.json({ deliveries: rows.map(presentDelivery), next: last === undefined ? null : `${last.transition_sequence}:${last.receiver}` })
  })

  router.get('/api/v2/monitor/:id/evaluations', async (req, res) => {
    const { before, limit } = queryOf(req, historyParameters)
    const rows = await listEvaluations(deps.pool, await knownId(deps, req), before ?? null, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)
    res.json({ evaluations: rows.map(presentEvaluation), next: last === undefined ? null : String(last.slot) })
  })

  router.get('/api/v2/monitor/:id/audit', async (req, res) => {
    const { before, limit } = queryOf(req, historyParameters)
    const rows = await listAudit(deps.pool, await knownId(deps, req), before ?? null, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)
    res.json({ audit: rows.map(presentAudit), next: last === undefined ? null : String(last.id) })
  })

  return router
}

async function knownId(deps: AppDeps, req: Request): Promise<number> {
  const id = monitorIdOf(req)
  if (!(await monitorExists(deps.pool, id))) throw notFound('Monitor')
  return id
}

/** As decided, with times that people can read beside the epoch ms. */
function presentTransition({ detail, committed_at: committedAt }: TransitionRow): object {
  // Older ones were written before there were bundles.
  return { ...detail, bundle: detail.bundle ?? null, at: new Date(detail.slot).toISOString(), committed_at: committedAt.toISOString() }
}

function presentAudit({ id, at, actor, action, detail }: AuditRow): object {
  return { id, at: at.toISOString(), actor, action, detail }
}

function presentDelivery(row: DeliveryRow): object {
  return {
    sequence: row.transition_sequence,
    receiver: row.receiver,
    status: row.status,
    title: row.title,
    attempts: row.attempts,
    last_detail: row.last_detail,
    last_latency_ms: row.last_latency_ms,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }
}
