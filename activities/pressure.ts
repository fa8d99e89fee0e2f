/**
 * How late this process's evaluations begin, and what is stretched for it. Holds ten seconds of lags. A monitor that is late once says nothing
 * of how much there is to do: that is what an outage leaves, or a worker that was lost. Read next: core/schedule/stretch.ts.
 */
import { nextStretch, raiseAboveMs, type Stretch, type StretchLevel, stretchFactor, unstretched } from '../core/schedule/stretch.ts'
import type { Pressure } from './watch-ports.ts'

/** Short enough to feel an overload at once, long enough that one late evaluation is none. */
const windowMs = 10_000
/** Beyond it each further evaluation takes the place of the oldest: some 100 KB. */
const samplesMax = 5_000
/** Of fewer, nobody can say what nine of ten are. */
const samplesMin = 10
/** How often it is decided anew: sorting the window takes a millisecond. */
const decideEveryMs = 1_000

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
    const lags = recent(now).flatMap(({ lagMs, again }) => (again ? [lagMs] : []))
    stretch = nextStretch(stretch, lags.length < samplesMin ? 0 : quantile(lags, 0.9), now)
  }

  return {
    evaluated({ monitorId, priority }, lagMs) {
      const at = clock()
      samples.push({ at, priority, lagMs: Math.max(0, lagMs), again: isTelling(monitorId, lagMs) })
      decide(at)
    },
    stretchOf: (priority, intervalMs) => stretchFactor(stretch.level, priority, intervalMs),
    summary() {
      const now = clock()
      decide(now)
      const all = recent(now)
      return {
        level: stretch.level,
        perSecond: all.length / (windowMs / 1_000),
        lag: lagOf(all),
        lagP1: lagOf(all.filter(({ priority }) => priority === 1)),
      }
    },
  }
}

function lagOf(samples: readonly Sample[]): Lag | null {
  const lags = samples.map(({ lagMs }) => lagMs)
  return lags.length === 0 ? null : { p50Ms: quantile(lags, 0.5), p99Ms: quantile(lags, 0.99) }
}

/** The smallest value that at least `share` of all are not above; 0 of none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
