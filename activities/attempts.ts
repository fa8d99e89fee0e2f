/**
 * Remembers what was tried in vain, so that a workflow that can't answer (its workers are down) isn't sent the same signal
 * every five seconds: each would stay in its history. Kept by one worker only; losing it costs a signal.
 */
export type Attempts = Readonly<{
  /** Whether it is time to try this; if so, the try counts as made. */
  due: (key: string) => boolean
}>

/** The first repeat comes with the next pass; the wait doubles up to five minutes, as long as a person waits before looking. */
const firstWaitMs = 4_000
const longestWaitMs = 300_000
/** Keys remembered: some hundred bytes each. The oldest are forgotten first, which only makes them due again. */
const attemptsMax = 20_000

export function createAttempts(clock: () => number): Attempts {
  const waits = new Map<string, Readonly<{ until: number; waitMs: number }>>()
  return {
    due(key) {
      const now = clock()
      const last = waits.get(key)
      if (last !== undefined && now < last.until) return false
      const waitMs = last === undefined ? firstWaitMs : Math.min(last.waitMs * 2, longestWaitMs)
      waits.delete(key)
      waits.set(key, { until: now + waitMs, waitMs })
      const oldest = waits.size > attemptsMax ? waits.keys().next().value : undefined
      if (oldest !== undefined) waits.delete(oldest)
      return true
    },
  }
}
