/** The one statement that answers a service check for all its slots. Read next: checks.ts, statement.ts. */
import type { CheckQuery } from '../../../core/query/check-nodes.ts'
import { groupsSql, parameters, type Statement, scopeSql } from './statement.ts'

/** How far back results are looked for: a check that runs once an hour still has a day's worth in a row. */
const historyMs = 86_400_000

/**
 * Rows { n: place of the end, tags, results, at_ms: time of the newest }, by end and group: what there was as of each of `ends`. In a row:
 * a group's newest results, newest first. In percent: the newest of each member. `tags` are values of `keys`; null = all tags of a check.
 */
export function checksSql(
  query: CheckQuery,
  keys: readonly string[] | null,
  ends: readonly number[],
  freshMs: number,
  groupsMax: number,
): Statement {
  const { values, add } = parameters()
  const inPercent = query.measure === 'percent'
  const groups = keys === null ? 'select check_series.tags as tags' : groupsSql(keys, 'check_series.tags', add)
  const text = `
with ends as (
  select n - 1 as n, to_ms from unnest(${add(ends)}::bigint[]) with ordinality as t (to_ms, n)
), matched as materialized (
  select check_series.id, groups.tags, dense_rank() over (order by groups.tags collate "C") as place
  from check_series cross join lateral (${groups}) as groups
  where check_series.name = ${add(query.check)} and ${scopeSql(query.filter, 'check_series.tags', add)}
), newest as (
  select ends.n, matched.place, runs.status, runs.at_ms,
    row_number() over (partition by ends.n, matched.place order by runs.at_ms desc, matched.id) as rank,
    max(runs.at_ms) over (partition by ends.n, matched.place) as newest_ms, ends.to_ms
  from ends cross join matched cross join lateral (
    select check_runs.status, check_runs.at_ms from check_runs
    where check_runs.series_id = matched.id and check_runs.at_ms <= ends.to_ms
      and check_runs.at_ms > ends.to_ms - ${add(inPercent ? freshMs : historyMs)}::bigint
    order by check_runs.at_ms desc limit ${add(inPercent ? 1 : query.last)}
  ) as runs
), answered as (
  select n, place, array_agg(status::integer order by rank) as results, dense_rank() over (partition by n order by place) as ordinal
  from newest
  where newest_ms > to_ms - ${add(freshMs)}::bigint${inPercent ? '' : ` and rank <= ${add(query.last)}`}
  group by n, place
)
select answered.n::integer as n, groups.tags, answered.results
from answered join (select distinct place, tags from matched) as groups using (place)
where answered.ordinal <= ${add(groupsMax)}
order by answered.n, answered.place`
  return { text, values }
}
