/**
 * A search as a condition of SQL on a row of `logs` or `events`. What it finds is what core/query/search-match.ts says of the row; a test
 * holds the two against each other. Texts travel as parameters only. Read next: events-sql.ts, statement.ts.
 */
import { assertNever } from '../../../core/assert.ts'
import type { Field, FieldTest, Search } from '../../../core/query/search-nodes.ts'
import type { AddParameter } from './statement.ts'

export function searchSql(search: Search, add: AddParameter): string {
  switch (search.kind) {
    case 'all':
      return 'true'
    case 'words':
      return wordsSql(search.words, search.anywhere, add)
    case 'field':
      return fieldSql(search.field, search.test, add)
    case 'and':
      return search.of.length === 0 ? 'true' : `(${search.of.map((part) => searchSql(part, add)).join(' and ')})`
    case 'or':
      return search.of.length === 0 ? 'false' : `(${search.of.map((part) => searchSql(part, add)).join(' or ')})`
    case 'not':
      return `not ${searchSql(search.of, add)}`
    default:
      return assertNever(search)
  }
}

const wordSign = '[[:alnum:]_]'
const otherSign = '[^[:alnum:]_]'

/** Words hold letters, digits, `_` and wildcards only: nothing in them means anything else to a regular expression. */
function wordsSql(words: readonly string[], anywhere: boolean, add: AddParameter): string {
  const parts = words.map((word) => word.replaceAll('*', `${wordSign}*`).replaceAll('?', wordSign))
  const pattern = add(`(^|${otherSign})${parts.join(`${otherSign}+`)}(${otherSign}|$)`)
  if (!anywhere) return `entries.message ~* ${pattern}`
  return `(
    exists (
      select from unnest(array[entries.message, entries.status, entries.service, entries.host] || entries.tags) as text where text ~* ${pattern}
    ) or exists (
      select from jsonb_path_query(entries.attributes, '$.**') as value
      where jsonb_typeof(value) in ('string', 'number', 'boolean') and value #>> '{}' ~* ${pattern}
    )
  )`
}

function fieldSql(field: Field, test: FieldTest, add: AddParameter): string {
  const own = field.kind === 'tag' ? ownColumn(field.name) : null
  // In a form that the index of services knows.
  if (own !== null) return `(${own} <> '' and ${testSql(`lower(${own})`, test, add)})`
  return `exists (select from (${valuesSql(field, add)}) as field where ${testSql('field.value', test, add)})`
}

/** Rows { value }: a text, or null where there is something that is none (an object). */
export function valuesSql(field: Field, add: AddParameter): string {
  if (field.kind === 'attribute') return attributeSql(field.name, add)
  const own = ownColumn(field.name)
  if (own !== null) return `select ${own} as value where ${own} <> ''`
  if (field.name === 'tags') return 'select tag as value from unnest(entries.tags) as tag'
  const [name, prefix] = [add(field.name), `${add(`${field.name}:`)}::text`]
  return `
    select substr(tag, length(${prefix}) + 1) as value from unnest(entries.tags) as tag where starts_with(tag, ${prefix})
    union all
    select '' as value from unnest(entries.tags) as tag where tag = ${name}`
}

/** What an entry says of itself, and its tags say only where it doesn't: the intake has put the two together. */
function ownColumn(name: string): string | null {
  return name === 'service' || name === 'status' || name === 'host' ? `entries.${name}` : null
}

/** The attribute of this very name, else the path; of a list, each of its members. */
function attributeSql(name: string, add: AddParameter): string {
  const whole = `${add(name)}::text`
  // Step by step: a path given as a whole would count into lists.
  const path = name.split('.').reduce((value, key) => `${value} -> ${add(key)}::text`, 'entries.attributes')
  const value = `case when entries.attributes ? ${whole} then entries.attributes -> ${whole} else ${path} end`
  return `
    select case when jsonb_typeof(member) in ('object', 'array') then null else member #>> '{}' end as value
    from (select ${value} as found) as attribute
    cross join lateral jsonb_array_elements(
      case when jsonb_typeof(found) = 'array' then found else jsonb_build_array(found) end
    ) as member
    where jsonb_typeof(member) <> 'null'`
}

function testSql(value: string, test: FieldTest, add: AddParameter): string {
  switch (test.kind) {
    case 'exists':
      return 'true'
    case 'is':
      return `${value} = ${add(test.value)}`
    case 'like':
      return `${value} like ${add(likeOf(test.pattern))}`
    case 'range': {
      const { from, to } = test
      const number = numberSql(value)
      const above = from === null ? 'true' : `${number} ${from.inclusive ? '>=' : '>'} ${add(from.value)}::numeric`
      const below = to === null ? 'true' : `${number} ${to.inclusive ? '<=' : '<'} ${add(to.value)}::numeric`
      return `(${number} is not null and ${above} and ${below})`
    }
    default:
      return assertNever(test)
  }
}

/** A text that reads like a number as one; null where it doesn't, or where it is beyond what a float holds. */
export function numberSql(value: string): string {
  // The bounds keep PostgreSQL from refusing the whole statement for one odd value.
  return `case when length(${value}) <= 100 and ${value} ~* '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)(e[+-]?\\d{1,2})?$' then ${value}::numeric end`
}

/** `*` and `?` of a pattern as LIKE has them. */
function likeOf(pattern: string): string {
  return pattern.replace(/\\([*?\\])|[*?\\%_]/g, (sign, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped === '\\' ? '\\\\' : escaped
    if (sign === '*') return '%'
    return sign === '?' ? '_' : `\\${sign}`
  })
}
