/**
 * API and application keys. A key is looked up by its SHA-256, so nothing about it can be timed, and is never stored.
 * Read next: api/middleware/keys.ts.
 */
import { createHash } from 'node:crypto'
import type { Role } from '../../../contract/access-keys.ts'
import type { Queryable } from '../pool.ts'

export type KeyKind = 'api' | 'application'
export type AccessKey = Readonly<{ id: string; kind: KeyKind; name: string; role: Role }>

type KeyRow = AccessKey & Readonly<{ hash: Buffer; stale: boolean }>

/** The keys among these texts that exist and aren't revoked, in the order asked for. */
export async function findKeys(db: Queryable, keys: readonly string[]): Promise<(AccessKey | null)[]> {
  const hashes = keys.map(hashOf)
  const { rows } = await db.query<KeyRow>(
    `select id, kind, name, role, hash, (last_used_at is null or last_used_at < now() - interval '1 minute') as stale
     from access_keys where hash = any($1::bytea[]) and revoked_at is null`,
    [hashes],
  )
  const stale = rows.filter((row) => row.stale).map((row) => row.id)
  // At most once a minute a key: a write per request would cost more than the request.
  if (stale.length > 0) await db.query('update access_keys set last_used_at = now() where id = any($1::uuid[])', [stale])
  return hashes.map((hash) => toKey(rows.find((row) => row.hash.equals(hash))))
}

/** Makes sure that these keys work. Idempotent. Rejects with a RangeError where both are the same: one text has one kind. */
export async function seedKeys(db: Queryable, keys: Readonly<{ apiKey: string | null; appKey: string | null }>): Promise<void> {
  if (keys.apiKey !== null && keys.apiKey === keys.appKey) throw new RangeError('TOCSIN_API_KEY and TOCSIN_APP_KEY must differ')
  const given = [
    { kind: 'api', key: keys.apiKey },
    { kind: 'application', key: keys.appKey },
  ] as const
  for (const { kind, key } of given) {
    if (key === null) continue
    await db.query(`insert into access_keys (kind, name, hash) values ($1, 'default', $2) on conflict (hash) do nothing`, [
      kind,
      hashOf(key),
    ])
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}

function toKey(row: KeyRow | undefined): AccessKey | null {
  return row === undefined ? null : { id: row.id, kind: row.kind, name: row.name, role: row.role }
}
