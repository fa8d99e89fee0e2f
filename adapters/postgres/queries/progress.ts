/**
 * How far each monitor's evaluation is: written in batches, read by the watchdog. Never an input of a monitor's decision.
 * Read next: progress-writer.ts, migrations/0020_progress.sql.
 */
import type { OverdueMonitor, Progress } from '../../../activities/watch-ports.ts'
import type { Queryable } from '../pool.ts'

/** A monitor is overdue by so many of its own intervals, stretched as they are … */
const overdueIntervals = 3
/** … and by so much at least: a monitor of ten seconds may be half a minute late where a worker is restarted. */
const overdueMinMs = 60_000

/** `entries`: each monitor once, by id: the one order in which all writers lock their rows. */
export async function saveProgress(db: Queryable, entries: readonly Progress[], timeoutMs?: number): Promise<void> {
  await db.query({
    text: `with unhurried as (select set_config('synchronous_commit', 'off', true))
      insert into monitor_progress (monitor_id, at, slot, due_at, interval_ms, lag_ms, stretch, priority, settled_slot)
      select entries.* from unhurried cross join unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[],
        $7::smallint[], $8::smallint[], $9::bigint[]) as entries
      on conflict (monitor_id) do update set at = excluded.at, slot = excluded.slot, due_at = excluded.due_at,
        interval_ms = excluded.interval_ms, lag_ms = coalesce(excluded.lag_ms, monitor_progress.lag_ms), stretch = excluded.stretch,
        priority = excluded.priority, settled_slot = coalesce(excluded.settled_slot, monitor_progress.settled_slot)
      where monitor_progress.at <= excluded.at`,
    values: [
      entries.map(({ monitorId }) => monitorId),
      entries.map(({ at }) => Math.round(at)),
      entries.map(({ slot }) => slot),
      entries.map(({ dueAt }) => dueAt),
      entries.map(({ intervalMs }) => intervalMs),
      entries.map(({ lagMs }) => (lagMs === null ? null : Math.min(Math.round(lagMs), 2 ** 31 - 1))),
      entries.map(({ stretch }) => stretch),
      entries.map(({ priority }) => priority),
      entries.map(({ settled }) => settled ?? null),
    ],
    ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
  })
}

/** Of those that are to be evaluated at all: deleted, paused and never begun ones are somebody else's matter. */
const watched = `
  from monitor_progress p
  join monitors m on m.id = p.monitor_id and m.deleted_at is null
  join monitor_state s on s.monitor_id = p.monitor_id and not s.paused
  where p.due_at is not null`
/** A commit is a sign of life: a pause that has ended, an edit. */
const overdueMs = `($1 - greatest(p.due_at, extract(epoch from s.updated_at) * 1000))`
const isOverdue = `${overdueMs} > greatest(${overdueIntervals} * p.interval_ms, ${overdueMinMs})`

type OverdueRow = Readonly<{
  id: number
  version: number
  type: string
  name: string
  priority: number | null
  tags: string[]
  overdue_ms: number
}>

/** The longest overdue first; of one cell, or (null) of all. */
export async function listOverdue(db: Queryable, nowMs: number, limit: number, cell: string | null = null): Promise<OverdueMonitor[]> {
  const { rows } = await db.query<OverdueRow>(
    `select m.id, m.version, m.type, m.name, m.priority, m.tags, ${overdueMs}::float8 as overdue_ms ${watched} and ${isOverdue}
       and ($3::text is null or m.cell = $3)
     order by overdue_ms desc, m.id limit $2`,
    [nowMs, limit, cell],
  )
  return rows.map(({ id, overdue_ms, ...row }) => ({ ...row, monitorId: id, overdueMs: Math.round(overdue_ms) }))
}

export type Punctuality = Readonly<{
  /** Monitors that are to be evaluated. */
  live: number
  overdue: number
  /** The lowest number among the overdue ones; null = none is, or none has a priority. */
  worstPriority: number | null
  stretched: number
  /** Of the last evaluation of each, in ms; null = there was none. */
  lagP50: number | null
  lagP99: number | null
}>

/** Of one cell, or (null) of all. */
export async function findPunctuality(db: Queryable, nowMs: number, cell: string | null = null): Promise<Punctuality> {
  const { rows } = await db.query<Punctuality>(
    `select count(*)::integer as live, (count(*) filter (where ${isOverdue}))::integer as overdue,
       min(m.priority) filter (where ${isOverdue}) as "worstPriority",
       (count(*) filter (where p.stretch > 1))::integer as stretched,
       percentile_cont(0.5) within group (order by p.lag_ms) as "lagP50", percentile_cont(0.99) within group (order by p.lag_ms) as "lagP99"
     ${watched} and ($2::text is null or m.cell = $2)`,
    [nowMs, cell],
  )
  return rows[0] ?? { live: 0, overdue: 0, worstPriority: null, stretched: 0, lagP50: null, lagP99: null }
}

export type ProgressRow = Readonly<{ due_at: number | null; stretch: number; lag_ms: number | null }>

/** null = nothing is known of it. */
export async function findProgress(db: Queryable, monitorId: number): Promise<ProgressRow | null> {
  const { rows } = await db.query<ProgressRow>('select due_at, stretch, lag_ms from monitor_progress where monitor_id = $1', [monitorId])
  return rows[0] ?? null
}
