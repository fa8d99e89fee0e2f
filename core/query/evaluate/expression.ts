/**
 * The value of an expression over a run of buckets. What it reads of sources follows from the expression and the run alone, so a reader
 * that answers nothing finds out what there is to be fetched.
 * Read next: call.ts, functions.ts; window.ts, which asks for the runs.
 */
import { assertNever } from '../../assert.ts'
import { type Frame, frameOf, mapValues, type Span } from '../frame.ts'
import type { CallExpression, Expression, SeriesExpression } from '../metric-nodes.ts'
import { argumentsOf } from './call.ts'
import { filled } from './functions/interpolation.ts'
import { isSpaceAggregation, metricFunction } from './functions.ts'
import { Impossible } from './impossible.ts'
import { combine, joinedGroups, joinedKeys, narrowed } from './join.ts'

/** What a source says of a leaf: groups without data in the run are absent. */
export type ReadSeries = (series: SeriesExpression, span: Span) => Frame

/** Buckets of one run at most: a month of minutes is more than anybody looks at. */
const runMax = 20_000
/** A group that is silent for longer is gone for default_zero(), too. An alert's recovery is seen long before. */
const memoryMs = 3_600_000

export function evaluate(expression: Expression, span: Span, read: ReadSeries): Frame {
  if (span.length > runMax) throw new Impossible(`it looks at ${span.length} points of each series, at most ${runMax} are possible`)
  switch (expression.kind) {
    case 'series':
      return leaf(expression, span, read)
    case 'number':
      return frameOf(span, { '*': Array.from({ length: span.length }, () => expression.value) })
    case 'negative':
      return mapValues(evaluate(expression.of, span, read), (value) => -value)
    case 'arithmetic': {
      const left = { frame: evaluate(expression.left, span, read), groupBy: keysOf(expression.left) }
      const right = { frame: evaluate(expression.right, span, read), groupBy: keysOf(expression.right) }
      return combine(expression.operator, left, right)
    }
    case 'call':
      return callOver(expression, span, read, (run) => evaluate(expression.of, run, read))
    default:
      return assertNever(expression)
  }
}

/** A function over an operand of the caller's choice. */
export function callOver(expression: CallExpression, span: Span, read: ReadSeries, operand: (span: Span) => Frame): Frame {
  const { name, of } = expression
  const apply = metricFunction(name)
  if (apply === null) throw new Impossible(`${name}() can’t stand here`)
  const known = (run: Span) => knownGroups(of, memoryOf(run), read)
  return apply({ name, args: argumentsOf(expression.args), groupBy: keysOf(of), operand, known, span })
}

/** The keys of its groups, sorted. */
export function keysOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'series':
      return [...expression.by].sort()
    case 'number':
      return []
    case 'negative':
      return keysOf(expression.of)
    case 'arithmetic':
      return joinedKeys(keysOf(expression.left), keysOf(expression.right))
    case 'call': {
      const keys = keysOf(expression.of)
      return isSpaceAggregation(expression.name) ? keys.filter((key) => argumentsOf(expression.args).texts.includes(key)) : keys
    }
    default:
      return assertNever(expression)
  }
}

function leaf(series: SeriesExpression, span: Span, read: ReadSeries): Frame {
  if (series.fill === null) return read(series, span)
  return filled(series.fill, { span, operand: (run) => read(series, run) })
}

function memoryOf({ toMs, stepMs, length }: Span): Span {
  return { toMs, stepMs: Math.max(memoryMs, length * stepMs), length: 1 }
}

/** Groups that there were on a run, whatever functions say of them. */
function knownGroups(expression: Expression, span: Span, read: ReadSeries): readonly string[] {
  switch (expression.kind) {
    case 'series':
      return Object.keys(read(expression, span).series)
    case 'number':
      return ['*']
    case 'negative':
      return knownGroups(expression.of, span, read)
    case 'arithmetic': {
      const { left, right } = expression
      return joinedGroups(knownGroups(left, span, read), keysOf(left), knownGroups(right, span, read), keysOf(right))
    }
    case 'call': {
      const groups = knownGroups(expression.of, span, read)
      if (!isSpaceAggregation(expression.name)) return groups
      return [...new Set(groups.map((group) => narrowed(group, keysOf(expression))))]
    }
    default:
      return assertNever(expression)
  }
}
