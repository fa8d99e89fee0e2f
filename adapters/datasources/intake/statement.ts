/**
 * What the statements of the intake have in common: parameters, tags as conditions, groups of tags. Values travel as parameters only;
 * what is put together here are fixed words chosen by the nodes.
 * Read next: series-sql.ts; adapters/postgres/migrations/0002_intake.sql, the tables.
 */
import { normalisePattern } from '../../../contract/tags.ts'
import { assertNever } from '../../../core/assert.ts'
import type { Scope } from '../../../core/monitor/types.ts'

export type Statement = Readonly<{ text: string; values: unknown[] }>

/** Puts a value among the parameters; answers the text that stands for it. */
export type AddParameter = (value: unknown) => string

/** The value of a group key that a series doesn't have, as Datadog shows it. */
export const absent = 'N/A'
/** A series with several values of a key is in several groups; in no more than this, whatever the keys. */
const groupsPerSeriesMax = 100

export function parameters(): Readonly<{ values: unknown[]; add: AddParameter }> {
  const values: unknown[] = []
  return { values, add: (value) => `$${values.push(value)}` }
}

/** A condition on `tags`, an expression of the type text[]. A tag that isn't there has no value. */
export function scopeSql(scope: Scope, tags: string, add: AddParameter): string {
  switch (scope.kind) {
    case 'all':
      return 'true'
    case 'tag':
      return tagSql(normalisePattern(scope.key), scope.value === null ? null : normalisePattern(scope.value), tags, add)
    case 'not':
      return `not ${scopeSql(scope.of, tags, add)}`
    case 'and':
      return scope.of.length === 0 ? 'true' : `(${scope.of.map((part) => scopeSql(part, tags, add)).join(' and ')})`
    case 'or':
      return scope.of.length === 0 ? 'false' : `(${scope.of.map((part) => scopeSql(part, tags, add)).join(' or ')})`
    default:
      return assertNever(scope)
  }
}

/** Without a value: the key with any value, or the bare tag of that text. */
function tagSql(key: string, value: string | null, tags: string, add: AddParameter): string {
  const some = (condition: string): string => `exists (select from unnest(${tags}) as tag where ${condition})`
  if (value === null) {
    if (key.includes('*')) return some(`tag like ${add(likePattern(key))} or tag like ${add(likePattern(`${key}:*`))}`)
    return some(`tag = ${add(key)} or starts_with(tag, ${add(`${key}:`)})`)
  }
  const tag = `${key}:${value}`
  return tag.includes('*') ? some(`tag like ${add(likePattern(tag))}`) : `${tags} @> array[${add(tag)}::text]`
}

export function likePattern(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')
}

/** A subquery whose rows are the groups of a row's tags: one per combination of its values of the keys; one empty row without keys. */
export function groupsSql(keys: readonly string[], tags: string, add: AddParameter): string {
  if (keys.length === 0) return "select '{}'::text[] as tags"
  const sources = keys.map((key, index) => {
    const prefix = `${add(`${key}:`)}::text`
    return `(
      select substr(tag, length(${prefix}) + 1) as value from unnest(${tags}) as tag where starts_with(tag, ${prefix})
      union all
      select ${add(absent)}::text where not exists (select from unnest(${tags}) as tag where starts_with(tag, ${prefix}))
    ) as key${index}`
  })
  const values = keys.map((_, index) => `key${index}.value`).join(', ')
  return `select array[${values}] as tags from ${sources.join(' cross join ')} limit ${groupsPerSeriesMax}`
}
