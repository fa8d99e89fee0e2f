import type { Pool } from '../../adapters/postgres/pool.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'

export const groups = 20
const minuteMs = 60_000
export const weekMs = 7 * 24 * 60 * minuteMs
/** Any full minute will do, as long as points are kept for so long. */
export const weekEndMs = Math.floor(Date.now() / minuteMs) * minuteMs

/** A point a minute and host: mostly busy, and now and then too busy. The hour before the week is for the warm-up. */
export async function pushWeek(pool: Pool): Promise<void> {
  for (let group = 0; group < groups; group += 1) {
    const points = []
    for (let atMs = weekEndMs - weekMs - 60 * minuteMs; atMs <= weekEndMs; atMs += minuteMs) {
      points.push({ atMs, value: valueAt(group, atMs) })
    }
    await ingestSeries(pool, [{ metric: 'bench.cpu', tags: [`host:web-${group}`], kind: 'gauge', intervalS: 60, points }])
  }
}

/** Twenty minutes at 95 in every eight hours, each host at another time. */
function valueAt(group: number, atMs: number): number {
  const minute = Math.floor(atMs / minuteMs) + group * 23
  return minute % 480 < 20 ? 95 : 40 + (minute % 30)
}
