/**
 * How late this process's evaluations begin, and what is stretched for it. Holds ten seconds of lags. Late alone says nothing of how much
 * there is to do: an outage leaves it, or a worker that was lost. Lateness that grows does (trend.ts), and monitors that are late again.
 * Read next: core/schedule/stretch.ts, trend.ts.
 */
import { nextStretch, raiseAboveMs, type Stretch, type StretchLevel, stretchFactor, unstretched } from '../core/schedule/stretch.ts'
import { openDemand } from './demand.ts'
import { openTrend, quantile } from './trend.ts'
import type { Pressure } from './watch-ports.ts'

/** Short enough to feel an overload at once, long enough that one late evaluation is none. */
const windowMs = 10_000
/** Beyond it each further evaluation takes the place of the oldest: some 100 KB. */
const samplesMax = 5_000
/** Of fewer, nobody can say what nine of ten are. */
const samplesMin = 10
/** How often it is decided anew: sorting the window takes a millisecond. */
const decideEveryMs = 1_000
/** After so long without, it is another overload, of other costs. */
const episodeMs = 5 * 60_000
/** Of the rate that was reached under pressure, so much is filled again: the rest is for replays and for costs that vary. */
const fillMax = 0.8

export type Lag = Readonly<{ p50Ms: number; p99Ms: number }>

/** Of the last ten seconds. `lagOf` P1 alone: null = there was none. */
export type PressureSummary = Readonly<{ level: StretchLevel; perSecond: number; lag: Lag | null; lagP1: Lag | null }>

export type MeasuredPressure = Pressure & Readonly<{ summary: () => PressureSummary }>

/** `again`: the monitor was late the last time, too, or it isn't late. Else it says nothing of how much there is to do. */
type Sample = Readonly<{ at: number; priority: number | null; lagMs: number; again: boolean }>

/** Monitors known as late, some 1 MB. What is beyond it counts a turn later. */
const lateMax = 20_000

export function createPressure(clock: () => number): MeasuredPressure {
  let samples: Sample[] = []
  let stretch: Stretch = unstretched
  let decidedAt = clock()
  /** Evaluations a second, when there was more to do than could be done; null = that wasn't yet. */
  let carried: number | null = null
  let tooMuchAt: number | null = null
  const demand = openDemand()
  const trend = openTrend(decidedAt)
  const late = new Set<number>()

  /** Whether what this evaluation says of the load counts. */
  function isTelling(monitorId: number, lagMs: number): boolean {
    const wasLate = late.delete(monitorId)
    if (lagMs <= raiseAboveMs) return true
    if (late.size < lateMax) late.add(monitorId)
    return wasLate
  }

  function recent(now: number): Sample[] {
    samples = samples.filter(({ at }) => at > now - windowMs).slice(-samplesMax)
    return samples
  }

  function decide(now: number): void {
    if (now - decidedAt < decideEveryMs) return
    decidedAt = now
    const all = recent(now)
    const { grows, lagMs } = trend.look(now)
    const again = ninetieth(all.flatMap((sample) => (sample.again ? [sample.lagMs] : [])))
    const telling = grows ? Math.max(again, lagMs) : again
    noteCarried(telling > raiseAboveMs, perSecond(all), now)
    stretch = nextStretch(stretch, { lagMs: heldAt(telling, ninetieth(all.map((sample) => sample.lagMs))), fitsBelow: fitsBelow(now) }, now)
  }

  /** The most that was done while there was too much to do; what is done at any time can be done, too. */
  function noteCarried(isTooMuch: boolean, rate: number, now: number): void {
    const begins = isTooMuch && (tooMuchAt === null || now - tooMuchAt > episodeMs)
    if (isTooMuch) tooMuchAt = now
    if (carried === null && !isTooMuch) return
    carried = begins ? rate : Math.max(carried ?? 0, rate)
  }

  /** Whether this process could carry the level below. */
  function fitsBelow(now: number): boolean {
    return stretch.level === 0 || carried === null || demand.perSecond(stretch.level - 1, now) <= carried * fillMax
  }

  return {
    evaluated({ monitorId, priority, intervalMs }, lagMs) {
      const at = clock()
      const sample = { at, priority, lagMs: Math.max(0, lagMs), again: isTelling(monitorId, lagMs) }
      samples.push(sample)
      trend.add(sample.lagMs)
      demand.seen({ monitorId, priority, intervalMs }, at)
      decide(at)
    },
    stretchOf: (priority, intervalMs) => stretchFactor(stretch.level, priority, intervalMs),
    summary() {
      const now = clock()
      decide(now)
      const all = recent(now)
      return {
        level: stretch.level,
        perSecond: perSecond(all),
        lag: lagOf(all),
        lagP1: lagOf(all.filter(({ priority }) => priority === 1)),
      }
    },
  }
}

/** Late as after an outage raises no level; none is given back while it lasts, either. */
function heldAt(tellingMs: number, lagMs: number): number {
  return Math.max(tellingMs, Math.min(lagMs, raiseAboveMs))
}

const perSecond = (samples: readonly Sample[]): number => samples.length / (windowMs / 1_000)

const ninetieth = (lagsMs: readonly number[]): number => (lagsMs.length < samplesMin ? 0 : quantile(lagsMs, 0.9))

function lagOf(samples: readonly Sample[]): Lag | null {
  const lags = samples.map(({ lagMs }) => lagMs)
  return lags.length === 0 ? null : { p50Ms: quantile(lags, 0.5), p99Ms: quantile(lags, 0.99) }
}
