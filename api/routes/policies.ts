/**
 * `/api/v2/monitor/policy`: what the tags of monitors must be, and how long a downtime may last. They count when a monitor or a downtime is
 * written, not before. Never looks at stored monitors. Read next: contract/monitor-policy.ts, api/tag-policies.ts, api/downtimes/change.ts.
 */
import { type Request, Router } from 'express'
import type { z } from 'zod'
import { type Client, transaction } from '../../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../../adapters/postgres/queries/audit.ts'
import {
  type DowntimePolicyRow,
  deleteDowntimePolicy,
  findDowntimePolicy,
  insertDowntimePolicy,
  updateDowntimePolicy,
} from '../../adapters/postgres/queries/downtime-policies.ts'
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
    const aboutDowntimes = await findDowntimePolicy(pool)
    const all = [...(await listPolicies(pool)), ...(aboutDowntimes === null ? [] : [aboutDowntimes])]
    res.json({ data: all.map(presentPolicy) })
  })

  router.post('/api/v2/monitor/policy', async (req, res) => {
    const { attributes } = bodyOf(req, policyCreation).data
    const created = await audited(req, 'policy.created', (client) => create(client, attributes))
    res.json({ data: presentPolicy(created) })
  })

  router.get('/api/v2/monitor/policy/:id', async (req, res) => {
    const found = (await findPolicy(pool, idOf(req))) ?? (await findDowntimePolicy(pool, idOf(req)))
    if (found === null) throw notFound('Policy')
    res.json({ data: presentPolicy(found) })
  })

  router.patch('/api/v2/monitor/policy/:id', async (req, res) => {
    const { attributes } = bodyOf(req, policyUpdate).data
    const changed = await audited(req, 'policy.updated', (client) => change(client, idOf(req), attributes))
    res.json({ data: presentPolicy(changed) })
  })

  router.delete('/api/v2/monitor/policy/:id', async (req, res) => {
    await audited(req, 'policy.deleted', async (client) => {
      const row = (await deletePolicy(client, idOf(req))) ?? (await deleteDowntimePolicy(client, idOf(req)))
      if (row === null) throw notFound('Policy')
      return row
    })
    res.status(204).end()
  })

  return router

  /** In one transaction with its event. */
  async function audited(req: Request, action: AuditAction, work: (client: Client) => Promise<AnyPolicy>): Promise<AnyPolicy> {
    return transaction(pool, async (client) => {
      const row = await work(client)
      await recordAudit(client, { actor: principalOf(req).name, action, monitorId: null, detail: row })
      return row
    })
  }
}

type AnyPolicy = PolicyRow | DowntimePolicyRow

async function create(client: Client, written: z.output<typeof policyCreation>['data']['attributes']): Promise<AnyPolicy> {
  if (written.policy_type === 'downtime') {
    const row = await insertDowntimePolicy(client, written.policy)
    if (row === null) throw badRequest(['data.attributes.policy_type: there is a policy of downtimes already: change that one'])
    return row
  }
  const row = await insertPolicy(client, written.policy, policiesMax)
  if (row === 'taken') throw taken(written.policy.tag_key)
  if (row === 'full') throw badRequest([`at most ${policiesMax} policies: delete one first`])
  return row
}

/** A policy stays about what it is about. */
async function change(client: Client, id: string, written: z.output<typeof policyUpdate>['data']['attributes']): Promise<AnyPolicy> {
  if (written.policy_type === 'downtime') {
    const row = await updateDowntimePolicy(client, id, written.policy.max_duration_ms)
    if (row === null) throw (await findPolicy(client, id)) === null ? notFound('Policy') : isOther('tag')
    return row
  }
  const row = await updatePolicy(client, id, written.policy)
  if (row === null) throw (await findDowntimePolicy(client, id)) === null ? notFound('Policy') : isOther('downtime')
  if (row === 'taken') throw taken(written.policy.tag_key)
  return row
}

const idOf = (req: Request): string => uuidOf(req, 'Policy')

function taken(key: string | undefined): Error {
  return badRequest([`data.attributes.policy.tag_key: there is a policy for ${JSON.stringify(key ?? '')} already`])
}

function isOther(type: 'tag' | 'downtime'): Error {
  return badRequest([`data.attributes.policy_type: this policy is of the type ${type}, and stays so: create another one`])
}

function presentPolicy(row: AnyPolicy): object {
  return { type: 'monitor-config-policy', id: row.id, attributes: attributesOf(row) }
}

function attributesOf(row: AnyPolicy): object {
  if ('max_duration_ms' in row) return { policy: { max_duration_ms: row.max_duration_ms }, policy_type: 'downtime' }
  const { tag_key, tag_key_required, valid_tag_values } = row
  return { policy: { tag_key, tag_key_required, valid_tag_values }, policy_type: 'tag' }
}
