/**
 * Whether evaluations begin later and later. Who has too much to do falls behind steadily, by less than a second in each. After an outage or
 * the loss of a worker, lags leap and then fall or stay: that isn't growth. Pure but for its own memory. Read next: pressure.ts.
 */

export type Trend = Readonly<{
  add: (lagMs: number) => void
  /** `lagMs`: what nine of ten of the last stretch of a second were below. */
  look: (now: number) => Readonly<{ grows: boolean; lagMs: number }>
}>

const lookEveryMs = 1_000
/** Of fewer, nobody can say what nine of ten are: then a stretch takes longer than a second. */
const samplesMin = 10
/** A burst of a second or two is none. */
const risesMin = 3
/** Of the time that passed: a smaller rise may be chance. */
const riseMin = 0.1
/** Where nothing is done at all, a lag grows as time passes. What rises faster was late already, and somewhere else. */
const riseMax = 1.2

export function openTrend(now: number): Trend {
  let lagsMs: number[] = []
  let since = now
  let last = 0
  let rises = 0
  return {
    add: (lagMs) => void lagsMs.push(lagMs),
    look(at) {
      const elapsedMs = at - since
      if (elapsedMs >= lookEveryMs && lagsMs.length >= samplesMin) {
        const lagMs = quantile(lagsMs, 0.9)
        const share = (lagMs - last) / elapsedMs
        rises = share >= riseMin && share <= riseMax ? rises + 1 : 0
        lagsMs = []
        last = lagMs
        since = at
      }
      return { grows: rises >= risesMin, lagMs: last }
    },
  }
}

/** The smallest value that at least `share` of all are not above; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
