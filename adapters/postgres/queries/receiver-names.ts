import { standInFor } from '../../../core/delivery/stand-in.ts'
import type { Queryable } from '../pool.ts'
import { logReceiver } from './receivers.ts'

/** Those of the handles that somebody takes messages for: a receiver of that name, or one that stands in. Opens no secret. */
export async function configuredNames(db: Queryable, names: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = [...names, ...names.flatMap((name) => standInFor(name)?.receiver ?? [])]
  const { rows } = await db.query<{ name: string; standsIn: boolean }>(
    'select name, stands_in as "standsIn" from receivers where name = any($1::text[])',
    [asked],
  )
  const stored = new Map(rows.map(({ name, standsIn }) => [name, standsIn]))
  const known = names.filter((name) => stored.has(name) || stored.get(standInFor(name)?.receiver ?? '') === true)
  return new Set([logReceiver.name, ...known])
}
