/**
 * A monitor as it is being written: the JSON that the API takes, with what only the server says taken out. Pure.
 * The critical threshold stands in the query and in the options: both are changed together. Read next: page.tsx.
 */
import { typeTable } from '../../../contract/type-table.ts'
import type { MonitorType } from '../../../contract/types.ts'
import type { Definition } from '../../data/editor.ts'

export type Draft = Readonly<{
  type: string
  name: string
  query: string
  message: string
  tags: readonly string[]
  priority: number | null
  draft_status: 'draft' | 'published'
  options: Definition
  /** What this page has no field for, kept as it is. */
  rest: Definition
}>

export type ThresholdName = 'critical' | 'warning' | 'critical_recovery' | 'warning_recovery'

const written = ['type', 'name', 'query', 'message', 'tags', 'priority', 'draft_status', 'options']
/** Decided by the client, and without a field here. */
const others = ['restricted_roles', 'assets']

export function blankDraft(type: MonitorType): Draft {
  const { title, example } = typeTable[type]
  const draft: Draft = {
    type,
    name: '',
    query: example,
    message: `{{#is_alert}}${title}: {{value}}.{{/is_alert}}\n{{#is_recovery}}It is fine again.{{/is_recovery}}\n@log`,
    tags: [],
    priority: null,
    draft_status: 'published',
    options: {},
    rest: {},
  }
  return withQuery(draft, example)
}

export function draftOf(stored: Definition): Draft {
  const { type, name, query, message, tags, priority, draft_status: status, options } = stored
  return {
    type: textOf(type),
    name: textOf(name),
    query: textOf(query),
    message: textOf(message),
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
    priority: typeof priority === 'number' ? priority : null,
    draft_status: status === 'draft' ? 'draft' : 'published',
    options: recordOf(options),
    rest: Object.fromEntries(Object.entries(stored).filter(([field]) => others.includes(field))),
  }
}

/** As it is sent and shown as JSON. */
export function definitionOf({ rest, ...draft }: Draft): Definition {
  return { ...draft, ...rest }
}

/** What somebody wrote as JSON, or why it is none. */
export function draftFromJson(text: string, type: string): Readonly<{ draft: Draft } | { problem: string }> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'expected an object' }
    const unknown = Object.keys(value).filter((field) => !written.includes(field) && !others.includes(field))
    if (unknown.length > 0) return { problem: `unknown field ${unknown.join(', ')}` }
    return { draft: draftOf({ type, ...value }) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Ends of queries that compare with a number. */
const comparison = /(>=|<=|==|!=|>|<)(\s*)([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$/

export function withQuery(draft: Draft, query: string): Draft {
  const [, , , number] = comparison.exec(query) ?? []
  const thresholds = recordOf(draft.options.thresholds)
  if (number === undefined || !Number.isFinite(Number(number))) return { ...draft, query }
  return { ...draft, query, options: { ...draft.options, thresholds: { ...thresholds, critical: Number(number) } } }
}

/** null takes it away; the critical one of a query can't be. */
export function withThreshold(draft: Draft, name: ThresholdName, value: number | null): Draft {
  const { [name]: _, ...thresholds } = recordOf(draft.options.thresholds)
  const inQuery = name === 'critical' && value !== null
  const query = inQuery ? draft.query.replace(comparison, (_all, sign: string, blank: string) => `${sign}${blank}${value}`) : draft.query
  return { ...draft, query, options: { ...draft.options, thresholds: value === null ? thresholds : { ...thresholds, [name]: value } } }
}

export function withOption(draft: Draft, name: string, value: unknown): Draft {
  const { [name]: _, ...options } = draft.options
  return { ...draft, options: value === undefined ? options : { ...options, [name]: value } }
}

export function thresholdsOf({ options }: Draft): Readonly<Partial<Record<ThresholdName, number>>> {
  const { critical, warning, critical_recovery, warning_recovery } = recordOf(options.thresholds)
  const given = { critical, warning, critical_recovery, warning_recovery }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'number'))
}

export type Change = Readonly<{ field: string; from: unknown; to: unknown }>

/** What saving would change, field by field; options one by one. */
export function changesOf(before: Draft, after: Draft): readonly Change[] {
  const [from, to] = [flat(before), flat(after)]
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  return fields.flatMap((field) =>
    JSON.stringify(from[field]) === JSON.stringify(to[field]) ? [] : [{ field, from: from[field], to: to[field] }],
  )
}

function flat(draft: Draft): Definition {
  const { options, ...fields } = definitionOf(draft)
  return { ...fields, ...Object.fromEntries(Object.entries(recordOf(options)).map(([name, value]) => [`options.${name}`, value])) }
}

export function recordOf(value: unknown): Definition {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
