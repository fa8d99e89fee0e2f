/**
 * A search for monitors, or for groups of theirs, as a condition of SQL on `monitors` and `monitor_groups`. Texts travel as parameters only.
 * Every condition is true or false, never null, and as far as it can be in a form that an index knows.
 * Read next: ../migrations/0015_monitor_search.sql, monitor-search.ts.
 */
import { assertNever } from '../../../core/assert.ts'
import type { FieldTest, Search } from '../../../core/query/search-nodes.ts'

export type AddParameter = (value: unknown) => string

/** `muted`: adds the condition that says whether a monitor is. `groups`: whether monitor_groups is there. */
export type SearchContext = Readonly<{ add: AddParameter; muted: () => string; groups: boolean }>

export function monitorSearchSql(search: Search, context: SearchContext): string {
  switch (search.kind) {
    case 'all':
      return 'true'
    case 'words':
      return wordsSql(search.words, context)
    case 'field':
      return fieldSql(search.field.name, search.test, context)
    case 'and':
      return search.of.length === 0 ? 'true' : `(${search.of.map((part) => monitorSearchSql(part, context)).join(' and ')})`
    case 'or':
      return search.of.length === 0 ? 'false' : `(${search.of.map((part) => monitorSearchSql(part, context)).join(' or ')})`
    case 'not':
      return `not ${monitorSearchSql(search.of, context)}`
    default:
      return assertNever(search)
  }
}

const sign = '[[:alnum:]_]'
const other = '[^[:alnum:]_]'

/** Words hold letters, digits, `_` and wildcards only: nothing in them means anything else to a regular expression. */
function wordsSql(words: readonly string[], { add }: SearchContext): string {
  const pattern = add(wordsPattern(words))
  const id = words.length === 1 && /^\d{1,15}$/.test(words[0] ?? '') ? ` or monitors.id = ${add(Number(words[0]))}` : ''
  return `(monitors.name ~* ${pattern} or monitors.message ~* ${pattern}${id})`
}

function wordsPattern(words: readonly string[]): string {
  const parts = words.map((word) => word.replaceAll('*', `${sign}*`).replaceAll('?', sign))
  return `(^|${other})${parts.join(`${other}+`)}(${other}|$)`
}

function fieldSql(name: string, test: FieldTest, context: SearchContext): string {
  const { add } = context
  switch (name) {
    case 'title':
      return `monitors.name ~* ${add(textPattern(test))}`
    case 'monitor_message':
      return `monitors.message ~* ${add(textPattern(test))}`
    case 'status':
      return `monitors.overall_state ${among(test, statuses, add)}`
    case 'group_status':
      return context.groups ? `monitor_groups.status ${among(test, statuses, add)}` : existsGroup(test, add)
    case 'group':
      return context.groups ? `monitor_groups.group_key ~* ${add(wholePattern(test))}` : 'false'
    case 'type':
      return `(monitors.classification ${among(test, null, add)} or monitors.type ${among(test, null, add)})`
    case 'id':
      return numberSql('monitors.id', test, add)
    case 'priority':
      return `(monitors.priority is not null and ${numberSql('monitors.priority', priorityTest(test), add)})`
    case 'muted':
      return test.kind === 'is' && test.value === 'true' ? context.muted() : `not ${context.muted()}`
    case 'draft_status':
      return `monitors.draft_status ${among(test, null, add)}`
    case 'creator':
      return `(${creatorSql('name', test, add)} or ${creatorSql('handle', test, add)})`
    case 'metric':
    case 'scope':
      return `monitors.query ~* ${add(`(^|[^[:alnum:]_.-])${escapedPattern(test, '[[:alnum:]_.:/-]*')}($|[^[:alnum:]_.-])`)}`
    case 'notification':
      return `monitors.message ~* ${add(`@${escapedPattern(test, '[[:alnum:]_.@+-]*')}($|[^[:alnum:]_@+-])`)}`
    case 'tag':
    case 'tags':
      return tagSql('', test, context)
    default:
      return tagSql(`${name}:`, test, context)
  }
}

const statuses: Readonly<Record<string, string>> = {
  alert: 'Alert',
  warn: 'Warn',
  'no data': 'No Data',
  no_data: 'No Data',
  ok: 'OK',
  ignored: 'Ignored',
  skipped: 'Skipped',
  unknown: 'Unknown',
}

