import fc from 'fast-check'
import type { Scope } from '../../core/monitor/types.ts'
import type { Argument, Expression, MetricQuery, Over, SeriesExpression, SpaceAggregator } from '../../core/query/metric-nodes.ts'

/** A series with nothing special, to be told apart by what is. */
export const seriesNode: SeriesExpression = {
  kind: 'series',
  aggregator: 'sum',
  metric: 'app.requests',
  filter: { kind: 'all' },
  by: [],
  as: null,
  rollup: null,
  fill: null,
  weighted: false,
}

export const overNode: Over = { aggregator: 'avg', windowMs: 300_000, calendar: null, windowText: 'last_5m', ahead: false, change: null }

/** Tag with a value, with any, or without. */
export const tagNode = (key: string, value: string | null): Scope => ({ kind: 'tag', key, value })
export const notNode = (of: Scope): Scope => ({ kind: 'not', of })
export const andNode = (...of: Scope[]): Scope => ({ kind: 'and', of })
export const orNode = (...of: Scope[]): Scope => ({ kind: 'or', of })

const metric = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}(\.[a-z0-9_]{1,5}){0,3}$/)
const key = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,10}$/)
const value = fc.stringMatching(/^[a-z0-9_.:/é-]{1,12}$/)
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((any) => any + 0)

const tag: fc.Arbitrary<Scope> = fc
  .record({ key, value: fc.oneof(value, fc.constantFrom(null, 'web-*', '*x*', 'on call', '"q"')) })
  .map((fields) => ({ kind: 'tag', ...fields }))
const filter: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant<Scope>({ kind: 'all' }),
  fc.letrec<{ scope: Scope }>((tie) => ({
    scope: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tag,
      fc.record({ kind: fc.constant('not' as const), of: tie('scope') }),
      fc.record({ kind: fc.constantFrom('and', 'or'), of: fc.array(tie('scope'), { minLength: 2, maxLength: 4 }) }),
    ),
  })).scope,
)

const series = (by: readonly string[]): fc.Arbitrary<SeriesExpression> =>
  fc.record({
    kind: fc.constant('series' as const),
    aggregator: fc.constantFrom<SpaceAggregator[]>('avg', 'sum', 'min', 'max', 'count', { percentile: 95 }, { percentile: 99.9 }),
    metric,
    filter,
    by: fc.constantFrom(by, [], by.slice(1)),
    as: fc.constantFrom('count', 'rate', null),
    rollup: fc.constantFrom(null, null, { method: 'sum', ms: 60_000 }, { method: null, ms: 300_000 }, { method: 'max', ms: null }),
    fill: fc.constantFrom(
      null,
      null,
      { method: 'zero', limitMs: null },
      { method: 'linear', limitMs: 90_000 },
      { method: 'null', limitMs: 0 },
    ),
    weighted: fc.boolean(),
  })

const call: fc.Arbitrary<Readonly<{ name: string; args: readonly Argument[] }>> = fc.constantFrom(
  { name: 'abs', args: [] },
  { name: 'ewma_5', args: [] },
  { name: 'default_zero', args: [] },
  { name: 'default', args: [{ name: null, value: -2.5 }] },
  { name: 'timeshift', args: [{ name: null, value: -3_600 }] },
  {
    name: 'moving_rollup',
    args: [
      { name: null, value: 60 },
      { name: 'method', value: 'max' },
    ],
  },
  {
    name: 'calendar_shift',
    args: [
      { name: null, value: '-1mo' },
      { name: null, value: 'Europe/Paris' },
    ],
  },
  { name: 'sum', args: [] },
)

/** Any expression that the check finds nothing wrong with. */
const expression = (by: readonly string[]): fc.Arbitrary<Expression> =>
  fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      series(by),
      fc.record({ kind: fc.constant('number' as const), value: number }),
      tie('expression')
        .filter(({ kind }) => kind !== 'number')
        .map((of) => ({ kind: 'negative' as const, of })),
      fc.record({
        kind: fc.constant('arithmetic' as const),
        operator: fc.constantFrom('+', '-', '*', '/'),
        left: tie('expression'),
        right: tie('expression'),
      }),
      fc.tuple(call, tie('expression')).map(([called, of]) => ({ kind: 'call' as const, ...called, of })),
    ),
  })).expression

const anyOver: fc.Arbitrary<Over> = fc
  .tuple(
    fc.constantFrom('avg', 'sum', 'min', 'max', 'count'),
    fc.oneof(
      fc.integer({ min: 1, max: 10_080 }).map((count) => ({ windowText: `last_${count}m`, windowMs: count * 60_000, calendar: null })),
      fc.integer({ min: 1, max: 31 }).map((count) => ({ windowText: `last_${count}d`, windowMs: count * 86_400_000, calendar: null })),
      fc.constantFrom(
        { windowText: 'current_1h', windowMs: 3_600_000, calendar: 'hour' as const },
        { windowText: 'current_1d', windowMs: 86_400_000, calendar: 'day' as const },
        { windowText: 'current_1mo', windowMs: 31 * 86_400_000, calendar: 'month' as const },
      ),
    ),
    fc.constantFrom(
      null,
      null,
      { kind: 'change' as const, shiftMs: 3_600_000, shiftText: 'last_1h' },
      { kind: 'pct_change' as const, shiftMs: 86_400_000, shiftText: '1d_ago' },
    ),
  )
  .map(([aggregator, window, change]) => ({ aggregator, ...window, ahead: false, change }))

const hasSeries = (of: Expression): boolean => JSON.stringify(of).includes('"series"')

/** Any well-formed metric query without an algorithm. */
export const anyMetricQuery: fc.Arbitrary<MetricQuery> = fc.uniqueArray(key, { minLength: 1, maxLength: 3 }).chain((by) =>
  fc.record({
    kind: fc.constant('metric' as const),
    over: anyOver,
    of: expression(by).filter(hasSeries),
    comparator: fc.constantFrom('>', '>=', '<', '<=', '==', '!='),
    threshold: number,
  }),
)
