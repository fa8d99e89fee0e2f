/**
 * Which downtimes are in force for a monitor at a slot, asked once for each evaluation. A worker holds all that are planned and asks
 * PostgreSQL once a second whether any changed. Rejects while PostgreSQL is away: nobody is told of what a downtime may hold.
 * Read next: queries/downtimes.ts, core/downtime/matching.ts.
 */
import type { DowntimeSource } from '../../activities/ports.ts'
import { type DowntimeIndex, downtimesOf, indexed, inForceAt } from '../../core/downtime/matching.ts'
import { rememberedStarts, type Times } from '../../core/downtime/starts.ts'
import type { Pool } from './pool.ts'
import { downtimeChanges, liveDowntimes } from './queries/downtimes.ts'

/** What is planned or canceled counts that much later at the most. */
const freshMs = 1_000
/** Between two looks at the whole list where nothing changed, so that what is over leaves it. */
const reloadMs = 300_000
/** Slots are caught up for a day (temporal.config.ts); a bit more for an evaluation that takes its time. */
const horizonMs = 25 * 3_600_000

type Options = Readonly<{ pool: Pool; times: Times; clock: () => number }>
type Known = Readonly<{ index: DowntimeIndex; changes: number; loadedAt: number }>

export function downtimeSource({ pool, times, clock }: Options): DowntimeSource {
  const starts = rememberedStarts(times)
  let known: Known | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<Known> | null = null

  async function refresh(): Promise<Known> {
    const at = clock()
    // Counted before it is read: a change in between is read twice rather than never.
    const changes = await downtimeChanges(pool)
    if (known === null || known.changes !== changes || at - known.loadedAt >= reloadMs || at < known.loadedAt)
      known = { index: indexed(await liveDowntimes(pool, at - horizonMs)), changes, loadedAt: at }
    askedAt = at
    return known
  }

  async function fresh(): Promise<Known> {
    const age = clock() - askedAt
    if (known !== null && age >= 0 && age < freshMs) return known
    asking ??= refresh().finally(() => {
      asking = null
    })
    return asking
  }

  return {
    inForce: async (monitor, slots) => {
      const { index } = await fresh()
      const downtimes = downtimesOf(index, monitor)
      return slots.map((slot) => inForceAt(downtimes, slot, starts))
    },
  }
}