/** The rest of a condition on a column of few values. */
function among(test: FieldTest, names: Readonly<Record<string, string>> | null, add: AddParameter): string {
  switch (test.kind) {
    case 'exists':
      return 'is not null'
    case 'is':
      return `= ${add(names === null ? test.value : (names[test.value] ?? test.value))}`
    case 'like':
      return `~* ${add(wholePattern(test))}`
    case 'range':
      return 'is null'
    default:
      return assertNever(test)
  }
}

function existsGroup(test: FieldTest, add: AddParameter): string {
  return `exists (select from monitor_groups where monitor_id = monitors.id and status ${among(test, statuses, add)})`
}

function creatorSql(field: 'name' | 'handle', test: FieldTest, add: AddParameter): string {
  const column = `lower(left(monitors.creator ->> '${field}', 100))`
  return `(${column} is not null and ${column} ${among(test, null, add)})`
}

/** p1 and 1 are the same; what is neither is no priority. */
function priorityTest(test: FieldTest): FieldTest {
  return test.kind === 'is' ? { kind: 'is', value: test.value.replace(/^p/, '') } : test
}

function numberSql(column: string, test: FieldTest, add: AddParameter): string {
  switch (test.kind) {
    case 'exists':
      return `${column} is not null`
    case 'is':
      return /^\d{1,15}$/.test(test.value) ? `${column} = ${add(Number(test.value))}` : 'false'
    case 'like':
      return `${column}::text ~ ${add(wholePattern(test))}`
    case 'range': {
      const { from, to } = test
      const above = from === null ? 'true' : `${column} ${from.inclusive ? '>=' : '>'} ${add(from.value)}::numeric`
      const below = to === null ? 'true' : `${column} ${to.inclusive ? '<=' : '<'} ${add(to.value)}::numeric`
      return `(${above} and ${below})`
    }
    default:
      return assertNever(test)
  }
}

/** Of a monitor's tags; of a group also its own. */
function tagSql(prefix: string, test: FieldTest, { add, groups }: SearchContext): string {
  const monitor = monitorTagSql(prefix, test, add)
  if (!groups) return monitor
  const own = test.kind === 'exists' && prefix === '' ? '.' : `(^|,)${escaped(prefix)}${escapedPattern(test, '[^,]*')}(,|$)`
  // As ids of monitors, so that an index of groups answers either half.
  const ofMonitor = `monitor_groups.monitor_id = any(array(select id from monitors where deleted_at is null and ${monitor}))`
  return `(${ofMonitor} or monitor_groups.group_key ~* ${add(own)})`
}

function monitorTagSql(prefix: string, test: FieldTest, add: AddParameter): string {
  if (test.kind === 'is') return `monitors.search_tags @> array[${add(`${prefix}${test.value}`)}::text]`
  if (test.kind === 'exists' && prefix === '') return "monitors.search_tags <> '{}'"
  return `monitors.search_tag_text ~ ${add(`(^|\\n)${escaped(prefix)}${escapedPattern(test, '[^\\n]*')}(\\n|$)`)}`
}

/** Words within a text. */
function textPattern(test: FieldTest): string {
  const text = test.kind === 'is' ? test.value : test.kind === 'like' ? test.pattern : '*'
  const words = text.toLowerCase().match(/[\p{L}\p{N}_*?]+/gu) ?? []
  return words.every((word) => /^\*+$/.test(word)) ? '' : wordsPattern(words)
}

/** The whole of a text. */
function wholePattern(test: FieldTest): string {
  return `^${escapedPattern(test, '.*')}$`
}

/** `any`: what a `*` stands for. */
function escapedPattern(test: FieldTest, any: string): string {
  switch (test.kind) {
    case 'exists':
    case 'range':
      return any
    case 'is':
      return escaped(test.value)
    case 'like':
      return test.pattern.replace(/\\([*?\\])|[*?]|[^*?\\]+/g, (part, plain: string | undefined) => {
        if (plain !== undefined) return escaped(plain)
        if (part === '*') return any
        return part === '?' ? any.replace(/\*$/, '') : escaped(part)
      })
    default:
      return assertNever(test)
  }
}

/** A text as a regular expression of PostgreSQL that reads like it. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&')
}
