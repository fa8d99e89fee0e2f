/**
 * Receivers as they are stored: the whole configuration sealed, for an address may hold a token just as a header does. Without a key it is
 * stored as it is; what was stored so is sealed once there is one. Read next: adapters/secrets/box.ts.
 */
import type { Receiver } from '../../../activities/notification-ports.ts'
import type { DeliveryPolicy } from '../../../core/delivery/policy.ts'
import { type SecretBox, SecretError } from '../../secrets/box.ts'
import { type Pool, type Queryable, transaction } from '../pool.ts'

export type { Receiver }

/** Exists without a row, and can't be changed: what is told to nobody else is at least in the log. */
export const logReceiver: Receiver = { name: 'log', kind: 'log', config: {} }

/** More than this many receivers is no longer a list for people. */
const listMax = 1_000

type Row = Readonly<{ name: string; kind: string; config: Readonly<Record<string, unknown>>; policy: Partial<DeliveryPolicy> }>

/** false: a receiver of this name is there already, and stays as it is. */
export async function createReceiver(db: Queryable, receiver: Receiver, secrets: SecretBox | null = null): Promise<boolean> {
  if (receiver.name === logReceiver.name) return false
  const { rowCount } = await db.query(
    'insert into receivers (name, kind, config, policy) values ($1, $2, $3, $4) on conflict (name) do nothing',
    [receiver.name, receiver.kind, sealed(receiver, secrets), JSON.stringify(receiver.policy ?? {})],
  )
  return rowCount === 1
}

/** null: there is none of this name. */
export async function getReceiver(db: Queryable, name: string, secrets: SecretBox | null = null): Promise<Receiver | null> {
  const [receiver] = await findReceivers(db, [name], secrets)
  return receiver ?? null
}

/** Like getReceiver, and nobody else changes it until the transaction ends. */
export async function lockReceiver(db: Queryable, name: string, secrets: SecretBox | null = null): Promise<Receiver | null> {
  const { rows } = await db.query<Row>('select name, kind, config, policy from receivers where name = $1 for update', [name])
  const [row] = rows
  return row === undefined ? null : opened(row, secrets)
}

/** Those of the names that exist, in the order of their names. */
export async function findReceivers(db: Queryable, names: readonly string[], secrets: SecretBox | null = null): Promise<Receiver[]> {
  const { rows } = await db.query<Row>('select name, kind, config, policy from receivers where name = any($1::text[]) order by name', [
    names,
  ])
  const receivers = rows.map((row) => opened(row, secrets))
  return names.includes(logReceiver.name) ? [logReceiver, ...receivers] : receivers
}

export type ReceiverUpdate = 'updated' | 'missing' | 'name-taken'

/** Replaces a receiver, its name included. Messages that are still to go to the old name find no receiver any more. */
export async function updateReceiver(
  db: Queryable,
  name: string,
  receiver: Receiver,
  secrets: SecretBox | null = null,
): Promise<ReceiverUpdate> {
  if (receiver.name === logReceiver.name) return 'name-taken'
  try {
    const { rowCount } = await db.query(
      'update receivers set name = $2, kind = $3, config = $4, policy = $5, modified_at = now() where name = $1',
      [name, receiver.name, receiver.kind, sealed(receiver, secrets), JSON.stringify(receiver.policy ?? {})],
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

/** All of one kind, by name. */
export async function listReceivers(db: Queryable, kind: string, secrets: SecretBox | null = null): Promise<Receiver[]> {
  const { rows } = await db.query<Row>('select name, kind, config, policy from receivers where kind = $1 order by name limit $2', [
    kind,
    listMax,
  ])
  return rows.map((row) => opened(row, secrets))
}

/** Seals what was stored before there was a key. Returns how many. */
export async function sealReceivers(pool: Pool, secrets: SecretBox): Promise<number> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<Row>("select name, kind, config, policy from receivers where not config ? 'sealed' for update")
    for (const row of rows) await client.query('update receivers set config = $2 where name = $1', [row.name, sealed(row, secrets)])
    return rows.length
  })
}

function sealed({ name, config }: Pick<Receiver, 'name' | 'config'>, secrets: SecretBox | null): string {
  const text = JSON.stringify(config)
  return secrets === null ? text : JSON.stringify({ sealed: secrets.seal(text, aboutOf(name)) })
}

/** What can't be read says so in its configuration: a delivery to it is tried again until somebody has mended the key. */
function opened(row: Row, secrets: SecretBox | null): Receiver {
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
