import { assertNever } from '../../assert.ts'
import type { Expression, Over } from '../metric-nodes.ts'
import { argumentsOf } from './call.ts'
import { bucketLengthMs } from './steps.ts'

/** Buckets of a window at most where somebody asks for their length, as Datadog's. */
const askedBucketsMax = 1_500

/**
 * How long the buckets of a query are: as anomalies() is told, else the longest that a leaf asks for, else as the window's length says. All leaves
 * have the same: what is computed of them meets bucket by bucket. Without a window: what is asked for, 0 = nothing is.
 */
export function stepMsOf(over: Over | null, of: Expression): number {
  const asked = askedMs(of)
  if (over === null) return asked
  if (asked === 0) return bucketLengthMs(over.windowMs)
  // Too fine a length is taken several times.
  return asked * Math.max(1, Math.ceil(over.windowMs / asked / askedBucketsMax))
}

function askedMs(expression: Expression): number {
  switch (expression.kind) {
    case 'series':
      return expression.rollup?.ms ?? 0
    case 'number':
      return 0
    case 'negative':
      return askedMs(expression.of)
    case 'arithmetic':
      return Math.max(askedMs(expression.left), askedMs(expression.right))
    case 'call': {
      const interval = expression.name === 'anomalies' ? argumentsOf(expression.args).number('interval', 4) : null
      return Math.max((interval ?? 0) * 1_000, askedMs(expression.of))
    }
    default:
      return assertNever(expression)
  }
}
