/**
 * Receivers as they are stored: the whole configuration sealed, for an address may hold a token just as a header does. Without a key it is
 * stored as it is; what was stored so is sealed once there is one. Read next: adapters/secrets/box.ts.
 */
import type { Receiver } from '../../../activities/notification-ports.ts'
import type { DeliveryPolicy } from '../../../core/delivery/policy.ts'
import { standInFor, standsIn } from '../../../core/delivery/stand-in.ts'
import { type SecretBox, SecretError } from '../../secrets/box.ts'
import { type Pool, type Queryable, transaction } from '../pool.ts'
import { withVariables } from './webhook-variables.ts'

export type { Receiver }

/** Exists without a row, and can't be changed: what is told to nobody else is at least in the log. */
export const logReceiver: Receiver = { name: 'log', kind: 'log', config: {} }

/** More than this many receivers is no longer a list for people. */
export const receiversMax = 1_000

export type ManagedBy = 'api' | 'file'

export type StoredReceiver = Readonly<{
  name: string
  kind: string
  config: Readonly<Record<string, unknown>>
  policy: Partial<DeliveryPolicy>
  managedBy: ManagedBy
  created: Date
  modified: Date
}>

const columns = 'name, kind, config, policy, managed_by as "managedBy", created_at as created, modified_at as modified'

/** false: a receiver of this name is there already, and stays as it is. */
export async function createReceiver(
  db: Queryable,
  receiver: Receiver,
  secrets: SecretBox | null = null,
  managedBy: ManagedBy = 'api',
): Promise<boolean> {
  if (receiver.name === logReceiver.name) return false
  const { rowCount } = await db.query(
    `insert into receivers (name, kind, config, policy, stands_in, managed_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (name) do nothing`,
    [receiver.name, ...values(receiver, secrets), managedBy],
  )
  return rowCount === 1
}

/** null: there is none of this name. */
export async function getReceiver(db: Queryable, name: string, secrets: SecretBox | null = null): Promise<StoredReceiver | null> {
  const { rows } = await db.query<StoredReceiver>(`select ${columns} from receivers where name = $1`, [name])
  const [row] = rows
  return row === undefined ? null : opened(row, secrets)
}

/** Like getReceiver, and nobody else changes it until the transaction ends. */
export async function lockReceiver(db: Queryable, name: string, secrets: SecretBox | null = null): Promise<StoredReceiver | null> {
  const { rows } = await db.query<StoredReceiver>(`select ${columns} from receivers where name = $1 for update`, [name])
  const [row] = rows
  return row === undefined ? null : opened(row, secrets)
}

/** Of a transaction that writes receivers: until it ends no other does, so that what it found out of them holds. */
export async function lockReceivers(db: Queryable): Promise<void> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('receivers', 0))")
}

/**
 * Who takes messages for these handles, in the order of their names: a receiver of that name, else one that stands in, under the
 * name of the handle. With the variables that webhooks name. Handles that nobody takes are left out.
 */
export async function findReceivers(db: Queryable, names: readonly string[], secrets: SecretBox | null = null): Promise<Receiver[]> {
  const asked = [...new Set([...names, ...names.flatMap((name) => standInFor(name)?.receiver ?? [])])]
  const { rows } = await db.query<StoredReceiver & { standsIn: boolean }>(
    `select ${columns}, stands_in as "standsIn" from receivers where name = any($1::text[])`,
    [asked],
  )
  const stored = new Map(rows.map(({ standsIn: isOne, ...row }) => [row.name, { isOne, receiver: delivering(opened(row, secrets)) }]))
  const found = [...new Set(names)].sort().flatMap((name): Receiver[] => {
    if (name === logReceiver.name) return [logReceiver]
    const own = stored.get(name)
    if (own !== undefined) return [own.receiver]
    const instead = standInFor(name)
    const other = instead === null ? undefined : stored.get(instead.receiver)
    if (instead === null || other === undefined || !other.isOne) return []
    return [{ ...other.receiver, name, config: { ...other.receiver.config, ...instead.config } }]
  })
  return withVariables(db, found, secrets)
}

export type ReceiverUpdate = 'updated' | 'missing' | 'name-taken'

/** Replaces a receiver, its name included. Messages that are still to go to the old name find no receiver any more. */
export async function updateReceiver(
  db: Queryable,
  name: string,
  receiver: Receiver,
  secrets: SecretBox | null = null,
  managedBy: ManagedBy = 'api',
): Promise<ReceiverUpdate> {
  if (receiver.name === logReceiver.name) return 'name-taken'
  try {
    const { rowCount } = await db.query(
      `update receivers set name = $2, kind = $3, config = $4, policy = $5, stands_in = $6, managed_by = $7, modified_at = now()
       where name = $1`,
      [name, receiver.name, ...values(receiver, secrets), managedBy],
    )
    return rowCount === 1 ? 'updated' : 'missing'
  } catch (error) {
    if (isUniqueViolation(error)) return 'name-taken'
    throw error
  }
}

/** false: there was none. */
export async function deleteReceiver(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from receivers where name = $1', [name])
  return rowCount === 1
}

/** All, by name. */
export async function listReceivers(db: Queryable, secrets: SecretBox | null = null): Promise<StoredReceiver[]> {
  const { rows } = await db.query<StoredReceiver>(`select ${columns} from receivers order by name limit $1`, [receiversMax])
  return rows.map((row) => opened(row, secrets))
}

/** Who names it as the one that stands in when they fail, itself or as a handle. */
export async function fallbackUsers(db: Queryable, name: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string; fallback: string }>(
    `select name, policy #>> '{fallback,receiver}' as fallback from receivers where policy #>> '{fallback,receiver}' is not null order by name`,
  )
  return rows.filter(({ fallback }) => fallback === name || standInFor(fallback)?.receiver === name).map((row) => row.name)
}

/** Seals what was stored before there was a key. Returns how many. */
export async function sealReceivers(pool: Pool, secrets: SecretBox): Promise<number> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<StoredReceiver>(`select ${columns} from receivers where not config ? 'sealed' for update`)
    for (const row of rows) await client.query('update receivers set config = $2 where name = $1', [row.name, sealed(row, secrets)])
    return rows.length
  })
}

function sealed({ name, config }: Pick<Receiver, 'name' | 'config'>, secrets: SecretBox | null): string {
  const text = JSON.stringify(config)
  return secrets === null ? text : JSON.stringify({ sealed: secrets.seal(text, aboutOf(name)) })
}

function values({ name, kind, config, policy = {} }: Receiver, secrets: SecretBox | null): unknown[] {
  return [kind, sealed({ name, config }, secrets), JSON.stringify(policy), standsIn(name, kind, config)]
}

/** As notifiers and workers know it. */
function delivering({ name, kind, config, policy }: StoredReceiver): Receiver {
  return { name, kind, config, policy }
}

/** What can't be read says so in its configuration: a delivery to it is tried again until somebody has mended the key. */
function opened(row: StoredReceiver, secrets: SecretBox | null): StoredReceiver {
  const { sealed: text } = row.config
  if (typeof text !== 'string') return row
  try {
    if (secrets === null) throw new SecretError('TOCSIN_SECRET_KEY is not set')
    return { ...row, config: JSON.parse(secrets.open(text, aboutOf(row.name))) }
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    return { ...row, config: { unreadable: `the configuration of ${row.name} can't be read: ${error.message}` } }
  }
}

const aboutOf = (name: string): string => `receiver:${name}`

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
