/**
 * The one statement that answers a metric query for all its slots. Values travel as parameters only; what is put
 * together here are fixed words chosen by the nodes.
 * Read next: buckets.ts; migrations/0002_intake.sql, the tables.
 */
import type { PlainSeries, PlainTerm } from '../../core/query/plain.ts'
import type { Buckets } from './buckets.ts'

export type Statement = Readonly<{ text: string; values: unknown[] }>

/** The value of a group key that a series doesn't have, as Datadog shows it. */
const absent = 'N/A'
/** A series with several values of a key is in several groups; in no more than this, whatever the keys. */
const groupsPerSeriesMax = 100

/** Empty buckets of a full window at most, as Datadog's. */
const emptyBucketsMax = 3

/**
 * Rows { n: place of the slot, tags: values of `keys`, value, full }, by slot and group. A window is full for a group that has
 * data in its oldest bucket and in nearly all others. Within each bucket: each series is
 * averaged, the series of a group are aggregated over space; over the buckets of a window: over time.
 */
export function readingsSql(query: PlainSeries, keys: readonly string[], buckets: Buckets, groupsMax: number): Statement {
  const values: unknown[] = []
  const add: AddParameter = (value) => `$${values.push(value)}`
  const { grids, lengthMs } = buckets
  // A window is a run of the buckets of its grid; the oldest comes last.
  const windows = grids.flatMap((grid, g) => grid.windows.map((window) => ({ ...window, g })))
  const length = `${add(lengthMs)}::bigint`
  const text = `
with grids as (
  select g - 1 as g, from_ms, to_ms
  from unnest(${add(grids.map((grid) => grid.fromMs))}::bigint[], ${add(grids.map((grid) => grid.toMs))}::bigint[])
    with ordinality as t (from_ms, to_ms, g)
), windows as (
  select n, g, first_bucket, last_bucket
  from unnest(
    ${add(windows.map((window) => window.n))}::integer[],
    ${add(windows.map((window) => window.g))}::integer[],
    ${add(windows.map((window) => window.first))}::integer[],
    ${add(windows.map((window) => window.last))}::integer[]
  ) as t (n, g, first_bucket, last_bucket)
), matched as materialized (
  select series.id, groups.tags, dense_rank() over (order by groups.tags collate "C") as place
  from series cross join lateral (${groupsOf(keys, add)}) as groups
  where series.metric = ${add(query.metric)}${query.filter.map((term) => `\n    and ${condition(term, add)}`).join('')}
), by_group as materialized (
  select grids.g, matched.place, averages.bucket, ${query.spaceAggregator}(averages.value) as value
  from grids cross join matched cross join lateral (
    select ((grids.to_ms - points.at_ms) / ${length})::integer as bucket, avg(points.value) as value
    from points
    where points.series_id = matched.id and points.at_ms > grids.from_ms and points.at_ms <= grids.to_ms
      and points.at_ms > ${add(Math.min(...grids.map((grid) => grid.fromMs)))}::bigint
      and points.at_ms <= ${add(Math.max(...grids.map((grid) => grid.toMs)))}::bigint
    group by 1
  ) as averages
  group by 1, 2, 3
), asked as materialized (
  -- Bucket by bucket, and before anything is joined: by ranges, each window would be compared with each bucket of all.
  select n, g, bucket, bucket = last_bucket as is_oldest, last_bucket - first_bucket + 1 as buckets
  from windows cross join lateral generate_series(first_bucket, last_bucket) as bucket
), answered as (
  select asked.n, by_group.place, ${query.timeAggregator}(by_group.value)::float8 as value,
    bool_or(asked.is_oldest) and max(asked.buckets) - count(*) <= ${add(emptyBucketsMax)} as is_full,
    row_number() over (partition by asked.n order by by_group.place) as ordinal
  from asked join by_group on by_group.g = asked.g and by_group.bucket = asked.bucket
  group by asked.n, by_group.place
)
select answered.n, groups.tags, answered.value, answered.is_full as full
from answered join (select distinct place, tags from matched) as groups using (place)
where answered.ordinal <= ${add(groupsMax)}
order by answered.n, answered.place`
  return { text, values }
}

type AddParameter = (value: unknown) => string

/** The groups of a series: one row per combination of its values of the keys; one empty row without keys. */
function groupsOf(keys: readonly string[], add: AddParameter): string {
  if (keys.length === 0) return "select '{}'::text[] as tags"
  const sources = keys.map((key, index) => {
    const prefix = `${add(`${key}:`)}::text`
    return `(
      select substr(tag, length(${prefix}) + 1) as value from unnest(series.tags) as tag where starts_with(tag, ${prefix})
      union all
      select ${add(absent)}::text where not exists (select from unnest(series.tags) as tag where starts_with(tag, ${prefix}))
    ) as key${index}`
  })
  const tags = keys.map((_, index) => `key${index}.value`).join(', ')
  return `select array[${tags}] as tags from ${sources.join(' cross join ')} limit ${groupsPerSeriesMax}`
}

function condition(term: PlainTerm, add: AddParameter): string {
  const holds = term.value === null ? hasKey(term.key, add) : hasTag(`${term.key}:${term.value}`, add)
  return term.negated ? `not ${holds}` : holds
}

/** The key with any value, or the bare tag of that text. */
function hasKey(key: string, add: AddParameter): string {
  const bare = add(key)
  const prefix = add(`${key}:`)
  return `exists (select from unnest(series.tags) as tag where tag = ${bare}::text or starts_with(tag, ${prefix}::text))`
}

function hasTag(tag: string, add: AddParameter): string {
  return tag.includes('*')
    ? `exists (select from unnest(series.tags) as tag where tag like ${add(likePattern(tag))})`
    : `series.tags @> array[${add(tag)}::text]`
}

function likePattern(tag: string): string {
  return tag.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')
}
