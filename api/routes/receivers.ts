/**
 * Receivers of notifications: list, create, read, change, delete, and try one. Ours, in the style of Datadog's newer paths.
 * Never answers a secret: only the names of those that are set. Read next: ../receivers.ts, contract/receivers/body.ts.
 */
import { Router } from 'express'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { receiverHealth } from '../../adapters/postgres/queries/delivery-log.ts'
import { findReceivers, type StoredReceiver } from '../../adapters/postgres/queries/receivers.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { presentHealth, presentReceiver } from '../present-receiver.ts'
import { addReceiver, allReceivers, changeReceiver, existingReceiver, readableReceiver, removeReceiver } from '../receivers.ts'
import { boxOf } from '../sources.ts'
import { variableWarnings } from '../webhook-warnings.ts'

export function receiverRoutes(deps: AppDeps): Router {
  const router = Router()
  const base = '/api/v2/receivers'

  router.get(base, async (_req, res) => {
    const stored = await allReceivers(deps)
    const names = stored.map(({ name }) => name)
    const health = new Map((await receiverHealth(deps.pool, names)).map((one) => [one.receiver, presentHealth(one)]))
    res.json({ receivers: stored.map((one) => ({ ...presentReceiver(one), health: health.get(one.name) ?? null })) })
  })

  router.post(base, async (req, res) => {
    const stored = await addReceiver(deps, req.body, principalOf(req))
    res.status(201).json({ ...presentReceiver(stored), ...(await warningsOf(deps, stored)) })
  })

  router.get(`${base}/:name`, async (req, res) => {
    const stored = await existingReceiver(deps.pool, deps, req.params.name)
    const [health] = await receiverHealth(deps.pool, [stored.name])
    res.json({ ...presentReceiver(stored), health: health === undefined ? null : presentHealth(health) })
  })

  router.patch(`${base}/:name`, async (req, res) => {
    const stored = await changeReceiver(deps, req.params.name, req.body, principalOf(req))
    res.json({ ...presentReceiver(stored), ...(await warningsOf(deps, stored)) })
  })

  router.delete(`${base}/:name`, async (req, res) => {
    await removeReceiver(deps, req.params.name, principalOf(req))
    res.json({})
  })

  router.post(`${base}/:name/test`, async (req, res) => {
    const { name } = req.params
    if (deps.testReceiver === undefined) throw new ApiError(501, ['this API can’t reach receivers'])
    // Also what has no receiver of its own: an address, a channel.
    const [receiver] = name.includes('\0') ? [] : await findReceivers(deps.pool, [name], boxOf(deps))
    if (receiver === undefined) throw notFound('Receiver')
    readableReceiver({ policy: {}, ...receiver })
    const detail = { name, kind: receiver.kind }
    await recordAudit(deps.pool, { actor: principalOf(req).name, action: 'receiver.tested', monitorId: null, detail })
    res.json(await deps.testReceiver(receiver))
  })

  return router
}

async function warningsOf(deps: AppDeps, { kind, config }: StoredReceiver): Promise<object> {
  return kind === 'webhook' ? variableWarnings(deps.pool, config) : {}
}
