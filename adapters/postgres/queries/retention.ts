/** How long points, evaluations and history are kept, and the upkeep of daily partitions. Read next: intake.ts, evaluations.ts. */
import { retentionDays } from '../../../contract/series.ts'
import { type Client, type Pool, transaction } from '../pool.ts'
import { dayOf, ensureEvaluationDays } from './evaluations.ts'
import { dayMs, seriesLock } from './intake.ts'

/** Partitions that are made before their day comes: over a long weekend without upkeep, writers needn't make their own. */
const daysAhead = 3

/** Upkeep gives way to whoever uses the tables; the next run does it. */
const lockTimeout = '2s'

/** Rows of history that one statement deletes: some ten milliseconds, in which nobody else is held up. */
const rowsPerDelete = 5_000

export type Upkeep = Readonly<{ daysDropped: number; seriesDropped: number }>

/**
 * Makes the next days' partitions, drops days and series past retention. Any process may run it, at any time, as often as it likes.
 * Rejects with 55P03 when the tables are busy: the next run does it.
 */
export async function maintainIntake(pool: Pool, nowMs: number): Promise<Upkeep> {
  const today = dayOf(nowMs)
  await pool.query('select ensure_points_day(day) from generate_series($1::integer, $2::integer) as day', [today, today + daysAhead])
  return transaction(pool, async (client) => {
    await giveWay(client)
    await client.query('select pg_advisory_xact_lock($1)', [seriesLock])
    const daysDropped = await dropDays(client, 'points', today - retentionDays)
    const series = await client.query('delete from series where newest_day < $1', [today - retentionDays])
    return { daysDropped, seriesDropped: series.rowCount ?? 0 }
  })
}

/** The same for evaluations, which are kept for `keptDays` whole days, and for the texts that they sent. */
export async function maintainEvaluations(
  pool: Pool,
  nowMs: number,
  keptDays: number,
): Promise<Readonly<{ daysDropped: number; queriesDropped: number }>> {
  const today = dayOf(nowMs)
  const ahead = Array.from({ length: daysAhead + 1 }, (_, index) => today + index)
  await ensureEvaluationDays(pool, ahead)
  return transaction(pool, async (client) => {
    await giveWay(client)
    const daysDropped = await dropDays(client, 'evaluations', today - keptDays)
    const queries = await client.query('delete from evaluation_queries where newest_day < $1', [today - keptDays])
    return { daysDropped, queriesDropped: queries.rowCount ?? 0 }
  })
}

/**
 * Deletes transitions, notifications, deliveries and audit events older than `keptDays`. What was never told stays until it is.
 * Definitions and their versions are never deleted. Returns how many rows went.
 */
export async function dropOldHistory(pool: Pool, nowMs: number, keptDays: number): Promise<number> {
  const before = new Date(nowMs - keptDays * dayMs)
  let dropped = 0
  for (const statement of oldHistory) {
    for (;;) {
      const rows = (await pool.query(statement, [before, rowsPerDelete])).rowCount ?? 0
      dropped += rows
      if (rows < rowsPerDelete) break
    }
  }
  return dropped
}

/** In this order: a delivery belongs to a notification, and a notification is rendered from transitions. */
const oldHistory = [
  `delete from deliveries where ctid = any(array(
     select ctid from deliveries where created_at < $1 and status not in ('pending', 'retrying') limit $2))`,
  `delete from notifications where ctid = any(array(
     select ctid from notifications n where created_at < $1 and planned_at is not null
       and not exists (select from deliveries d where d.monitor_id = n.monitor_id and d.sequence = n.sequence) limit $2))`,
  `delete from transitions where ctid = any(array(
     select ctid from transitions t where committed_at < $1
       and not exists (
         select from notifications n
         where n.monitor_id = t.monitor_id and n.created_at < $1 and t.sequence = any(n.transition_sequences)
       ) limit $2))`,
  'delete from audit_events where ctid = any(array(select ctid from audit_events where at < $1 limit $2))',
] as const

async function giveWay(client: Client): Promise<void> {
  await client.query("select set_config('lock_timeout', $1, true)", [lockTimeout])
}

async function dropDays(client: Client, table: 'points' | 'evaluations', beforeDay: number): Promise<number> {
  const { rows } = await client.query<{ days: number }>('select drop_day_partitions_before($1, $2) as days', [table, beforeDay])
  return rows[0]?.days ?? 0
}
