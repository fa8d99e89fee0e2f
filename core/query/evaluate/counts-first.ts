/**
 * Arithmetic over counts: the ratio of two sums, not the sum of ratios. Where a query computes with at least one `.as_count()`, each operand
 * is aggregated over the window first, as Datadog does, and the arithmetic is done once.
 */
import { assertNever } from '../../assert.ts'
import { type Frame, frameOf, mapSeries, mapValues, type Span } from '../frame.ts'
import type { Expression, TimeAggregator } from '../metric-nodes.ts'
import { callOver, evaluate, keysOf, type ReadSeries } from './expression.ts'
import { isBucketwise } from './functions.ts'
import { combine } from './join.ts'
import { reduceWindow } from './reduce.ts'

export function countsFirst(of: Expression): boolean {
  return hasArithmetic(of) && hasCount(of) && isWithinReach(of)
}

/** One bucket as long as the window, with the value of each group. */
export function reducedFirst(of: Expression, aggregator: TimeAggregator, span: Span, read: ReadSeries): Frame {
  const whole: Span = { toMs: span.toMs, stepMs: span.stepMs * span.length, length: 1 }
  return reduced(of)
  function reduced(expression: Expression): Frame {
    if (!hasArithmetic(expression) && expression.kind !== 'number') {
      return mapSeries(evaluate(expression, span, read), (values) => [reduceWindow(values, aggregator)], whole)
    }
    switch (expression.kind) {
      case 'series':
      case 'number':
        return evaluate(expression, whole, read)
      case 'negative':
        return mapValues(reduced(expression.of), (value) => -value)
      case 'arithmetic': {
        const { operator, left, right } = expression
        return combine(operator, { frame: reduced(left), groupBy: keysOf(left) }, { frame: reduced(right), groupBy: keysOf(right) })
      }
      case 'call':
        return callOver(expression, whole, read, () => frameOf(whole, reduced(expression.of).series))
      default:
        return assertNever(expression)
    }
  }
}

/** Functions that look from bucket to bucket need the buckets: over them arithmetic comes first after all. */
function isWithinReach(expression: Expression): boolean {
  switch (expression.kind) {
    case 'series':
    case 'number':
      return true
    case 'negative':
      return isWithinReach(expression.of)
    case 'arithmetic':
      return isWithinReach(expression.left) && isWithinReach(expression.right)
    case 'call':
      return !hasArithmetic(expression.of) || (isBucketwise(expression.name) && isWithinReach(expression.of))
    default:
      return assertNever(expression)
  }
}

function hasArithmetic(expression: Expression): boolean {
  switch (expression.kind) {
    case 'series':
    case 'number':
      return false
    case 'negative':
    case 'call':
      return hasArithmetic(expression.of)
    case 'arithmetic':
      return true
    default:
      return assertNever(expression)
  }
}

function hasCount(expression: Expression): boolean {
  switch (expression.kind) {
    case 'series':
      return expression.as === 'count'
    case 'number':
      return false
    case 'negative':
    case 'call':
      return hasCount(expression.of)
    case 'arithmetic':
      return hasCount(expression.left) || hasCount(expression.right)
    default:
      return assertNever(expression)
  }
}
