/**
 * How receivers change: in one transaction with their audit event. Never tells a secret, never leaves a receiver whose fallback isn't there.
 * Read next: routes/receivers.ts, receivers-file.ts, contract/receivers/body.ts.
 */
import { type Client, transaction } from '../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../adapters/postgres/queries/audit.ts'
import {
  createReceiver,
  deleteReceiver,
  fallbackUsers,
  findReceivers,
  getReceiver,
  listReceivers,
  lockReceiver,
  lockReceivers,
  logReceiver,
  receiversMax,
  type StoredReceiver,
  updateReceiver,
} from '../adapters/postgres/queries/receivers.ts'
import { changedFields, parseReceiver, parseReceiverChange, type ReceiverDefinition, secretsOf } from '../contract/receivers/body.ts'
import { writtenWebhook } from '../contract/receivers/webhook.ts'
import type { AppDeps } from './deps.ts'
import { ApiError, accepted, badRequest, notFound } from './errors.ts'
import type { Principal } from './middleware/keys.ts'
import { boxOf, noKey } from './sources.ts'

type Deps = Pick<AppDeps, 'pool' | 'secrets'>
type Db = Pick<Client, 'query'>

export async function addReceiver(deps: Deps, body: unknown, by: Principal): Promise<StoredReceiver> {
  const receiver = accepted(parseReceiver(body))
  return transaction(deps.pool, async (client) => {
    await lockReceivers(client)
    const wrong = [...sealable(receiver, deps), ...(await wrongFallback(client, deps, receiver)), ...(await noRoom(client))]
    if (wrong.length > 0) throw badRequest(wrong)
    if (!(await createReceiver(client, receiver, boxOf(deps)))) throw taken(receiver.name)
    await audit(client, by, 'receiver.created', { name: receiver.name, kind: receiver.kind })
    return existingReceiver(client, deps, receiver.name)
  })
}

export async function changeReceiver(deps: Deps, name: string, body: unknown, by: Principal): Promise<StoredReceiver> {
  return transaction(deps.pool, async (client) => {
    await lockReceivers(client)
    const stored = await changeable(client, deps, name)
    const current = readableReceiver(stored)
    const next = accepted(parseReceiverChange(current, body))
    const changed = changedFields(current, next)
    if (changed.length === 0) return stored
    const wrong = [...sealable(next, deps), ...(await wrongFallback(client, deps, next))]
    if (wrong.length > 0) throw badRequest(wrong)
    await updateReceiver(client, name, next, boxOf(deps))
    await audit(client, by, 'receiver.updated', { name, changed })
    return existingReceiver(client, deps, name)
  })
}

export async function removeReceiver(deps: Deps, name: string, by: Principal): Promise<void> {
  await transaction(deps.pool, async (client) => {
    await lockReceivers(client)
    const stored = await changeable(client, deps, name)
    await refuseUsed(client, name)
    await deleteReceiver(client, name)
    await audit(client, by, 'receiver.deleted', { name, kind: stored.kind })
  })
}

/** The log, too, though it has no row. */
export async function allReceivers(deps: Deps): Promise<StoredReceiver[]> {
  return [log, ...(await listReceivers(deps.pool, boxOf(deps)))].sort((one, other) => (one.name < other.name ? -1 : 1))
}

export async function existingReceiver(client: Db, deps: Deps, name: string): Promise<StoredReceiver> {
  if (name === log.name) return log
  const found = name.includes('\0') ? null : await getReceiver(client, name, boxOf(deps))
  if (found === null) throw notFound('Receiver')
  return found
}

/** Sentences about a fallback that isn't there, or leads back. Of a transaction that holds lockReceivers. */
export async function wrongFallback(client: Db, deps: Deps, receiver: ReceiverDefinition): Promise<string[]> {
  const place = 'policy.fallback.receiver'
  const seen = [receiver.name]
  for (let next = receiver.policy.fallback?.receiver; next !== undefined; ) {
    const [found] = next.includes('\0') ? [] : await findReceivers(client, [next], boxOf(deps))
    const [behind] = found === undefined ? [] : await namesBehind(client, next, found.kind)
    if (found === undefined || behind === undefined) return [`${place}: there is no receiver ${JSON.stringify(next)}: create it first`]
    if (seen.includes(behind)) return [`${place}: ${[...seen, behind].join(' → ')} leads back: somebody must stand at the end`]
    seen.push(behind)
    next = found.policy?.fallback?.receiver
  }
  return []
}

/** Of a receiver that others name as their fallback. */
export async function refuseUsed(client: Db, name: string): Promise<void> {
  const users = await fallbackUsers(client, name)
  if (users.length > 0) throw new ApiError(409, [`receiver ${name} is the fallback of ${users.slice(0, 10).join(', ')}: change them first`])
}

/** As it can be changed or tried; an ApiError where its configuration can't be read. */
export function readableReceiver({ name, kind, config, policy }: ReceiverDefinition): ReceiverDefinition {
  const { unreadable } = config
  if (typeof unreadable === 'string') throw new ApiError(409, [`${unreadable}: delete it and create it again`])
  return { name, kind, config: kind === 'webhook' ? writtenWebhook(config) : config, policy }
}

/** What is secret isn't stored in clear text. */
export function sealable(receiver: ReceiverDefinition, deps: Deps): string[] {
  return boxOf(deps) === null && secretsOf(receiver).length > 0 ? [noKey] : []
}

async function changeable(client: Db, deps: Deps, name: string): Promise<StoredReceiver> {
  if (name === log.name) throw new ApiError(409, ['the receiver log is always there and can’t be changed'])
  const stored = name.includes('\0') ? null : await lockReceiver(client, name, boxOf(deps))
  if (stored === null) throw notFound('Receiver')
  refuseHeldByFile(stored)
  return stored
}

export function refuseHeldByFile({ name, managedBy }: Pick<StoredReceiver, 'name' | 'managedBy'>): void {
  if (managedBy === 'file') throw new ApiError(409, [`receiver ${name} is held by the file of TOCSIN_RECEIVERS_FILE: change it there`])
}

/** The row that a handle leads to. */
async function namesBehind(client: Db, handle: string, kind: string): Promise<string[]> {
  if (handle === log.name) return [handle]
  const { rows } = await client.query<{ name: string }>('select name from receivers where name = $1', [handle])
  return rows[0] === undefined ? [kind] : [rows[0].name]
}

/** A sentence where there are as many as there may be. Of a transaction that holds lockReceivers. */
export async function noRoom(client: Db): Promise<string[]> {
  const { rows } = await client.query<{ count: number }>('select count(*) from receivers')
  return (rows[0]?.count ?? 0) < receiversMax ? [] : [`there are ${receiversMax} receivers already, which is as many as there may be`]
}

async function audit(client: Client, by: Principal, action: AuditAction, detail: Readonly<Record<string, unknown>>): Promise<void> {
  await recordAudit(client, { actor: by.name, action, monitorId: null, detail })
}

const taken = (name: string): ApiError => badRequest([`name: a receiver ${name} exists already: change it by PATCH, or take another name`])

const log: StoredReceiver = { ...logReceiver, policy: {}, managedBy: 'api', created: new Date(0), modified: new Date(0) }
