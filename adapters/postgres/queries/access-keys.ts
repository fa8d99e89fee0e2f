/**
 * Keys as people make, list, change and revoke them. A key is answered by the one who makes it and never stored.
 * Never looks up who is asking: keys.ts does. Read next: api/routes/access-keys.ts.
 */
import { createHash } from 'node:crypto'
import type { Role } from '../../../contract/access-keys.ts'
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'
import type { KeyKind } from './keys.ts'

export type KeyRow = Readonly<{
  id: string
  name: string
  role: Role
  last4: string | null
  created_by: string | null
  created_at: Date
  last_used_at: Date | null
}>

const columns = 'id, name, role, last4, created_by, created_at, last_used_at'

/** Those that work, oldest first. `filter`: a part of the name, in any case. */
export async function listKeys(
  db: Queryable,
  kind: KeyKind,
  { filter, offset, limit }: Readonly<{ filter: string; offset: number; limit: number }>,
): Promise<Readonly<{ rows: KeyRow[]; total: number; filtered: number }>> {
  const { rows } = await db.query<KeyRow>(
    `select ${columns} from access_keys where kind = $1 and revoked_at is null and strpos(lower(name), lower($2)) > 0
     order by created_at, id offset $3 limit $4`,
    [kind, filter, offset, limit],
  )
  const { rows: counted } = await db.query<{ total: number; filtered: number }>(
    `select count(*) as total, count(*) filter (where strpos(lower(name), lower($2)) > 0) as filtered
     from access_keys where kind = $1 and revoked_at is null`,
    [kind, filter],
  )
  return { rows, total: counted[0]?.total ?? 0, filtered: counted[0]?.filtered ?? 0 }
}

/** Holds all keys of a kind until the transaction ends: how many there are, and that an admin is left, is decided on them. */
export async function lockKeys(db: Queryable, kind: KeyKind): Promise<KeyRow[]> {
  await db.query(`select pg_advisory_xact_lock(hashtext('tocsin access keys'))`)
  const { rows } = await db.query<KeyRow>(`select ${columns} from access_keys where kind = $1 and revoked_at is null`, [kind])
  return rows
}

export async function findKey(db: Queryable, kind: KeyKind, id: string): Promise<KeyRow | null> {
  const { rows } = await db.query<KeyRow>(`select ${columns} from access_keys where kind = $1 and id = $2 and revoked_at is null`, [
    kind,
    id,
  ])
  return rows[0] ?? null
}

export async function insertKey(
  db: Queryable,
  kind: KeyKind,
  { key, name, role, by }: Readonly<{ key: string; name: string; role: Role; by: string }>,
): Promise<KeyRow> {
  const { rows } = await db.query<KeyRow>(
    `insert into access_keys (kind, name, role, hash, last4, created_by) values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
    [kind, name, role, createHash('sha256').update(key, 'utf8').digest(), key.slice(-4), by],
  )
  return onlyRow(rows)
}

export async function updateKey(
  db: Queryable,
  kind: KeyKind,
  id: string,
  change: Readonly<{ name: string; role: Role }>,
): Promise<KeyRow | null> {
  const { rows } = await db.query<KeyRow>(
    `update access_keys set name = $3, role = $4 where kind = $1 and id = $2 and revoked_at is null returning ${columns}`,
    [kind, id, change.name, change.role],
  )
  return rows[0] ?? null
}

/** The row stays: monitors name who made them. */
export async function revokeKey(db: Queryable, kind: KeyKind, id: string): Promise<void> {
  await db.query('update access_keys set revoked_at = now() where kind = $1 and id = $2 and revoked_at is null', [kind, id])
}
