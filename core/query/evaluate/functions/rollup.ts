/** Points of so many seconds as one: of those before each point, or in longer buckets. */

import { median } from '../../algorithms/statistics.ts'
import { bucketsIn, type Call, type MetricFunction, requiredNumber } from '../call.ts'
import { Impossible } from '../impossible.ts'
import { reduceValues } from '../reduce.ts'
import { overSeries, overTrailing } from './series.ts'

export const rollupFunctions: Readonly<Record<string, MetricFunction>> = {
  moving_rollup: (call) => {
    const count = Math.max(1, bucketsIn(requiredNumber(call, 'interval', 0) * 1_000, call.span))
    const reduce = reducerOf(call, 1)
    return overSeries(call, count - 1, (values) => overTrailing(values, count, reduce))
  },
  /** Longer buckets, counted back from the end of the run; each has its value where it ends. */
  rollup: (call) => {
    const count = Math.max(1, bucketsIn((call.args.number('interval', 1) ?? 0) * 1_000, call.span))
    const reduce = reducerOf(call, 0)
    const short = (count - (call.span.length % count)) % count
    return overSeries(call, short, (values) =>
      overTrailing(values, count, reduce).map((value, i) => ((values.length - 1 - i) % count === 0 ? value : null)),
    )
  },
}

function reducerOf({ name, args }: Call, place: number): (values: readonly number[]) => number {
  const method = args.text('method', place) ?? 'avg'
  switch (method) {
    case 'avg':
    case 'sum':
    case 'min':
    case 'max':
    case 'count':
      return (values) => reduceValues(values, method)
    case 'median':
      return median
    default:
      throw new Impossible(`${name}() knows avg, sum, min, max, count and median, not ${method}`)
  }
}
