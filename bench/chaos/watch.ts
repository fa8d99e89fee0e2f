/**
 * How many monitors are behind their schedule, twice a second, out of what PostgreSQL holds: the evaluations that workers write down.
 * Only looks. Read next: recovery.ts, which says how long a fault hurt.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { slotAtOrBefore } from '../../core/schedule/slots.ts'

/** `behind` null = PostgreSQL didn't answer. */
export type Look = Readonly<{ atMs: number; behind: number | null }>

const everyMs = 500
/** A slot that isn't written down so long after its time is late: workers write once a second, and may be busy for another. */
export const onScheduleMs = 3_000

export type Watch = Readonly<{ looks: readonly Look[]; stop: () => Promise<void> }>

export function watchSchedule(pool: Pool, monitorIds: readonly number[], intervalMs: number): Watch {
  const looks: Look[] = []
  let stopped = false
  const run = async (): Promise<void> => {
    while (!stopped) {
      const atMs = Date.now()
      const behind = await countBehind(pool, monitorIds, intervalMs, atMs).catch(() => null)
      looks.push({ atMs, behind })
      await delay(Math.max(0, atMs + everyMs - Date.now()))
    }
  }
  const done = run()
  return {
    looks,
    stop: async () => {
      stopped = true
      await done
    },
  }
}

export async function countBehind(pool: Pool, monitorIds: readonly number[], intervalMs: number, atMs: number): Promise<number> {
  const { rows } = await pool.query<{ monitor_id: number; slot: number }>(
    'select monitor_id, max(slot) as slot from evaluations where slot > $1 group by monitor_id',
    [atMs - 2 * intervalMs - onScheduleMs],
  )
  const newest = new Map(rows.map(({ monitor_id: id, slot }) => [id, slot]))
  return monitorIds.filter((id) => (newest.get(id) ?? 0) < slotAtOrBefore(id, intervalMs, atMs - onScheduleMs)).length
}

/** Monitors of which no slot from `sinceMs` on has been evaluated and written down. Unlike being on schedule it comes true on a busy machine, too. */
export async function countUnseen(pool: Pool, monitorIds: readonly number[], sinceMs: number): Promise<number> {
  const { rows } = await pool.query<{ monitor_id: number }>('select distinct monitor_id from evaluations where slot >= $1', [sinceMs])
  const seen = new Set(rows.map(({ monitor_id: id }) => id))
  return monitorIds.filter((id) => !seen.has(id)).length
}
