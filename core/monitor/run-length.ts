/**
 * When a monitor's run has gone on for long enough to go on in a new one. Each continue-as-new writes the state into history twice,
 * as the end of one run and the start of the next; each evaluation of a run is done again when a worker replays it.
 * Read next: workflows/monitor.ts.
 */
import type { Snapshot } from './snapshot.ts'

export type RunSoFar = Readonly<{
  evaluations: number
  /** Size of its history in bytes when it began, with the state that it was given, … */
  startBytes: number
  /** … and now. Both are 0 on servers that don't say. */
  bytes: number
}>

/**
 * A small state isn't worth a thought: after `evaluationsPerRun` its run is full. A run with a large one goes on until its own events
 * weigh as much as its state does in both histories, so that carrying it over doubles the cost of an evaluation at the most;
 * yet not beyond `evaluationsPerLongRun`. Bounds from before there were long runs know none.
 */
export function isRunFull({ evaluations, startBytes, bytes }: RunSoFar, bounds: Snapshot['bounds']): boolean {
  if (evaluations < bounds.evaluationsPerRun) return false
  const longest = bounds.evaluationsPerLongRun ?? bounds.evaluationsPerRun
  return evaluations >= longest || bytes - startBytes >= 2 * startBytes
}
