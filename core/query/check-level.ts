/**
 * From the results of a service check to a level: how many of one status stand in a row, or which part of the members has it.
 * Read next: check-nodes.ts; fixed-levels.ts, levels as values.
 */
import type { Level, StatusCounts } from '../monitor/spec-types.ts'

/** 0 ok, 1 warning, 2 critical, 3 unknown. */
type Result = number

/**
 * `results`: a group's, newest first. The run of equal ones that is still going on decides once it is as long as its status asks for;
 * null = not decided yet, and the group stays as it is.
 */
export function levelOfRun(results: readonly Result[], counts: StatusCounts): Level | null {
  const known = counts.unknown === null ? results.filter((result) => result !== 3) : results
  const [newest] = known
  if (newest === undefined) return null
  const end = known.findIndex((result) => result !== newest)
  const length = end < 0 ? known.length : end
  switch (newest) {
    case 0:
      return length >= counts.ok ? 'ok' : null
    case 1:
      return length >= counts.warning ? 'warn' : null
    case 2:
      return length >= counts.critical ? 'alert' : null
    default:
      // Who counts what is unknown wants to hear of it.
      return length >= (counts.unknown ?? Number.POSITIVE_INFINITY) ? 'alert' : null
  }
}

/** `results`: the newest of each member of a group. Percentages are of all members; a member that is critical counts for `warning`, too. */
export function levelOfShare(results: readonly Result[], counts: StatusCounts): Level | null {
  if (results.length === 0) return null
  const share = (...statuses: readonly Result[]): number =>
    (100 * results.filter((result) => statuses.includes(result)).length) / results.length
  if (share(2) >= counts.critical) return 'alert'
  if (counts.unknown !== null && share(3) >= counts.unknown) return 'alert'
  return share(1, 2) >= counts.warning ? 'warn' : 'ok'
}
