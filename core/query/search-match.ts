/**
 * Whether a search finds an event. Sources answer searches in their own ways (SQL, LogQL); this is what they must come to, and tests
 * judge them by it. Never throws. Read next: search-nodes.ts.
 */
import { assertNever } from '../assert.ts'
import { globMatches } from './glob.ts'
import type { Field, FieldTest, Search } from './search-nodes.ts'
import { wordsOf } from './search-text.ts'

export type SearchedEvent = Readonly<{
  message: string
  /** `key:value` or bare, in lower case. */
  tags: readonly string[]
  /** JSON. */
  attributes: Readonly<Record<string, unknown>>
  status: string | null
  service: string | null
  host: string | null
  /** Epoch ms. */
  at: number
}>

export function matches(search: Search, event: SearchedEvent): boolean {
  switch (search.kind) {
    case 'all':
      return true
    case 'words':
      return textsOf(event, search.anywhere).some((text) => hasWords(search.words, text))
    case 'field':
      return passes(search.test, search.field, event)
    case 'and':
      return search.of.every((part) => matches(part, event))
    case 'or':
      return search.of.some((part) => matches(part, event))
    case 'not':
      return !matches(search.of, event)
    default:
      return assertNever(search)
  }
}

/** Words stand one after the other, with nothing but punctuation between them; case doesn't count. */
function hasWords(words: readonly string[], text: string): boolean {
  const found = wordsOf(text, true)
  return found.some((_, from) => words.every((word, index) => globMatches(word, found[from + index] ?? '\n')))
}

function textsOf({ message, attributes, tags, service, status, host }: SearchedEvent, anywhere: boolean): string[] {
  if (!anywhere) return [message]
  return [message, ...tags, ...[service, status, host].filter((text) => text !== null), ...scalarsIn(attributes)]
}

function scalarsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn)
  if (isRecord(value)) return Object.values(value).flatMap(scalarsIn)
  return scalarText(value)
}

function passes(test: FieldTest, field: Field, event: SearchedEvent): boolean {
  const values = valuesOf(field, event)
  switch (test.kind) {
    case 'exists':
      return values.length > 0
    case 'is':
      return values.some((value) => value.text === test.value)
    case 'like':
      return values.some((value) => value.text !== null && globMatches(test.pattern, value.text))
    case 'range':
      return values.some(({ text }) => {
        const number = text === null ? null : numberOf(text)
        if (number === null) return false
        const { from, to } = test
        const above = from === null || number > from.value || (from.inclusive && number === from.value)
        return above && (to === null || number < to.value || (to.inclusive && number === to.value))
      })
    default:
      return assertNever(test)
  }
}

/** `text` null = there is something, and it is no text (an object). */
type Value = Readonly<{ text: string | null }>

function valuesOf(field: Field, event: SearchedEvent): Value[] {
  if (field.kind === 'attribute') return attributeValues(event.attributes, field.name)
  return tagValues(field.name, event).map((text) => ({ text: text.toLowerCase() }))
}

function tagValues(name: string, event: SearchedEvent): string[] {
  if (name === 'tags') return [...event.tags]
  const own = name === 'service' || name === 'status' || name === 'host' ? event[name] : null
  if (own !== null) return [own]
  return event.tags.flatMap((tag) => {
    if (tag.toLowerCase() === name) return ['']
    return tag.toLowerCase().startsWith(`${name}:`) ? [tag.slice(name.length + 1)] : []
  })
}

/** The attribute of this very name, else the path; of a list, each of its members. */
function attributeValues(attributes: SearchedEvent['attributes'], name: string): Value[] {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : name.split('.').reduce<unknown>(member, attributes)
  const values = Array.isArray(value) ? value : [value]
  return values.flatMap((one): Value[] => {
    if (one === null || one === undefined) return []
    const [text = null] = scalarText(one)
    return [{ text }]
  })
}

function member(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function scalarText(value: unknown): string[] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

/** Texts that read like numbers are numbers, too: tags have no others. */
function numberOf(text: string): number | null {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
