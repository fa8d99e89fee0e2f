/**
 * What a metric query means, once it is parsed. Plain JSON, no positions: two texts that mean the same have equal nodes.
 * Never holds what only one source understands: a source answers single series (`kind: 'series'`), the rest is ours.
 * Read next: metric.peggy, the grammar; functions.ts, what may be called; metric-check.ts, what may stand where.
 */
import type { Comparator } from '../monitor/spec-types.ts'
import type { Scope } from '../monitor/types.ts'

/** `avg(last_5m):sum:metric{filter} by {k,k2} > 9` */
export type MetricQuery = Readonly<{
  kind: 'metric'
  over: Over
  of: Expression
  comparator: Comparator
  threshold: number
}>

/** Over which time, and how its values become the one that is compared: `avg(last_5m)`. */
export type Over = Readonly<{
  aggregator: TimeAggregator
  /** How far the window reaches, back or ahead; of a calendar window, at the most. */
  windowMs: number
  /** The window is the present one of these, up to now; null = it reaches back from now. */
  calendar: CalendarUnit | null
  /** As it was written: `last_5m`, `current_1d`, `next_1w`. */
  windowText: string
  /** `next_1w`: it looks ahead (forecasts only). */
  ahead: boolean
  /** `change(avg(last_5m),last_1h)`: the difference to the same series so long ago, point by point, then aggregated. */
  change: Change | null
}>

export type Change = Readonly<{ kind: 'change' | 'pct_change'; shiftMs: number; shiftText: string }>

/** What `current_1h`, `current_1d` and `current_1mo` are about. Where each begins is the monitor's option, not the query's. */
export type CalendarUnit = 'hour' | 'day' | 'month'

/** 95 = the value that 95 % lie at or below; above 0, and 100 at the most. */
export type Percentile = Readonly<{ percentile: number }>

/** How the values of a window become one. `percentile(last_5m):p95:…` has the percentile of its series. */
export type TimeAggregator = 'avg' | 'sum' | 'min' | 'max' | 'count' | Percentile

/** How the series of one group become one series. */
export type SpaceAggregator = 'avg' | 'sum' | 'min' | 'max' | 'count' | Percentile

/** How the points of one bucket become one. */
export type RollupMethod = 'avg' | 'sum' | 'min' | 'max' | 'count'

export type Expression = SeriesExpression | NumberExpression | NegativeExpression | ArithmeticExpression | CallExpression

/** `sum:metric{filter} by {k}.as_count().rollup(sum, 60).fill(zero)`: what a source is asked for. */
export type SeriesExpression = Readonly<{
  kind: 'series'
  aggregator: SpaceAggregator
  metric: string
  /** Which series, by their tags; `{ kind: 'tag', value: null }` is the key with any value, or the bare tag of that text. */
  filter: Scope
  /** Tag keys in the order they were written; empty = one group of everything. */
  by: readonly string[]
  as: 'count' | 'rate' | null
  /** How long buckets are, and how their points become one; null in either = as the engine chooses. */
  rollup: Rollup | null
  /** Buckets without a point; null = as the engine does without being told. */
  fill: Fill | null
  /** `.weighted()`: a series counts in its group for as long as it reported. */
  weighted: boolean
}>

export type Rollup = Readonly<{ method: RollupMethod | null; ms: number | null }>

/** `limitMs`: gaps longer than this stay empty; null (or 0, which interfaces write) = the default. */
export type Fill = Readonly<{ method: 'zero' | 'null' | 'linear' | 'last'; limitMs: number | null }>

export type NumberExpression = Readonly<{ kind: 'number'; value: number }>

export type NegativeExpression = Readonly<{ kind: 'negative'; of: Expression }>

/** Groups of both sides are joined by their tags; a side without groups goes with each of the other. */
export type ArithmeticExpression = Readonly<{
  kind: 'arithmetic'
  operator: '+' | '-' | '*' | '/'
  left: Expression
  right: Expression
}>

/** `default_zero(of)`, `anomalies(of, 'agile', 2, direction='above')`: names and arguments are those of functions.ts. */
export type CallExpression = Readonly<{ kind: 'call'; name: string; of: Expression; args: readonly Argument[] }>

/** `2`, `'agile'`, `direction='above'`. `avg(of, {a,b})` has one text for each key. Without a name, it is known by its place. */
export type Argument = Readonly<{ name: string | null; value: number | string }>
