/** The newest entry, or result of a check, of each of several groups as of a time: what messages show of it. Read next: ../details.ts. */
import type { CheckQuery } from '../../../core/query/check-nodes.ts'
import type { Search } from '../../../core/query/search-nodes.ts'
import { fieldOf } from './events-sql.ts'
import { searchSql, valuesSql } from './search-sql.ts'
import { type AddParameter, absent, parameters, type Statement, scopeSql } from './statement.ts'

/** A group as of a time, in epoch ms. */
export type GroupTime = Readonly<{ atMs: number; tags: Readonly<Record<string, string>> }>

export type Searched = Readonly<{ table: 'logs' | 'events'; search: Search; windowMs: number }>

/** Rows { n: place of the group, at, message, status, service, host, tags, attributes }; groups without an entry are left out. */
export function entriesSql({ table, search, windowMs }: Searched, of: readonly GroupTime[]): Statement {
  const { values, add } = parameters()
  const keys = keysOf(of)
  const conditions = keys.map(
    (key, index) => `(asked.key${index} is null
      or exists (select from (${valuesSql(fieldOf(key), add)}) as field where field.value = asked.key${index}))`,
  )
  const text = `
select asked.n, entry.*
from ${askedSql(of, keys, add)} cross join lateral (
  select at_ms as at, message, status, service, host, tags, attributes from ${table} as entries
  where entries.at_ms > asked.at_ms - ${add(windowMs)}::bigint and entries.at_ms <= asked.at_ms
    and ${[searchSql(search, add), ...conditions].join(' and ')}
  order by at_ms desc limit 1
) as entry`
  return { text, values }
}

/** Rows { n, message }: what the newest result of the group said. */
export function checkMessagesSql({ check, filter }: CheckQuery, of: readonly GroupTime[], freshMs: number): Statement {
  const { values, add } = parameters()
  const keys = keysOf(of)
  const conditions = keys.map(
    (key, index) => `(asked.key${index} is null or check_series.tags @> array[${add(`${key}:`)}::text || asked.key${index}])`,
  )
  const text = `
select asked.n, run.message
from ${askedSql(of, keys, add)} cross join lateral (
  select check_runs.message from check_series join check_runs on check_runs.series_id = check_series.id
  where check_series.name = ${add(check)} and check_runs.at_ms > asked.at_ms - ${add(freshMs)}::bigint and check_runs.at_ms <= asked.at_ms
    and ${[scopeSql(filter, 'check_series.tags', add), ...conditions].join(' and ')}
  order by check_runs.at_ms desc, check_runs.status desc limit 1
) as run`
  return { text, values }
}

function keysOf(of: readonly GroupTime[]): string[] {
  return [...new Set(of.flatMap(({ tags }) => Object.keys(tags)))].sort()
}

/** As rows { n, at_ms, key0, key1 … }: null = whatever it is. */
function askedSql(of: readonly GroupTime[], keys: readonly string[], add: AddParameter): string {
  const columns = keys.map((key) => of.map(({ tags }) => (Object.hasOwn(tags, key) && tags[key] !== absent ? tags[key] : null)))
  const lists = [
    `${add(of.map((_, n) => n))}::integer[]`,
    `${add(of.map(({ atMs }) => atMs))}::bigint[]`,
    ...columns.map((column) => `${add(column)}::text[]`),
  ]
  return `unnest(${lists.join(', ')}) as asked (${['n', 'at_ms', ...keys.map((_, index) => `key${index}`)].join(', ')})`
}
