import type { Queryable } from '../pool.ts'
import { logReceiver } from './receivers.ts'

/** Those of the names that are configured. Opens no secret. */
export async function configuredNames(db: Queryable, names: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ name: string }>('select name from receivers where name = any($1::text[])', [names])
  return new Set([logReceiver.name, ...rows.map(({ name }) => name)])
}
