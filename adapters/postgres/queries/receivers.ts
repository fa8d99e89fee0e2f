import type { Receiver } from '../../../activities/ports.ts'
import type { Queryable } from '../pool.ts'

export type { Receiver }

/** Exists without a row, and can't be changed: what is told to nobody else is at least in the log. */
export const logReceiver: Receiver = { name: 'log', kind: 'log', config: {} }

/** More than this many receivers is no longer a list for people. */
const listMax = 1_000

type Row = Readonly<{ name: string; kind: string; config: Readonly<Record<string, unknown>> }>

/** false: a receiver of this name is there already, and stays as it is. */
export async function createReceiver(db: Queryable, receiver: Receiver): Promise<boolean> {
  if (receiver.name === logReceiver.name) return false
  const { rowCount } = await db.query('insert into receivers (name, kind, config) values ($1, $2, $3) on conflict (name) do nothing', [
    receiver.name,
    receiver.kind,
    JSON.stringify(receiver.config),
  ])
  return rowCount === 1
}

/** null: there is none of this name. */
export async function getReceiver(db: Queryable, name: string): Promise<Receiver | null> {
  const [receiver] = await findReceivers(db, [name])
  return receiver ?? null
}

/** Like getReceiver, and nobody else changes it until the transaction ends. */
export async function lockReceiver(db: Queryable, name: string): Promise<Receiver | null> {
  const { rows } = await db.query<Row>('select name, kind, config from receivers where name = $1 for update', [name])
  return rows[0] ?? null
}

/** Those of the names that exist, in the order of their names. */
export async function findReceivers(db: Queryable, names: readonly string[]): Promise<Receiver[]> {
  const { rows } = await db.query<Row>('select name, kind, config from receivers where name = any($1::text[]) order by name', [names])
  return names.includes(logReceiver.name) ? [logReceiver, ...rows] : rows
}

export type ReceiverUpdate = 'updated' | 'missing' | 'name-taken'

/** Replaces a receiver, its name included. Messages that are still to go to the old name find no receiver any more. */
export async function updateReceiver(db: Queryable, name: string, receiver: Receiver): Promise<ReceiverUpdate> {
  if (receiver.name === logReceiver.name) return 'name-taken'
  try {
    const { rowCount } = await db.query('update receivers set name = $2, kind = $3, config = $4, modified_at = now() where name = $1', [
      name,
      receiver.name,
      receiver.kind,
      JSON.stringify(receiver.config),
    ])
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
export async function listReceivers(db: Queryable, kind: string): Promise<Receiver[]> {
  const { rows } = await db.query<Row>('select name, kind, config from receivers where kind = $1 order by name limit $2', [kind, listMax])
  return rows
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
