/**
 * Words of what clients pushed, which complete queries: names, keys of tags, values of a key. Bounded, whatever there is: of very many series
 * and entries some are looked at, the newest entries first. Read next: statement.ts, core/look/completion.ts.
 */
import type { Words } from '../../../activities/ports.ts'
import { matchingWords, type WordsQuery } from '../../../core/look/completion.ts'
import type { Pool } from '../../postgres/pool.ts'
import { ask } from './failure.ts'
import { likePattern, parameters, type Statement } from './statement.ts'

/** Distinct names that are walked through by the index: some 50 ms. */
const namesMax = 20_000
/** Series whose tags are looked at. */
const seriesMax = 5_000
/** Entries whose tags and attributes are looked at: those of the last minutes, where much comes in. */
const entriesMax = 2_000

type Named = Readonly<{ table: 'series'; column: 'metric' } | { table: 'check_series'; column: 'name' }>

/** Of metrics or checks. */
export function seriesWords(pool: Pool, named: Named): (query: WordsQuery) => Promise<Words> {
  return async (query) => {
    const statement = query.of === 'name' ? namesSql(named, query) : tagsSql(named, query)
    return found(await ask<Row>(pool, statement, query.timeoutMs), query)
  }
}

/** Of log entries or events: fields, tags, `@attributes`. */
export function entryWords(pool: Pool, table: (type: string) => 'logs' | 'events'): (query: WordsQuery) => Promise<Words> {
  return async (query) => {
    if (query.of === 'name') return { words: [], more: false }
    return found(await ask<Row>(pool, entriesSql(table(query.type), query), query.timeoutMs), query)
  }
}

type Row = Readonly<{ word: string }>

function found(rows: readonly Row[], { text, limit }: WordsQuery): Words {
  return matchingWords(
    rows.map(({ word }) => word),
    text,
    limit,
  )
}

/** From name to name by the index: as long as there are names, and not as series. */
function namesSql({ table, column }: Named, { text, limit }: WordsQuery): Statement {
  const { values, add } = parameters()
  const like = add(`%${likePattern(text.replaceAll('*', ''))}%`)
  const begins = add(`${likePattern(text.replaceAll('*', ''))}%`)
  const sql = `
with recursive names(word) as (
  (select ${column} from ${table} order by ${column} limit 1)
  union all
  select (select ${column} from ${table} where ${column} > names.word order by ${column} limit 1) from names where names.word is not null
), walked as (select word from names where word is not null limit ${namesMax})
select word from walked where word ilike ${like} order by word not ilike ${begins}, word limit ${add(limit + 1)}`
  return { text: sql, values }
}

function tagsSql({ table, column }: Named, { of, name, key, text, limit }: WordsQuery): Statement {
  const { values, add } = parameters()
  const which = name === null ? 'true' : `${column} = ${add(name)}`
  const tags = `select unnest(tags) as tag from (select tags from ${table} where ${which} limit ${seriesMax}) as looked_at`
  return { text: wordsOfTags(tags, of === 'value' ? (key ?? '') : null, text, limit, add), values }
}

function wordsOfTags(tags: string, key: string | null, text: string, limit: number, add: (value: unknown) => string): string {
  const like = add(`%${likePattern(text.replaceAll('*', ''))}%`)
  const begins = add(`${likePattern(text.replaceAll('*', ''))}%`)
  const prefix = key === null ? null : `${add(`${key.toLowerCase()}:`)}::text`
  const word = prefix === null ? `split_part(tag, ':', 1)` : `substr(tag, length(${prefix}) + 1)`
  const which = prefix === null ? `position(':' in tag) > 0` : `starts_with(tag, ${prefix})`
  return `select word from (select distinct ${word} as word from (${tags}) as all_tags where ${which}) as words
where word ilike ${like} order by word not ilike ${begins}, word limit ${add(limit + 1)}`
}

const fields = ['service', 'status', 'host']

function entriesSql(table: 'logs' | 'events', { of, key, text, limit }: WordsQuery): Statement {
  const { values, add } = parameters()
  const newest = `select tags, service, status, host, attributes from ${table} order by at_ms desc limit ${entriesMax}`
  const like = add(`%${likePattern(text.replaceAll('*', ''))}%`)
  if (of === 'key') {
    const sql = `with newest as materialized (${newest})
select word from (
  select unnest(array['service', 'status', 'host', 'source']) as word
  union select split_part(tag, ':', 1) from newest, unnest(tags) as tag where position(':' in tag) > 0
  union select '@' || name from newest, jsonb_object_keys(case when jsonb_typeof(attributes) = 'object' then attributes else '{}' end) as name
) as words where word ilike ${like} order by word limit ${add(limit * 4)}`
    return { text: sql, values }
  }
  return { text: valuesSql(newest, key ?? '', like, limit, add), values }
}

function valuesSql(newest: string, key: string, like: string, limit: number, add: (value: unknown) => string): string {
  // A key with dots is one, or a path.
  const whole = key.startsWith('@') ? `${add(key.slice(1))}::text` : null
  const prefix = `${add(`${key.toLowerCase()}:`)}::text`
  const word =
    whole !== null
      ? `select coalesce(attributes ->> ${whole}, attributes #>> string_to_array(${whole}, '.')) as word from newest where ${prefix} is not null`
      : fields.includes(key)
        ? `select ${key} as word from newest where ${prefix} is not null`
        : `select substr(tag, length(${prefix}) + 1) as word from newest, unnest(tags) as tag where starts_with(tag, ${prefix})`
  return `with newest as materialized (${newest})
select word from (select distinct left(word, 200) as word from (${word}) as every where word is not null) as words
where word ilike ${like} order by word limit ${add(limit * 4)}`
}
