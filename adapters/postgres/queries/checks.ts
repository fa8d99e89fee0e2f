/**
 * Runs of service checks into PostgreSQL: a batch in one transaction, as often as it comes. A run that comes again is the same run.
 * Never stores a part of a batch. Read next: intake.ts, which does the same for points; migrations/0005_checks_events_logs.sql.
 */
import { createHash } from 'node:crypto'
import type { CheckRun } from '../../../contract/checks.ts'
import { type Client, type Pool, transaction } from '../pool.ts'
import { daysOf, ensureDays } from './days.ts'
import { dayMs } from './intake.ts'

/** Deleting checks takes this lock alone, ingesting shares it: no run is stored for a check that is going. */
export const checksLock = 7_406_303

/** Stores all runs, or none. `accepted` counts distinct ones. Rejects with PostgreSQL's errors. */
export async function ingestChecks(pool: Pool, batch: readonly CheckRun[]): Promise<{ accepted: number }> {
  const runs = distinct(batch)
  if (runs.length === 0) return { accepted: 0 }
  await transaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock_shared($1)', [checksLock])
    const ids = await ensureChecks(client, runs)
    await ensureDays(client, 'check_runs', daysOf(runs.map(({ run }) => run.atMs)))
    await client.query(
      `insert into check_runs (series_id, at_ms, status, message)
       select series_id, at_ms, status, message
       from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[]) as pushed (series_id, at_ms, status, message)
       on conflict (series_id, at_ms) do update set status = excluded.status, message = excluded.message`,
      [
        runs.map(({ identity }) => ids.get(identity)),
        runs.map(({ run }) => run.atMs),
        runs.map(({ run }) => run.status),
        runs.map(({ run }) => run.message),
      ],
    )
  })
  return { accepted: runs.length }
}

type Identified = Readonly<{ identity: string; run: CheckRun }>

/** Each run once (the last one wins), in the one order in which all batches lock their rows. */
function distinct(batch: readonly CheckRun[]): Identified[] {
  const byKey = new Map<string, Identified>()
  for (const run of batch) {
    const identity = createHash('sha256')
      .update(`${run.check}\n${run.tags.join('\n')}`)
      .digest('hex')
    byKey.set(`${identity} ${run.atMs}`, { identity, run })
  }
  return [...byKey.values()].sort((a, b) => (a.identity === b.identity ? a.run.atMs - b.run.atMs : a.identity < b.identity ? -1 : 1))
}

type CheckRow = Readonly<{ id: number; identity: string; newest_day: number }>

/** Ids by identity. Checks that are known, and ran today, are only read. */
async function ensureChecks(client: Client, runs: readonly Identified[]): Promise<ReadonlyMap<string, number>> {
  // Runs come in the order of time within an identity, so the newest one stays.
  const newest = new Map(runs.map(({ identity, run }) => [identity, run]))
  const known = await client.query<CheckRow>(
    `select id, encode(identity, 'hex') as identity, newest_day
     from check_series where identity in (select decode(i, 'hex') from unnest($1::text[]) i)`,
    [[...newest.keys()]],
  )
  const ids = new Map(known.rows.map((row) => [row.identity, row.id]))
  const days = new Map(known.rows.map((row) => [row.identity, row.newest_day]))
  const changed = [...newest].filter(([identity, run]) => (days.get(identity) ?? -1) < Math.floor(run.atMs / dayMs))
  if (changed.length === 0) return ids
  const { rows } = await client.query<CheckRow>(
    `insert into check_series (identity, name, tags, newest_day)
     select decode(identity, 'hex'), name, string_to_array(tags, ','), newest_day
     from unnest($1::text[], $2::text[], $3::text[], $4::integer[]) as pushed (identity, name, tags, newest_day)
     on conflict (identity) do update set newest_day = greatest(check_series.newest_day, excluded.newest_day)
     returning id, encode(identity, 'hex') as identity, newest_day`,
    [
      changed.map(([identity]) => identity),
      changed.map(([, run]) => run.check),
      changed.map(([, run]) => run.tags.join(',')),
      changed.map(([, run]) => Math.floor(run.atMs / dayMs)),
    ],
  )
  for (const row of rows) ids.set(row.identity, row.id)
  return ids
}
