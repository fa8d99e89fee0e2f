/**
 * Sessions of the console: what a cookie stands for. Its text is looked up by its SHA-256 and never stored; a session is as good as
 * both of its keys. Read next: api/middleware/session.ts, keys.ts.
 */
import { createHash } from 'node:crypto'
import type { Role } from '../../../contract/access-keys.ts'
import type { Client, Queryable } from '../pool.ts'

/** Of one application key: more browsers nobody has open. The oldest ends when another begins. */
const sessionsPerKeyMax = 50

/** `id` and `name`: of the application key, which acts. `apiRole`, `role`: of each key; the lesser counts. */
export type Session = Readonly<{ id: string; name: string; apiRole: Role; role: Role; expiresAt: Date }>

/** Drops what has expired, too: there is no other upkeep. */
export async function startSession(
  client: Client,
  { token, apiKey, applicationKey, seconds }: Readonly<{ token: string; apiKey: string; applicationKey: string; seconds: number }>,
): Promise<Date> {
  await client.query('delete from sessions where expires_at < now()')
  const { rows } = await client.query<{ expires_at: Date }>(
    `insert into sessions (hash, api_key, application_key, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))
     returning expires_at`,
    [hashOf(token), apiKey, applicationKey, seconds],
  )
  await client.query(
    `delete from sessions where hash in (
       select hash from sessions where application_key = $1 order by created_at desc offset ${sessionsPerKeyMax}
     )`,
    [applicationKey],
  )
  return rows[0]?.expires_at ?? new Date(0)
}

type Row = Session & Readonly<{ keys: readonly string[]; stale: boolean }>

/** null = there is none, it has expired, or one of its keys was revoked. */
export async function findSession(db: Queryable, token: string): Promise<Session | null> {
  const { rows } = await db.query<Row>(
    `select application.id, application.name, application.role, api.role as "apiRole", sessions.expires_at as "expiresAt",
       to_jsonb(array[api.id, application.id]) as keys,
       (application.last_used_at is null or application.last_used_at < now() - interval '1 minute') as stale
     from sessions
     join access_keys api on api.id = sessions.api_key and api.revoked_at is null
     join access_keys application on application.id = sessions.application_key and application.revoked_at is null
     where sessions.hash = $1 and sessions.expires_at > now()`,
    [hashOf(token)],
  )
  const [row] = rows
  if (row === undefined) return null
  // At most once a minute a key, as for keys in headers.
  if (row.stale) await db.query('update access_keys set last_used_at = now() where id = any($1::uuid[])', [row.keys])
  const { keys: _, stale: __, ...session } = row
  return session
}

export async function endSession(db: Queryable, token: string): Promise<void> {
  await db.query('delete from sessions where hash = $1', [hashOf(token)])
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
