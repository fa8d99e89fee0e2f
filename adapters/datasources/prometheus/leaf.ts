/**
 * A leaf of a metric query as PromQL. Within a bucket the samples of each series become one value by `*_over_time`, then the series of a
 * group do. Counters: `as_rate` is `rate`, `as_count` is `increase`. Read next: series.ts, selector.ts.
 */
import type { RollupMethod, SeriesExpression, SpaceAggregator } from '../../../core/query/metric-nodes.ts'
import type { NameRule } from './names.ts'
import { selectorsOf } from './selector.ts'

/** `rangeMs`: of the bucket that ends at the time of evaluation, which is none of its parts; the time before it is. */
export function leafPromql(series: SeriesExpression, rangeMs: number, names: NameRule): string {
  const { aggregator, weighted, filter, by, as, rollup } = series
  const keys = `by (${by.map(names.label).join(', ')})`
  const of = (method: RollupMethod | 'rate' | 'increase'): string => overTime(method, series, filter, rangeMs, names)
  // Each series counts by the samples that it has.
  if (weighted && aggregator === 'avg' && as === null) return `sum ${keys} (${of('sum')}) / sum ${keys} (${of('count')})`
  return `${overSpace(aggregator, keys)}${of(as === null ? (rollup?.method ?? 'avg') : as === 'rate' ? 'rate' : 'increase')})`
}

function overSpace(aggregator: SpaceAggregator, keys: string): string {
  return typeof aggregator === 'string' ? `${aggregator} ${keys} (` : `quantile ${keys} (${aggregator.percentile / 100}, `
}

function overTime(
  method: RollupMethod | 'rate' | 'increase',
  { metric }: SeriesExpression,
  filter: SeriesExpression['filter'],
  rangeMs: number,
  names: NameRule,
): string {
  const { before, inside } = names.metric(metric)
  const call = method === 'rate' || method === 'increase' ? method : `${method}_over_time`
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
