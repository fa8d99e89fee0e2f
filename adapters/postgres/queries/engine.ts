/** The engine as a whole: which workers there are, what is broken, what one of all did last. Read next: migrations/0020_progress.sql. */
import { firstCell } from '../../../core/schedule/cells.ts'
import type { Queryable } from '../pool.ts'

export type WorkerPulse = Readonly<{
  worker: string
  startedAt: Date
  /** Of all cells together. */
  shards: readonly number[]
  /** As `cell/shard`; absent = its version knows no cells: those shards of the first. */
  serves?: readonly string[]
  stretchLevel: number
  evaluationsPerSecond: number
  /** In ms, of the last seconds; null = nothing was evaluated. */
  lagP50: number | null
  lagP99: number | null
  lagP1P99: number | null
}>

/** A worker that has said nothing for so long is gone, or as good as gone. It says something every ten seconds. */
const workerGoneAfter = '45 seconds'

export async function savePulse(db: Queryable, pulse: WorkerPulse): Promise<void> {
  const { worker, startedAt, shards, serves = [], stretchLevel, evaluationsPerSecond, lagP50, lagP99, lagP1P99 } = pulse
  await db.query(
    `insert into engine_workers (worker, started_at, shards, stretch_level, evaluations_per_second, lag_p50, lag_p99, lag_p1_p99, serves)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (worker) do update set at = now(), shards = excluded.shards, stretch_level = excluded.stretch_level,
       evaluations_per_second = excluded.evaluations_per_second, lag_p50 = excluded.lag_p50, lag_p99 = excluded.lag_p99,
       lag_p1_p99 = excluded.lag_p1_p99, serves = excluded.serves`,
    [worker, startedAt, shards, stretchLevel, evaluationsPerSecond, ...[lagP50, lagP99, lagP1P99].map(rounded), serves],
  )
  await db.query(`delete from engine_workers where at < now() - interval '1 day'`)
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.min(Math.round(ms), 2 ** 31 - 1))

/** Says that it is gone: nobody waits for its silence. */
export async function removePulse(db: Queryable, worker: string): Promise<void> {
  await db.query('delete from engine_workers where worker = $1', [worker])
}

/** Those that live, by name. */
export async function listWorkers(db: Queryable): Promise<WorkerPulse[]> {
  const { rows } = await db.query<WorkerPulse>(
    `select worker, started_at as "startedAt", shards, stretch_level as "stretchLevel", evaluations_per_second as "evaluationsPerSecond",
       lag_p50 as "lagP50", lag_p99 as "lagP99", lag_p1_p99 as "lagP1P99", serves
     from engine_workers where at > now() - $1::interval order by worker limit 1000`,
    [workerGoneAfter],
  )
  return rows
}

/** Which shards of a cell a worker serves. */
export function shardsServed({ shards, serves = [] }: Pick<WorkerPulse, 'shards' | 'serves'>, cell: string): readonly number[] {
  if (serves.length === 0) return cell === firstCell ? shards : []
  return serves.filter((one) => one.startsWith(`${cell}/`)).map((one) => Number(one.slice(cell.length + 1)))
}

/** True for one caller in `everyMs`, of all processes; false for the others. */
export async function claimMark(db: Queryable, name: string, everyMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into engine_marks (name) values ($1)
     on conflict (name) do update set at = now() where engine_marks.at < now() - $2 * interval '1 millisecond'`,
    [name, everyMs],
  )
  return rowCount === 1
}

export type Troubles = Readonly<{
  /** Messages that were given up, and wait for somebody to take them up again. */
  deadLetters: number
  /** Receivers and sources that are left alone because they failed. */
  receiversHeld: readonly string[]
  sourcesHeld: readonly string[]
  /** Definitions whose workflow hasn't taken them over yet. */
  unapplied: number
  /** When the dead man's switch last told that all is well; null = never. */
  deadmanAt: Date | null
}>

/** Names at most; their number is in the receivers' and sources' own lists. */
const namesMax = 100

export async function findTroubles(db: Queryable): Promise<Troubles> {
  const { rows } = await db.query<Troubles>(
    `select (select count(*)::integer from deliveries where status = 'dead') as "deadLetters",
       to_jsonb(array(select receiver from receiver_lanes where breaker_state <> 'closed' order by receiver limit $1)) as "receiversHeld",
       to_jsonb(array(select distinct source from source_states
         where state ->> 'circuit' <> 'closed' and updated_at > now() - $2::interval order by source limit $1)) as "sourcesHeld",
       (select count(*)::integer from monitors where deleted_at is null and applied_version is distinct from version) as unapplied,
       (select at from engine_marks where name = 'deadman') as "deadmanAt"`,
    [namesMax, workerGoneAfter],
  )
  return rows[0] ?? { deadLetters: 0, receiversHeld: [], sourcesHeld: [], unapplied: 0, deadmanAt: null }
}
