/**
 * The one statement that answers a query about events for all its slots. The bounds of all windows cut time into pieces; each piece is
 * counted once, and each window is put together from its pieces. Read next: search-sql.ts, events.ts.
 */
import type { EventMethod, EventQuery } from '../../../core/query/event-nodes.ts'
import type { Field } from '../../../core/query/search-nodes.ts'
import { numberSql, searchSql, valuesSql } from './search-sql.ts'
import { type AddParameter, parameters, type Statement } from './statement.ts'

/** Data after `fromMs`, up to and including `toMs`. */
type Window = Readonly<{ fromMs: number; toMs: number }>

/** An event is in a group for each of its values of the keys; in no more than this. */
const groupsPerEventMax = 100

/**
 * Rows { n: place of the window, tags: values of `keys`, value }, by window and group. An event without a value of some key is in no
 * group, one without a number for the measure in no average.
 */
export function eventsSql(
  query: EventQuery,
  table: 'logs' | 'events',
  keys: readonly string[],
  windows: readonly Window[],
  groupsMax: number,
): Statement {
  const { values, add } = parameters()
  const bounds = [...new Set(windows.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b)
  const place = new Map(bounds.map((bound, index) => [bound, index]))
  const { measured, parts, whole } = rollup(query, add)
  const text = `
with found as materialized (
  select width_bucket(entries.at_ms - 1, ${add(bounds)}::bigint[]) as piece, groups.tags${measured === null ? '' : ', measured.value'}
  from ${table} as entries cross join lateral (${groupsOf(keys, add)}) as groups
  ${measured === null ? '' : `cross join lateral (${measured}) as measured`}
  where entries.at_ms > ${add(bounds[0])} and entries.at_ms <= ${add(bounds.at(-1))} and ${searchSql(query.search, add)}
), parts as materialized (
  ${parts}
), windows as (
  select n, first_piece, last_piece
  from unnest(
    ${add(windows.map((_, n) => n))}::integer[],
    ${add(windows.map(({ fromMs }) => (place.get(fromMs) ?? 0) + 1))}::integer[],
    ${add(windows.map(({ toMs }) => place.get(toMs) ?? 0))}::integer[]
  ) as t (n, first_piece, last_piece)
), answered as (
  select windows.n, parts.tags, (${whole})::float8 as value,
    row_number() over (partition by windows.n order by parts.tags collate "C") as ordinal
  from windows join parts on parts.piece between windows.first_piece and windows.last_piece
  group by windows.n, parts.tags
)
select n, tags, value from answered where ordinal <= ${add(groupsMax)} order by n, ordinal`
  return { text, values }
}

/** `measured`: rows of what is measured, null = nothing is; `parts`: what is kept of each piece; `whole`: a window's value of its parts. */
type Rollup = Readonly<{ measured: string | null; parts: string; whole: string }>

function rollup({ method, measure }: EventQuery, add: AddParameter): Rollup {
  const counts = 'select piece, tags, count(*) as many from found group by piece, tags'
  if (measure === null) return { measured: null, parts: counts, whole: 'sum(parts.many)' }
  const values = valuesSql(fieldOf(measure), add)
  if (method === 'count') return { measured: `select true as value where exists (${values})`, parts: counts, whole: 'sum(parts.many)' }
  if (method === 'cardinality') {
    const measured = `select value from (${values}) as field where value is not null`
    return { measured, parts: 'select distinct piece, tags, value from found', whole: 'count(distinct parts.value)' }
  }
  const number = numberSql('field.value')
  const measured = `select (${number})::float8 as value from (${values}) as field where ${number} is not null`
  return { measured, ...ofNumbers(method, add) }
}

function ofNumbers(method: Exclude<EventMethod, 'count' | 'cardinality'>, add: AddParameter): Omit<Rollup, 'measured'> {
  if (typeof method === 'object') {
    const fraction = `${add(method.percentile / 100)}::float8`
    return { parts: 'select piece, tags, value from found', whole: `percentile_cont(${fraction}) within group (order by parts.value)` }
  }
  const parts = `
    select piece, tags, count(*) as many, sum(value) as sum, min(value) as min, max(value) as max from found group by piece, tags`
  const wholes = { avg: 'sum(parts.sum) / sum(parts.many)', sum: 'sum(parts.sum)', min: 'min(parts.min)', max: 'max(parts.max)' }
  return { parts, whole: wholes[method] }
}

/** A key as a query writes it. */
export function fieldOf(key: string): Field {
  return key.startsWith('@') ? { kind: 'attribute', name: key.slice(1) } : { kind: 'tag', name: key.toLowerCase() }
}

function groupsOf(keys: readonly string[], add: AddParameter): string {
  if (keys.length === 0) return "select '{}'::text[] as tags"
  const sources = keys.map(
    (key, index) => `(select distinct value from (${valuesSql(fieldOf(key), add)}) as field where value <> '') as key${index}`,
  )
  const tags = keys.map((_, index) => `key${index}.value`).join(', ')
  return `select array[${tags}] as tags from ${sources.join(' cross join ')} limit ${groupsPerEventMax}`
}
