/**
 * What a query means, once it is parsed: one node type per language, told apart by `kind`.
 * Plain JSON, no positions: two texts that mean the same have equal nodes. New languages join the union at the bottom;
 * new syntax of metric queries (arithmetic, functions, rollups) widens what MetricQuery holds.
 * Read next: metric.peggy and http.peggy, the grammars; parse.ts, which turns text into nodes.
 */
import type { Comparator } from '../monitor/types.ts'

/** How the values of a window become the one value that is compared. */
export type TimeAggregator = 'avg' | 'sum' | 'min' | 'max' | 'count'

/** How the series of one group become one series. */
export type SpaceAggregator = 'avg' | 'sum' | 'min' | 'max'

/**
 * A series must have (negated: must not have) a tag that reads `key:value`, or plain `key` where value is null.
 * `*` in either stands for any text. Lower case, as the intake stores tags.
 */
export type FilterTerm = Readonly<{ negated: boolean; key: string; value: string | null }>

/** What `current_1h`, `current_1d` and `current_1mo` are about. Where each begins is the monitor's option, not the query's. */
export type CalendarUnit = 'hour' | 'day' | 'month'

/** `avg(last_5m):sum:metric{filter} by {k,k2} > 9` */
export type MetricQuery = Readonly<{
  kind: 'metric'
  timeAggregator: TimeAggregator
  /** How far back the window reaches; of a calendar window, at the most. */
  windowMs: number
  /** The window is the present one of these, up to now; null = it reaches back from now. */
  calendar: CalendarUnit | null
  /** As it was written: `last_5m`, `current_1d`. */
  windowText: string
  spaceAggregator: SpaceAggregator
  metric: string
  /** All must hold; empty = every series. */
  filter: readonly FilterTerm[]
  /** Tag keys in the order they were written; empty = one group of everything. */
  by: readonly string[]
  comparator: Comparator
  threshold: number
}>

/** `http("http://host/path").failed() > 0`: failed is 0 or 1, status the HTTP status, latency in seconds. */
export type HttpQuery = Readonly<{
  kind: 'http'
  url: string
  method: 'GET' | 'HEAD'
  measure: 'failed' | 'status' | 'latency'
  comparator: Comparator
  threshold: number
}>

export type Query = MetricQuery | HttpQuery
