/**
 * API and application keys: made, listed, changed, revoked, in Datadog's shapes and with a role of ours. A key stands in the answer to
 * its making and nowhere else. Never leaves an installation without a key that may make keys. Read next: contract/access-keys.ts.
 */
import { randomBytes } from 'node:crypto'
import { type Request, Router } from 'express'
import { type Client, transaction } from '../../adapters/postgres/pool.ts'
import { findKey, insertKey, type KeyRow, listKeys, lockKeys, revokeKey, updateKey } from '../../adapters/postgres/queries/access-keys.ts'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import type { KeyKind } from '../../adapters/postgres/queries/keys.ts'
import {
  apiKeyChange,
  apiKeyCreation,
  applicationKeyChange,
  applicationKeyCreation,
  keyListParameters,
  keysMax,
  type Role,
} from '../../contract/access-keys.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf, queryOf, uuidOf } from './request.ts'

type Kind = Readonly<{
  kind: KeyKind
  type: 'api_keys' | 'application_keys'
  audited: 'api-key' | 'application-key'
  noun: string
  /** As long as Datadog's in hexadecimal digits, which some clients check: 128 and 160 bits. */
  bytes: number
  creation: typeof apiKeyCreation | typeof applicationKeyCreation
  change: typeof apiKeyChange | typeof applicationKeyChange
}>

const apiKeys: Kind = {
  kind: 'api',
  type: 'api_keys',
  audited: 'api-key',
  noun: 'API key',
  bytes: 16,
  creation: apiKeyCreation,
  change: apiKeyChange,
}
const applicationKeys: Kind = {
  kind: 'application',
  type: 'application_keys',
  audited: 'application-key',
  noun: 'Application key',
  bytes: 20,
  creation: applicationKeyCreation,
  change: applicationKeyChange,
}

export function accessKeyRoutes(deps: Pick<AppDeps, 'pool'>): Router {
  const router = Router()
  addRoutes(router, deps, '/api/v2/api_keys', apiKeys)
  addRoutes(router, deps, '/api/v2/application_keys', applicationKeys)
  // Where Datadog's clients make them.
  addRoutes(router, deps, '/api/v2/current_user/application_keys', applicationKeys)
  return router
}

function addRoutes(router: Router, { pool }: Pick<AppDeps, 'pool'>, base: string, kind: Kind): void {
  router.get(base, async (req, res) => {
    const { filter, 'page[number]': number, 'page[size]': limit } = queryOf(req, keyListParameters)
    const { rows, total, filtered } = await listKeys(pool, kind.kind, { filter, offset: number * limit, limit })
    res.json({ data: rows.map((row) => present(kind, row)), meta: { page: { total_count: total, total_filtered_count: filtered } } })
  })

  router.post(base, async (req, res) => {
    const { name, role } = bodyOf(req, kind.creation).data.attributes
    const key = randomBytes(kind.bytes).toString('hex')
    const row = await transaction(pool, async (client) => {
      if ((await lockKeys(client, kind.kind)).length >= keysMax) throw badRequest([`there are ${keysMax} keys already: revoke one first`])
      const made = await insertKey(client, kind.kind, { key, name, role, by: principalOf(req).name })
      await audit(client, req, `${kind.audited}.created`, made)
      return made
    })
    res.status(201).json({ data: present(kind, row, key) })
  })

  router.get(`${base}/:id`, async (req, res) => {
    res.json({ data: present(kind, existing(kind, await findKey(pool, kind.kind, uuidOf(req, kind.noun)))) })
  })

  router.patch(`${base}/:id`, async (req, res) => {
    const id = uuidOf(req, kind.noun)
    const { name, role } = bodyOf(req, kind.change).data.attributes
    const row = await transaction(pool, async (client) => {
      const keys = await lockKeys(client, kind.kind)
      const current = existing(kind, await findKey(client, kind.kind, id))
      const next = { name: name ?? current.name, role: role ?? current.role }
      if (next.role !== 'admin') refuseLast(keys, current)
      const changed = existing(kind, await updateKey(client, kind.kind, id, next))
      await audit(client, req, `${kind.audited}.updated`, changed)
      return changed
    })
    res.json({ data: present(kind, row) })
  })

  router.delete(`${base}/:id`, async (req, res) => {
    const id = uuidOf(req, kind.noun)
    await transaction(pool, async (client) => {
      const keys = await lockKeys(client, kind.kind)
      const current = existing(kind, await findKey(client, kind.kind, id))
      refuseLast(keys, current)
      await revokeKey(client, kind.kind, current.id)
      await audit(client, req, `${kind.audited}.revoked`, current)
    })
    res.status(204).end()
  })
}

/** Else nobody could make a key any more. */
function refuseLast(keys: readonly KeyRow[], { id, role }: KeyRow): void {
  const left = keys.some((key) => key.id !== id && key.role === 'admin')
  if (role === 'admin' && !left) throw new ApiError(409, ['this is the last key of its kind with the role admin: make another one first'])
}

function existing(kind: Kind, row: KeyRow | null): KeyRow {
  if (row === null) throw notFound(kind.noun)
  return row
}

function present({ kind, type }: Kind, row: KeyRow, key?: string): object {
  const { id, name, role, last4, created_by: by, created_at: created, last_used_at: used } = row
  const secret = key === undefined ? {} : { key }
  const usedAt = used?.toISOString() ?? null
  const common = { name, role, created_at: created.toISOString(), ...(last4 === null ? {} : { last4 }), created_by: by, ...secret }
  return kind === 'api'
    ? { type, id, attributes: { ...common, modified_at: created.toISOString(), date_last_used: usedAt } }
    : { type, id, attributes: { ...common, scopes: null, last_used_at: usedAt } }
}

type Acted = `${Kind['audited']}.${'created' | 'updated' | 'revoked'}`

async function audit(client: Client, req: Request, action: Acted, key: Readonly<{ id: string; name: string; role: Role }>): Promise<void> {
  const detail = { id: key.id, name: key.name, role: key.role }
  await recordAudit(client, { actor: principalOf(req).name, action, monitorId: null, detail })
}
