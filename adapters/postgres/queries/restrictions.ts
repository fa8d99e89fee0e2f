/** What stands beside definitions of monitors: whom they are left to, and which composites are made of them. */
import type { Queryable } from '../pool.ts'

/**
 * Who may change a monitor, besides its definition: no new version, and nobody is told. `bindings` null = nobody is named.
 */
export async function restrictMonitor(db: Queryable, id: number, roles: readonly string[] | null, bindings: object | null): Promise<void> {
  await db.query('update monitors set restricted_roles = $2, restriction_bindings = $3 where id = $1', [
    id,
    roles === null ? null : JSON.stringify(roles),
    bindings === null ? null : JSON.stringify(bindings),
  ])
}

/** As they were written; null = there are none. */
export async function findBindings(db: Queryable, id: number): Promise<unknown> {
  const { rows } = await db.query<{ bindings: unknown }>('select restriction_bindings as bindings from monitors where id = $1', [id])
  return rows[0]?.bindings ?? null
}

/** A page of composites that are made of this monitor, oldest first. */
export async function compositesOf(db: Queryable, id: number): Promise<{ id: number; name: string }[]> {
  const { rows } = await db.query<{ id: number; name: string }>(compositesStatement(id))
  return rows
}

export function compositesStatement(id: number): Readonly<{ text: string; values: unknown[] }> {
  return {
    text: `select id, name from monitors
      where type = 'composite' and deleted_at is null and query ~ ('\\m' || $1::text || '\\M') order by id limit 100`,
    values: [id],
  }
}
