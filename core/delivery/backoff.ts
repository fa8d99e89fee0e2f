/** Between the first try and the second. */
const firstPauseMs = 1_000
/** Once a receiver is back, nobody waits longer than this for what it missed. */
const longestPauseMs = 300_000
/** A receiver may ask for a pause; beyond an hour, asking again is the better guess. */
const askedPauseMaxMs = 3_600_000

/** How long after its `failures`-th failed try a message is tried again: doubled each time, spread by a fifth by `chance` in [0, 1). */
export function pauseAfterMs(failures: number, chance: number): number {
  const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(Math.max(0, failures - 1), 16), longestPauseMs)
  return Math.round(pauseMs * (0.8 + 0.4 * chance))
}

/** The pause that a receiver asked for: bounded, and never shorter than it said. Whoever was told the same doesn't come back at once. */
export function askedPauseMs(afterMs: number, chance: number): number {
  return Math.max(1, Math.round(Math.min(afterMs, askedPauseMaxMs) * (1 + 0.2 * chance)))
}
