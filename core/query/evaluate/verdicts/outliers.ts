/** `outliers(q by {host}, 'dbscan', 3)`: 1 for each group that behaves unlike the others over the window, else 0. Read next: algorithms/outliers.ts. */
import { outliers as findOutliers, type Outliers } from '../../algorithms/outliers.ts'
import { bucketsIn } from '../call.ts'
import { Impossible } from '../impossible.ts'
import type { Verdict, VerdictCall } from '../verdict.ts'

/** Groups that are compared each with each: a million of distances take some 10 ms. */
const membersMax = 1_000

export function outliers(call: VerdictCall): Verdict {
  const { operand, over, stepMs, toMs } = call
  const { series } = operand({ toMs, stepMs, length: Math.max(1, bucketsIn(over.windowMs, { toMs, stepMs, length: 0 })) })
  // Sorted, so that equally large clusters are told apart in the same way each time.
  const groups = Object.keys(series)
    .filter((group) => series[group]?.some((value) => value !== null))
    .sort()
  if (groups.length > membersMax) throw new Impossible(`outliers() compares at most ${membersMax} groups, and there are ${groups.length}`)
  const odd = findOutliers(
    groups.map((group) => series[group] ?? []),
    methodOf(call),
  )
  return { values: Object.fromEntries(groups.map((group, i) => [group, odd[i] === true ? 1 : 0])), undecided: [] }
}

function methodOf({ args }: VerdictCall): Outliers {
  const name = args.text('algorithm', 0) ?? 'dbscan'
  const tolerance = args.number('tolerance', 1) ?? 3
  const share = (args.number('pct', 2) ?? 100) / 100
  switch (name) {
    case 'dbscan':
    case 'scaleddbscan':
      return { method: 'dbscan', scaled: name === 'scaleddbscan', tolerance, share }
    case 'mad':
    case 'scaledmad':
      return { method: 'mad', scaled: name === 'scaledmad', tolerance, share }
    default:
      throw new Impossible(`outliers() knows dbscan, mad, scaledDBSCAN and scaledMAD, not ${name}`)
  }
}
