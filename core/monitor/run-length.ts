/**
 * When a monitor's run has gone on for long enough to go on in a new one. Each continue-as-new writes the state into history twice,
 * as the end of one run and the start of the next; each evaluation of a run is done again when a worker replays it.
 * Counts what was done rather than ask the server how large the history is: that isn't the same when it is replayed.
 * Read next: workflows/monitor.ts.
 */
import type { Snapshot } from './snapshot.ts'

export type RunSoFar = Readonly<{
  evaluations: number
  /** Readings and missing groups that these told of. */
  told: number
  /** Messages that were acted upon. */
  messages: number
}>

/** What one costs history, measured by bench/groups: an evaluation, and each group that it tells of, compressed. */
const evaluationBytes = 1_200
const toldBytes = 20
/** A group of a state, compressed. */
const groupBytes = 14
/** Each is some ten events; a server takes 51,200 in one history, and replaying a thousand takes a second. */
const messagesMax = 200

/**
 * A small state isn't worth a thought: after `evaluationsPerRun` its run is full. A run with a large one goes on until its own events
 * weigh as much as its state does in both histories, so that carrying it over doubles the cost of an evaluation at the most;
 * yet not beyond `evaluationsPerLongRun`. Bounds from before there were long runs know none.
 */
export function isRunFull({ evaluations, told, messages }: RunSoFar, groups: () => number, bounds: Snapshot['bounds']): boolean {
  if (messages >= messagesMax) return true
  if (evaluations < bounds.evaluationsPerRun) return false
  const longest = bounds.evaluationsPerLongRun ?? bounds.evaluationsPerRun
  return evaluations >= longest || evaluations * evaluationBytes + told * toldBytes >= 2 * groups() * groupBytes
}
