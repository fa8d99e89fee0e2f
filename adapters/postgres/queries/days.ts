/** Tables that have a partition a day: which, and how the days come to be and go. Read next: retention.ts, migrations/0004 and 0005. */
import type { Queryable } from '../pool.ts'

export type DayTable = 'points' | 'evaluations' | 'check_runs' | 'logs' | 'events' | 'heartbeat_pings'

/** Days since the epoch, each once, ascending: the one order in which all writers make them. */
export function daysOf(times: Iterable<number>): number[] {
  const days = new Set<number>()
  for (const atMs of times) days.add(Math.floor(atMs / dayMs))
  return [...days].sort((a, b) => a - b)
}

const dayMs = 86_400_000

export async function ensureDays(db: Queryable, table: DayTable, days: readonly number[]): Promise<void> {
  await db.query('select ensure_day_partition($1, day) from unnest($2::integer[]) as day', [table, days])
}

/** How many days went. */
export async function dropDays(db: Queryable, table: DayTable, beforeDay: number): Promise<number> {
  const { rows } = await db.query<{ days: number }>('select drop_day_partitions_before($1, $2) as days', [table, beforeDay])
  return rows[0]?.days ?? 0
}
