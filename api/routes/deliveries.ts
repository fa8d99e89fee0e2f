/**
 * Messages and what became of them: searched, read with each try, and sent again where they are dead. Ours.
 * Never sends anything itself: what is open again is the lane's business. Read next: adapters/postgres/queries/delivery-log.ts.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type Request, Router } from 'express'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import {
  type DeliveryAttempt,
  type DeliveryFilter,
  type DeliveryRecord,
  type RedriveFilter,
  readDelivery,
  redriveDeliveries,
  searchDeliveries,
} from '../../adapters/postgres/queries/delivery-log.ts'
import { deliverySearch, redriveBody } from '../../contract/deliveries.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf, queryOf } from './request.ts'

/** What is open again is safe already, and the reconciler wakes who isn't: a client needn't wait longer for Temporal. */
const wakeTimeoutMs = 2_000

export function deliveryRoutes(deps: AppDeps): Router {
  const router = Router()
  const base = '/api/v2/deliveries'

  router.get(base, async (req, res) => {
    const filter = filterOf(req)
    const rows = await searchDeliveries(deps.pool, filter)
    const last = rows.length < filter.limit ? undefined : rows.at(-1)
    res.json({ deliveries: rows.map(present), next: last === undefined ? null : String(last.id) })
  })

  router.get(`${base}/:id`, async (req, res) => {
    const { body, tries, ...delivery } = await existing(deps, req)
    res.json({ ...present(delivery), body, tries: tries.map(presentTry) })
  })

  router.post(`${base}/redrive`, async (req, res) => {
    const { monitor_id: monitorId, receiver, ids } = bodyOf(req, redriveBody)
    const filter = {
      ...(monitorId === undefined ? {} : { monitorId }),
      ...(receiver === undefined ? {} : { receiver }),
      ...(ids === undefined ? {} : { ids }),
    }
    res.json(await redrive(deps, req, filter))
  })

  router.post(`${base}/:id/redrive`, async (req, res) => {
    const { id, status } = await existing(deps, req)
    if (status !== 'dead') throw new ApiError(409, [`delivery ${id} is ${status}: only what is dead can be sent again`])
    res.json(await redrive(deps, req, { ids: [id] }))
  })

  return router
}

async function redrive(deps: AppDeps, req: Request, filter: RedriveFilter) {
  const { receivers, count } = await redriveDeliveries(deps.pool, filter)
  const detail = { ...filter, receivers, count }
  await recordAudit(deps.pool, { actor: principalOf(req).name, action: 'delivery.redriven', monitorId: filter.monitorId ?? null, detail })
  const woken = Promise.allSettled(receivers.map((receiver) => deps.control.wakeLane(receiver)))
  await Promise.race([woken, wait(wakeTimeoutMs, undefined, { ref: false })])
  return { receivers, count }
}

async function existing(deps: AppDeps, req: Request) {
  const text = String(req.params.id)
  const found = /^\d{1,15}$/.test(text) ? await readDelivery(deps.pool, Number(text)) : null
  if (found === null) throw notFound('Delivery')
  return found
}

function filterOf(req: Request): DeliveryFilter {
  const { monitor_id: monitorId, receiver, status, group, from, to, before, limit } = queryOf(req, deliverySearch)
  return {
    limit,
    ...(monitorId === undefined ? {} : { monitorId }),
    ...(receiver === undefined ? {} : { receiver }),
    ...(status === undefined ? {} : { statuses: status }),
    ...(group === undefined ? {} : { group }),
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
    ...(before === undefined ? {} : { beforeId: before }),
  }
}

function present(row: DeliveryRecord) {
  return {
    id: row.id,
    monitor_id: row.monitorId,
    receiver: row.receiver,
    status: row.status,
    form: row.form,
    group: row.group,
    title: row.title,
    sequence: row.transitionSequence,
    sequences: row.transitionSequences,
    transitions: row.transitionCount,
    attempts: row.attempts,
    failures: row.failures,
    detail: row.detail,
    latency_ms: row.latencyMs,
    fallback_for: row.fallbackFor,
    digest: row.digest,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
  }
}

function presentTry({ attempt, messageId, at, outcome, latencyMs, detail }: DeliveryAttempt) {
  return { attempt, message_id: messageId, at: at.toISOString(), outcome, latency_ms: latencyMs, detail }
}
