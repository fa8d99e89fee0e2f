/**
 * An event or a log entry as it is stored, whatever shape it came in. Queries see the same fields.
 * Read next: logs.ts, events.ts, adapters/postgres/queries/entries.ts.
 */
import { normaliseTags } from './tags.ts'

export type Entry = Readonly<{
  /** Epoch ms. */
  atMs: number
  /** Whether the sender said when: such an entry that comes again is the same entry. */
  timed: boolean
  message: string
  /** Lower case; '' = none, as for the next two. */
  status: string
  service: string
  host: string
  /** Normalised, unique, sorted. */
  tags: readonly string[]
  attributes: Readonly<Record<string, unknown>>
}>

export type ParsedEntries = Readonly<{ ok: true; entries: readonly Entry[] } | { ok: false; errors: readonly string[] }>

/** As many sentences as a person reads; the first ones name the mistake that all of them share. */
export const errorsMax = 20
/** Tags of one entry: Datadog's limit. */
export const entryTagsMax = 100

/** Tags as a list or as a text with commas between them. */
export function tagTexts(value: unknown): string[] {
  if (typeof value === 'string') return value.split(',')
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Tags that are too long, or too many, are left out rather than refused: a log line is worth more than they are. */
export function fittingTags(texts: readonly string[]): readonly string[] {
  const fitting = texts.slice(0, entryTagsMax).flatMap((text) => {
    const tags = normaliseTags([text])
    return tags.ok ? tags.tags : []
  })
  return [...new Set(fitting)].sort()
}

/** A reserved field of an entry: the first of these names that holds a text or a number. */
export function textUnder(record: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  for (const name of names) {
    const value = record[name]
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return ''
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
