/**
 * Which times of pushed data are taken: not those that are past retention, nor those that no clock can have said yet.
 * Read next: core/intake-days.ts.
 */

const dayMs = 86_400_000
/** Clocks of clients may run ahead this much; Datadog allows the same. */
const futureMaxMs = 10 * 60_000

/** Why nothing of this time is stored, as a sentence; null where it is. `what` is kept: `points`. */
export function timeIssue(atMs: number, nowMs: number, keptDays: number, what: string): string | null {
  if (atMs > nowMs + futureMaxMs) return `more than ${futureMaxMs / 60_000} minutes in the future (expected seconds since 1970)`
  if (atMs < nowMs - keptDays * dayMs)
    return `older than ${keptDays} days, which is how long ${what} are kept (expected seconds since 1970)`
  return null
}
