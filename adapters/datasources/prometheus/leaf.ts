/**
 * A leaf of a metric query as PromQL. Within a bucket the samples of each series become one value by `*_over_time`, then the series of a
 * group do. Counters: `as_rate` is `rate`, `as_count` the increase that follows from it. Read next: series.ts, selector.ts.
 */
import type { SeriesExpression, SpaceAggregator } from '../../../core/query/metric-nodes.ts'
import type { NameRule } from './names.ts'
import { selectorsOf } from './selector.ts'

export type LeafOptions = Readonly<{
  names: NameRule
  /** Between two samples: a rate needs several. */
  scrapeMs: number
}>

/** As Grafana's rate interval: two samples are in it, even when one is missing and times are off. */
const rateScrapes = 4

/** `rangeMs`: of the bucket that ends at the time of evaluation. */
export function leafPromql(series: SeriesExpression, rangeMs: number, { names, scrapeMs }: LeafOptions): string {
  const { aggregator, weighted, filter, by, as, rollup } = series
  const keys = `by (${by.map(names.label).join(', ')})`
  const of = (call: string, overMs: number): string => overTime(call, series, filter, overMs, names)
  // Each series counts by the samples that it has.
  if (weighted && aggregator === 'avg' && as === null) {
    return `sum ${keys} (${of('sum_over_time', rangeMs)}) / sum ${keys} (${of('count_over_time', rangeMs)})`
  }
  const open = overSpace(aggregator, keys)
  if (as === null) return `${open}${of(`${rollup?.method ?? 'avg'}_over_time`, rangeMs)})`
  const rate = `${open}${of('rate', Math.max(rangeMs, rateScrapes * scrapeMs))})`
  // A count is a rate times the seconds of its bucket: so the counts of all buckets add up, however short they are.
  return as === 'rate' ? rate : `${rate} * ${rangeMs / 1_000}`
}

function overSpace(aggregator: SpaceAggregator, keys: string): string {
  return typeof aggregator === 'string' ? `${aggregator} ${keys} (` : `quantile ${keys} (${aggregator.percentile / 100}, `
}

function overTime(
  call: string,
  { metric }: SeriesExpression,
  filter: SeriesExpression['filter'],
  rangeMs: number,
  names: NameRule,
): string {
  const { before, inside } = names.metric(metric)
  // Prometheus 2 counts the sample at the far end of a range, too, which belongs to the bucket before; times are whole ms.
  const range = durationText(rangeMs - 1)
  const selectors = selectorsOf(filter, names)
  // No alternative: what nothing matches.
  if (selectors.length === 0) return `${call}(${before}{${[inside, '__name__=""'].filter((part) => part !== '').join(',')}}[${range}])`
  return selectors
    .map((selector) => `${call}(${before}{${[inside, selector].filter((part) => part !== '').join(',')}}[${range}])`)
    .join(' or ')
}

/** Milliseconds as PromQL writes them, in the units that it knows: `59s999ms`. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const rest = ms % 1_000
  return `${seconds > 0 || rest === 0 ? `${seconds}s` : ''}${rest > 0 ? `${rest}ms` : ''}`
}
