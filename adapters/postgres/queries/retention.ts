/** How long points, runs, events, logs, evaluations and history are kept, and the upkeep of daily partitions. Read next: days.ts. */
import { defaultIntakeDays, type IntakeDays } from '../../../core/intake-days.ts'
import { type Client, type Pool, transaction } from '../pool.ts'
import { checksLock } from './checks.ts'
import { type DayTable, dropDays, ensureDays } from './days.ts'
import { dayOf, ensureEvaluationDays } from './evaluations.ts'
import { dayMs, seriesLock } from './intake.ts'

/** Partitions that are made before their day comes: over a long weekend without upkeep, writers needn't make their own. */
const daysAhead = 3

/** Upkeep gives way to whoever uses the tables; the next run does it. */
const lockTimeout = '2s'

/** Rows of history that one statement deletes: some ten milliseconds, in which nobody else is held up. */
const rowsPerDelete = 5_000

export type Upkeep = Readonly<{ daysDropped: number; seriesDropped: number }>

/** Pings: a heartbeat is expected once in 31 days at the least, with as much grace, and a day is evaluated afterwards. */
const pingDays = 63

/** Tables of what is pushed, by what is kept how long. What tells of a metric or a check goes with its last day. */
const pushed: readonly Readonly<{ table: DayTable; kept: keyof IntakeDays | number; series?: 'series' | 'check_series'; lock?: number }>[] =
  [
    { table: 'points', kept: 'metrics', series: 'series', lock: seriesLock },
    { table: 'check_runs', kept: 'checks', series: 'check_series', lock: checksLock },
    { table: 'heartbeat_pings', kept: pingDays },
    { table: 'events', kept: 'events' },
    { table: 'logs', kept: 'logs' },
  ]

/**
 * Makes the next days' partitions, drops days and series past retention. Any process may run it, at any time, as often as it likes.
 * Rejects with 55P03 when the tables are busy: the next run does it.
 */
export async function maintainIntake(pool: Pool, nowMs: number, kept: IntakeDays = defaultIntakeDays): Promise<Upkeep> {
  const today = dayOf(nowMs)
  let daysDropped = 0
  let seriesDropped = 0
  for (const one of pushed) {
    await ensureDays(pool, one.table, daysFrom(today))
    const before = today - (typeof one.kept === 'number' ? one.kept : kept[one.kept])
    await transaction(pool, async (client) => {
      await giveWay(client)
      if (one.lock !== undefined) await client.query('select pg_advisory_xact_lock($1)', [one.lock])
      daysDropped += await dropDays(client, one.table, before)
      if (one.series === undefined) return
      seriesDropped += (await client.query(`delete from ${one.series} where newest_day < $1`, [before])).rowCount ?? 0
    })
  }
  return { daysDropped, seriesDropped }
}

function daysFrom(today: number): number[] {
  return Array.from({ length: daysAhead + 1 }, (_, index) => today + index)
}

/** The same for evaluations, which are kept for `keptDays` whole days, and for the texts that they sent. */
export async function maintainEvaluations(
  pool: Pool,
  nowMs: number,
  keptDays: number,
): Promise<Readonly<{ daysDropped: number; queriesDropped: number }>> {
  const today = dayOf(nowMs)
  await ensureEvaluationDays(pool, daysFrom(today))
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

/** In this order: a delivery belongs to a notification, and a notification is rendered from transitions. What is open keeps its tries. */
const oldHistory = [
  `delete from delivery_attempts where ctid = any(array(
     select a.ctid from delivery_attempts a left join deliveries d on d.id = a.delivery_id
     where a.at < $1 and (d.status is null or d.status not in ('pending', 'retrying')) limit $2))`,
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
  `delete from episode_groups where ctid = any(array(
     select g.ctid from episode_groups g join episodes e on e.id = g.episode_id where not g.open and e.closed_at < $1 limit $2))`,
  `delete from episodes where ctid = any(array(
     select e.ctid from episodes e where e.closed_at < $1
       and not exists (select from episode_groups g where g.episode_id = e.id) limit $2))`,
  'delete from audit_events where ctid = any(array(select ctid from audit_events where at < $1 limit $2))',
] as const

async function giveWay(client: Client): Promise<void> {
  await client.query("select set_config('lock_timeout', $1, true)", [lockTimeout])
}
