/**
 * What the actions of metric.peggy make nodes with. A method behind a series belongs to the series; behind brackets or a call,
 * counts and rates go to every series inside, and the rest is a function of the same name.
 * Never throws: what is wrong is a sentence. Read next: metric.peggy, metric-nodes.ts.
 */
import { assertNever } from '../assert.ts'
import type { Scope } from '../monitor/types.ts'
import { call, type MethodSyntax } from './expression-build.ts'
import type { CalendarUnit, Expression, Fill, Percentile, Rollup, SeriesExpression, SpaceAggregator } from './metric-nodes.ts'
import type { Carry } from './places.ts'

export type WindowNode = Readonly<{ windowText: string; windowMs: number; calendar: CalendarUnit | null; ahead: boolean }>

/** A calendar window is as long as its longest: months have up to 31 days. */
const calendars = {
  h: { calendar: 'hour', windowMs: 3_600_000 },
  d: { calendar: 'day', windowMs: 86_400_000 },
  mo: { calendar: 'month', windowMs: 31 * 86_400_000 },
} as const

export function window(windowText: string, length: number | keyof typeof calendars, ahead = false): WindowNode {
  if (typeof length === 'number') return { windowText, windowMs: length, calendar: null, ahead }
  return { windowText, ...calendars[length], ahead }
}

export function percentile(digits: string): Percentile {
  return { percentile: Number(digits) }
}

export function series(aggregator: SpaceAggregator | null, metric: string, filter: Scope, by: readonly string[] | null): SeriesExpression {
  return {
    kind: 'series',
    aggregator: aggregator ?? 'avg',
    metric,
    filter: withoutAll(filter),
    by: by ?? [],
    as: null,
    rollup: null,
    fill: null,
    weighted: false,
  }
}

/** The node with the method applied, or what is wrong with that. */
export function applyMethod(of: Expression, method: MethodSyntax, carry: Carry): Expression | string {
  if (of.kind === 'series') return toSeries(of, method, carry)
  switch (method.name) {
    case 'as_count':
    case 'as_rate':
      return toEverySeries(of, method, carry)
    case 'rollup':
    case 'fill':
      return carry(call(method.name, of, method.args, carry), of)
    default:
      return `.${method.name}() stands right behind a series, as in avg:metric{*}.${method.name}()`
  }
}

function toEverySeries(of: Expression, method: MethodSyntax, carry: Carry): Expression | string {
  switch (of.kind) {
    case 'series':
      return toSeries(of, method, carry)
    case 'number':
      return of
    case 'negative':
    case 'call': {
      const inner = toEverySeries(of.of, method, carry)
      return typeof inner === 'string' ? inner : carry({ ...of, of: inner }, of)
    }
    case 'arithmetic': {
      const left = toEverySeries(of.left, method, carry)
      if (typeof left === 'string') return left
      const right = toEverySeries(of.right, method, carry)
      return typeof right === 'string' ? right : carry({ ...of, left, right }, of)
    }
    default:
      return assertNever(of)
  }
}

function toSeries(of: SeriesExpression, method: MethodSyntax, carry: Carry): SeriesExpression | string {
  const changed = methodOf(of, method)
  return typeof changed === 'string' ? changed : carry({ ...of, ...changed }, of)
}

/** The fields that the method sets, or what is wrong with it. */
function methodOf(of: SeriesExpression, { name, args }: MethodSyntax): Partial<SeriesExpression> | string {
  switch (name) {
    case 'rollup': {
      const rollup = of.rollup === null ? rollupOf(args) : '.rollup() stands twice behind one series'
      return typeof rollup === 'string' ? rollup : { rollup }
    }
    case 'fill': {
      const fill = of.fill === null ? fillOf(args) : '.fill() stands twice behind one series'
      return typeof fill === 'string' ? fill : { fill }
    }
    default:
      return args.length > 0 ? `.${name}() takes no arguments` : flagOf(of, name)
  }
}

function flagOf(of: SeriesExpression, name: string): Partial<SeriesExpression> | string {
  if (name === 'weighted') return { weighted: true }
  const as = name === 'as_count' ? 'count' : 'rate'
  return of.as === null || of.as === as ? { as } : 'a series is either .as_count() or .as_rate()'
}

const methods = ['avg', 'sum', 'min', 'max', 'count'] as const
const fills = ['zero', 'null', 'linear', 'last'] as const

/** A point a second is the finest that is stored; a bucket longer than the longest window says nothing of it. */
const rollupSecondsMax = 31 * 86_400

function rollupOf(args: MethodSyntax['args']): Rollup | string {
  const usage = `.rollup() takes a method (${methods.join(', ')}), seconds (1 to ${rollupSecondsMax}), or both: .rollup(sum, 60)`
  const values = args.map(({ value }) => value)
  const method = typeof values[0] === 'string' ? methods.find((name) => name === values[0]) : null
  const [seconds, ...rest] = typeof values[0] === 'string' ? values.slice(1) : values
  const known = args.length > 0 && method !== undefined && rest.length === 0 && args.every(({ name }) => name === null)
  if (!known) return usage
  if (seconds === undefined) return { method, ms: null }
  const isLength = typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 1 && seconds <= rollupSecondsMax
  return isLength ? { method, ms: seconds * 1_000 } : usage
}

function fillOf(args: MethodSyntax['args']): Fill | string {
  const usage = `.fill() takes a method (${fills.join(', ')}) and seconds that it reaches at the most: .fill(linear, 300)`
  const [how, limit, ...rest] = args.map(({ value }) => value)
  const method = fills.find((name) => name === fillNames(how))
  if (method === undefined || rest.length > 0 || args.some(({ name }) => name !== null)) return usage
  if (limit === undefined) return { method, limitMs: null }
  return typeof limit === 'number' && Number.isInteger(limit) && limit >= 0 && limit <= rollupSecondsMax
    ? { method, limitMs: limit * 1_000 }
    : usage
}

/** As some write them. */
function fillNames(how: unknown): unknown {
  if (how === 'none') return 'null'
  return how === 0 ? 'zero' : how
}

/** `*` among terms that must all hold says nothing. */
function withoutAll(filter: Scope): Scope {
  if (filter.kind !== 'and') return filter
  const of = filter.of.filter(({ kind }) => kind !== 'all')
  const [only, ...others] = of
  if (only === undefined) return { kind: 'all' }
  return others.length === 0 ? only : { kind: 'and', of }
}
