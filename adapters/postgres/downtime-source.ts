/**
 * Which downtimes are in force for a monitor at a slot, asked once for each evaluation. A worker holds all that are planned and asks
 * PostgreSQL once a second whether any changed. While it is away nobody can plan or cancel one, so what was known last holds, however long.
 * Never answers that nothing holds because nobody could be asked: a worker that knows of none yet rejects, and the slot waits.
 * Read next: queries/downtimes.ts, core/downtime/matching.ts.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { DowntimeSource } from '../../activities/ports.ts'
import { StoreAwayError } from '../../activities/store-ports.ts'
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
/** For an answer, where another one is known: a count takes a millisecond, and the slot waits. */
const patienceMs = 2_000

type Options = Readonly<{ pool: Pool; times: Times; clock: () => number }>
type Known = Readonly<{ index: DowntimeIndex; changes: number; loadedAt: number }>

export function downtimeSource({ pool, times, clock }: Options): DowntimeSource {
  const starts = rememberedStarts(times)
  const refresh = refreshing(pool, clock)
  return {
    inForce: async (monitor, slots) => {
      const { index } = await refresh()
      const downtimes = downtimesOf(index, monitor)
      return slots.map((slot) => inForceAt(downtimes, slot, starts))
    },
  }
}

/** What is planned, a second old at the most; older only while PostgreSQL gives no answer. */
function refreshing(pool: Pool, clock: () => number): () => Promise<Known> {
  let known: Known | null = null
  let triedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<Known> | null = null

  async function ask(at: number): Promise<Known> {
    // Counted before it is read: a change in between is read twice rather than never.
    const changes = await downtimeChanges(pool)
    if (known === null || known.changes !== changes || !isWithin(reloadMs, known.loadedAt, at))
      known = { index: indexed(await liveDowntimes(pool, at - horizonMs)), changes, loadedAt: at }
    triedAt = at
    return known
  }

  return async () => {
    const at = clock()
    if (known !== null && isWithin(freshMs, triedAt, at)) return known
    asking ??= ask(at).finally(() => {
      asking = null
    })
    if (known === null) return asking.catch(unknown)
    const answered = await inTime(asking, known)
    // Whether it came or not: the next second is for others.
    triedAt = at
    return answered
  }
}

function unknown(cause: unknown): never {
  throw new StoreAwayError(
    `PostgreSQL: which downtimes are planned can’t be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      cause,
    },
  )
}

/** The last answer where there is no better one in time. */
async function inTime(asking: Promise<Known>, known: Known): Promise<Known> {
  const enough = new AbortController()
  try {
    return await Promise.race([asking.catch(() => known), wait(patienceMs, known, { signal: enough.signal })])
  } finally {
    enough.abort()
  }
}

/** A clock that was set back makes nothing young. */
function isWithin(ageMs: number, since: number, at: number): boolean {
  return at >= since && at - since < ageMs
}
