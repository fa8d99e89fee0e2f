/** What became of a monitor: its transitions and deliveries, newest first, in pages. A deleted monitor's stay readable. */
import { type Request, Router } from 'express'
import { type DeliveryRow, listDeliveries, listTransitions, type TransitionRow } from '../../adapters/postgres/queries/history.ts'
import { monitorExists } from '../../adapters/postgres/queries/monitors.ts'
import { deliveryParameters, transitionParameters } from '../../contract/pages.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { monitorIdOf, queryOf } from './request.ts'

export function historyRoutes(deps: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/monitor/:id/transitions', async (req, res) => {
    const { before, limit } = queryOf(req, transitionParameters)
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

  return router
}

async function knownId(deps: AppDeps, req: Request): Promise<number> {
  const id = monitorIdOf(req)
  if (!(await monitorExists(deps.pool, id))) throw notFound('Monitor')
  return id
}

/** As decided, with times that people can read beside the epoch ms. */
function presentTransition({ detail, committed_at: committedAt }: TransitionRow): object {
  return { ...detail, at: new Date(detail.slot).toISOString(), committed_at: committedAt.toISOString() }
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
