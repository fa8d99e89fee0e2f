/**
 * `/api/v2/monitor/policy`: what the tags of monitors must be. They count when a monitor is written, not before.
 * Never looks at stored monitors. Read next: contract/monitor-policy.ts, api/tag-policies.ts.
 */
import { type Request, Router } from 'express'
import { transaction } from '../../adapters/postgres/pool.ts'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import {
  deletePolicy,
  findPolicy,
  insertPolicy,
  listPolicies,
  type PolicyRow,
  updatePolicy,
} from '../../adapters/postgres/queries/policies.ts'
import { policiesMax, policyCreation, policyUpdate } from '../../contract/monitor-policy.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf, uuidOf } from './request.ts'

export function policyRoutes({ pool }: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/monitor/policy', async (_req, res) => {
    res.json({ data: (await listPolicies(pool)).map(presentPolicy) })
  })

  router.post('/api/v2/monitor/policy', async (req, res) => {
    const { policy } = bodyOf(req, policyCreation).data.attributes
    const created = await transaction(pool, async (client) => {
      const row = await insertPolicy(client, policy, policiesMax)
      if (row === 'taken') throw taken(policy.tag_key)
      if (row === 'full') throw badRequest([`at most ${policiesMax} policies: delete one first`])
      await recordAudit(client, { actor: principalOf(req).name, action: 'policy.created', monitorId: null, detail: row })
      return row
    })
    res.json({ data: presentPolicy(created) })
  })

  router.get('/api/v2/monitor/policy/:id', async (req, res) => {
    const found = await findPolicy(pool, idOf(req))
    if (found === null) throw notFound('Policy')
    res.json({ data: presentPolicy(found) })
  })

  router.patch('/api/v2/monitor/policy/:id', async (req, res) => {
    const { policy } = bodyOf(req, policyUpdate).data.attributes
    const changed = await transaction(pool, async (client) => {
      const row = await updatePolicy(client, idOf(req), policy)
      if (row === null) throw notFound('Policy')
      if (row === 'taken') throw taken(policy.tag_key)
      await recordAudit(client, { actor: principalOf(req).name, action: 'policy.updated', monitorId: null, detail: row })
      return row
    })
    res.json({ data: presentPolicy(changed) })
  })

  router.delete('/api/v2/monitor/policy/:id', async (req, res) => {
    await transaction(pool, async (client) => {
      const row = await deletePolicy(client, idOf(req))
      if (row === null) throw notFound('Policy')
      await recordAudit(client, { actor: principalOf(req).name, action: 'policy.deleted', monitorId: null, detail: row })
    })
    res.status(204).end()
  })

  return router
}

const idOf = (req: Request): string => uuidOf(req, 'Policy')

function taken(key: string | undefined): Error {
  return badRequest([`data.attributes.policy.tag_key: there is a policy for ${JSON.stringify(key ?? '')} already`])
}

function presentPolicy({ id, tag_key, tag_key_required, valid_tag_values }: PolicyRow): object {
  return {
    type: 'monitor-config-policy',
    id,
    attributes: { policy: { tag_key, tag_key_required, valid_tag_values }, policy_type: 'tag' },
  }
}
