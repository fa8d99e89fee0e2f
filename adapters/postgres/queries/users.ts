/** Application keys as the users that clients look up. Never reads a hash. */
import type { Role } from '../../../contract/access-keys.ts'
import type { Queryable } from '../pool.ts'

export type UserRow = Readonly<{ id: string; name: string; role: Role; created_at: Date }>

/** One list of people and programs: more application keys nobody reads through. */
const usersMax = 10_000

/** Those whose keys work, oldest first. */
export async function listUsers(db: Queryable): Promise<UserRow[]> {
  const { rows } = await db.query<UserRow>(
    "select id, name, role, created_at from access_keys where kind = 'application' and revoked_at is null order by created_at, id limit $1",
    [usersMax],
  )
  return rows
}

/** Also one whose key was revoked: monitors name it. */
export async function findUser(db: Queryable, id: string): Promise<UserRow | null> {
  const { rows } = await db.query<UserRow>("select id, name, role, created_at from access_keys where id = $1 and kind = 'application'", [
    id,
  ])
  return rows[0] ?? null
}
