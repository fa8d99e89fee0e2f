/**
 * The one statement that answers a leaf of a metric query. Within each bucket the points of each series become one value (rollup),
 * then the series of a group do (over space). Counts and rates are made of each other by what the client said a series is.
 * Read next: statement.ts, series.ts.
 */
import type { SeriesRequest } from '../../../activities/ports.ts'
import type { RollupMethod, SeriesExpression, SpaceAggregator } from '../../../core/query/metric-nodes.ts'
import { type AddParameter, groupsSql, parameters, type Statement, scopeSql } from './statement.ts'

/** Rows { tags: values of `keys`, buckets: counted back from the newest, values: of those }, by group. */
export function seriesSql({ series, fromMs, toMs, stepMs, groupsMax }: SeriesRequest, keys: readonly string[]): Statement {
  const { values, add } = parameters()
  const [from, to, step] = [fromMs, toMs, stepMs].map((number) => `${add(number)}::bigint`)
  const text = `
with matched as materialized (
  select series.id, series.kind, series.interval_s, groups.tags, dense_rank() over (order by groups.tags collate "C") as place
  from series cross join lateral (${groupsSql(keys, 'series.tags', add)}) as groups
  where series.metric = ${add(series.metric)} and ${scopeSql(series.filter, 'series.tags', add)}
), by_group as materialized (
  select matched.place, rolled.bucket, ${overSpace(series.aggregator, series.weighted, add)} as value
  from matched cross join lateral (
    select bucket, count(*) as points, ${overPoints(series, step ?? '', from ?? '', to ?? '')} as value
    from (
      select ((${to} - points.at_ms) / ${step})::integer as bucket, points.value
      from points
      where points.series_id = matched.id and points.at_ms > ${from} and points.at_ms <= ${to}
    ) as inside
    group by bucket
  ) as rolled
  group by matched.place, rolled.bucket
), answered as (
  select place, array_agg(bucket) as buckets, array_agg(value) as values
  from by_group group by place order by place limit ${add(groupsMax)}
)
select groups.tags, answered.buckets, answered.values
from answered join (select distinct place, tags from matched) as groups using (place)
order by place`
  return { text, values }
}

/** Of a series with `matched.kind` and `matched.interval_s`, and its points `inside.value` of one bucket. */
function overPoints({ as, rollup }: SeriesExpression, step: string, from: string, to: string): string {
  const method = rollup?.method ?? null
  if (as === null) return aggregate(method ?? 'avg', 'inside.value')
  // The oldest bucket may be cut short.
  const seconds = `(least(${step}, ${to} - ${from} - bucket * ${step}) / 1000.0::float8)`
  const isCounted = "matched.kind in ('count', 'rate')"
  const count = "(case when matched.kind = 'rate' then inside.value * greatest(matched.interval_s, 1) else inside.value end)"
  const plain = aggregate(method ?? 'avg', 'inside.value')
  // What is no count has none: gauges stay as they are.
  if (as === 'count') return `case when ${isCounted} then ${aggregate(method ?? 'sum', count)} else ${plain} end`
  if (method === null || method === 'sum') return `case when ${isCounted} then sum(${count}) / ${seconds} else ${plain} end`
  const rate = `(case when matched.kind = 'rate' then inside.value else inside.value / greatest(matched.interval_s, 1) end)`
  return `case when ${isCounted} then ${aggregate(method, rate)} else ${plain} end`
}

function aggregate(method: RollupMethod, value: string): string {
  return `${method}(${value})::float8`
}

/** `weighted`: an average in which a series counts by the points that it has. */
function overSpace(aggregator: SpaceAggregator, weighted: boolean, add: AddParameter): string {
  if (typeof aggregator === 'object')
    return `percentile_cont(${add(aggregator.percentile / 100)}::float8) within group (order by rolled.value)`
  if (aggregator === 'avg' && weighted) return '(sum(rolled.value * rolled.points) / sum(rolled.points))::float8'
  return `${aggregator}(rolled.value)::float8`
}
