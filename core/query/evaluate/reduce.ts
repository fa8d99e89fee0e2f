/** How values become one: those of a window, of a bucket, of a group. */
import { assertNever } from '../../assert.ts'
import { quantile } from '../algorithms/statistics.ts'
import { finite, type Values } from '../frame.ts'
import type { TimeAggregator } from '../metric-nodes.ts'

/** Of at least one value, all present. */
export function reduceValues(values: readonly number[], aggregator: TimeAggregator): number {
  if (typeof aggregator !== 'string') return quantile(values, aggregator.percentile / 100)
  switch (aggregator) {
    case 'avg':
      return total(values) / values.length
    case 'sum':
      return total(values)
    case 'min':
      return values.reduce((least, value) => Math.min(least, value))
    case 'max':
      return values.reduce((most, value) => Math.max(most, value))
    case 'count':
      return values.length
    default:
      return assertNever(aggregator)
  }
}

/** Of a window; null = nothing in it has data, or the sum is beyond all numbers. Makes no list for the usual ones: they are many. */
export function reduceWindow(values: Values, aggregator: TimeAggregator): number | null {
  let count = 0
  let sum = 0
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value === null) continue
    count += 1
    sum += value
    if (value < least) least = value
    if (value > most) most = value
  }
  if (count === 0) return null
  if (typeof aggregator !== 'string')
    return finite(
      reduceValues(
        values.flatMap((value) => value ?? []),
        aggregator,
      ),
    )
  switch (aggregator) {
    case 'avg':
      return finite(sum / count)
    case 'sum':
      return finite(sum)
    case 'min':
      return least
    case 'max':
      return most
    case 'count':
      return count
    default:
      return assertNever(aggregator)
  }
}

function total(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
