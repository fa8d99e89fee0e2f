/** How long points are kept, and the upkeep of their partitions. Read next: intake.ts. */
import { retentionDays } from '../../../contract/series.ts'
import { type Pool, transaction } from '../pool.ts'
import { dayMs, seriesLock } from './intake.ts'

/** Partitions that are made before their day comes: over a long weekend without upkeep, pushes needn't make their own. */
const daysAhead = 3

/** Upkeep gives way to whoever uses the tables; the next run does it. */
const lockTimeout = '2s'

export type Upkeep = Readonly<{ daysDropped: number; seriesDropped: number }>

/**
 * Makes the next days' partitions, drops days and series past retention. Any process may run it, at any time, as often as it likes.
 * Rejects with 55P03 when the tables are busy: the next run does it.
 */
export async function maintainIntake(pool: Pool, nowMs: number): Promise<Upkeep> {
  const today = Math.floor(nowMs / dayMs)
  await pool.query('select ensure_points_day(day) from generate_series($1::integer, $2::integer) as day', [today, today + daysAhead])
  return transaction(pool, async (client) => {
    await client.query("select set_config('lock_timeout', $1, true)", [lockTimeout])
    await client.query('select pg_advisory_xact_lock($1)', [seriesLock])
    const oldest = today - retentionDays
    const dropped = await client.query<{ days: number }>('select drop_points_before($1) as days', [oldest])
    const series = await client.query('delete from series where newest_day < $1', [oldest])
    return { daysDropped: dropped.rows[0]?.days ?? 0, seriesDropped: series.rowCount ?? 0 }
  })
}
