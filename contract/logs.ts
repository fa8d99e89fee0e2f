/**
 * The bodies of POST /api/v2/logs and /v1/input, in Datadog's shape: one log entry or a list of them. Any field that has no meaning of
 * its own is an attribute; a message that is a JSON object is its attributes, as agents send what programs log.
 * A body is taken whole or refused whole. Never touches a database or a clock. Read next: entry.ts, api/routes/logs.ts.
 */
import { type Entry, errorsMax, fittingTags, isRecord, type ParsedEntries, tagTexts, textUnder } from './entry.ts'
import { unstorable } from './json.ts'
import { timeIssue } from './retention.ts'

/** As Datadog's. */
export const logEntriesMax = 1_000
/** An entry that is longer is cut, as Datadog's are: the line is worth more than its end. In characters, some of which take more bytes. */
const messageCharsMax = 250_000
/** Bytes of JSON of one entry's attributes: Datadog's limit of an entry. */
const attributeCharsMax = 1_000_000
/** Names and statuses are words. */
const wordCharsMax = 200

/** Fields under which entries name the same thing, in the order in which they count. */
const names = {
  message: ['message', 'msg', 'log'],
  status: ['status', 'severity', 'level'],
  service: ['service'],
  host: ['hostname', 'host'],
  time: ['timestamp', '@timestamp', 'date', 'time'],
} as const
/** These are told by other fields of the entry; all that is left is attributes. */
const told: ReadonlySet<string> = new Set(['ddtags', 'ddsource', 'message', 'hostname', 'service'])

/** `shared`: what the address says of all entries (`?ddtags=env:prod`), where they say nothing themselves. */
export function parseLogs(body: unknown, nowMs: number, keptDays: number, shared: Readonly<Record<string, string>> = {}): ParsedEntries {
  const posted = (Array.isArray(body) ? body : [body]).map((one: unknown) => (isRecord(one) ? { ...shared, ...one } : one))
  if (posted.length === 0) return { ok: false, errors: ['body: expected at least one log entry'] }
  if (posted.length > logEntriesMax)
    return { ok: false, errors: [`body: ${posted.length} log entries, at most ${logEntriesMax} in one request`] }
  const errors: string[] = []
  const entries = posted.map((one, index) => {
    const entry = entryOf(one, nowMs, keptDays)
    if (typeof entry === 'string') errors.push(`${Array.isArray(body) ? index : 'body'}: ${entry}`)
    return entry
  })
  if (errors.length > 0) return { ok: false, errors: errors.slice(0, errorsMax) }
  return { ok: true, entries: entries.filter((entry) => typeof entry !== 'string') }
}

/** A sentence where it is none. */
function entryOf(posted: unknown, nowMs: number, keptDays: number): Entry | string {
  if (!isRecord(posted)) return 'expected a log entry, an object with a message'
  const { attributes, text } = unfolded(posted)
  if (JSON.stringify(attributes).length > attributeCharsMax) return `a log entry has at most ${attributeCharsMax} characters of attributes`
  const said = timeOf(posted) ?? timeOf(attributes)
  const issue = said === null ? null : timeIssue(said, nowMs, keptDays, 'logs')
  if (issue !== null) return `timestamp: ${issue}`
  const source = textUnder(posted, ['ddsource'])
  const field = (fields: readonly string[]): string => (textUnder(posted, fields) || textUnder(attributes, fields)).slice(0, wordCharsMax)
  return {
    atMs: said ?? nowMs,
    timed: said !== null,
    message: text.slice(0, messageCharsMax).toWellFormed(),
    status: field(names.status).toLowerCase() || 'info',
    service: field(names.service),
    host: field(names.host),
    tags: fittingTags([...tagTexts(posted.ddtags), ...(source === '' ? [] : [`source:${source}`])]),
    attributes,
  }
}

/** The message as a text, and all fields that are not told elsewhere. */
function unfolded(posted: Readonly<Record<string, unknown>>): { attributes: Record<string, unknown>; text: string } {
  const own = Object.fromEntries(Object.entries(posted).filter(([key]) => !told.has(key)))
  const message = posted.message
  const inner = isRecord(message) ? message : typeof message === 'string' ? objectIn(message) : null
  if (inner === null) return { attributes: own, text: textUnder(posted, names.message) }
  return { attributes: { ...own, ...inner }, text: textUnder(inner, names.message) || (typeof message === 'string' ? message : '') }
}

/** The object that a text is as JSON; null where it is none, or one that couldn't be stored. */
function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  if (!/^\s*\{/.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && unstorable(value) === null ? value : null
  } catch {
    return null
  }
}

/** Epoch ms; null = the entry doesn't say when, or in no way that we read. */
function timeOf(record: Readonly<Record<string, unknown>>): number | null {
  for (const name of names.time) {
    const value = record[name]
    const at = typeof value === 'string' ? (numberTime(Number(value)) ?? textTime(value)) : numberTime(value)
    if (at !== null) return at
  }
  return null
}

/** As seconds the year 5138, as milliseconds a day of 1973: no clock says either. */
const secondsMax = 1e11
/** As seconds a day of 2001: smaller numbers are no times of logs. */
const secondsMin = 1e9

function numberTime(value: unknown): number | null {
  if (typeof value !== 'number' || !(value >= secondsMin && value < secondsMax * 1_000)) return null
  return Math.round(value < secondsMax ? value * 1_000 : value)
}

/** ISO 8601; UTC where it names no zone. */
function textTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:/.test(text)) return null
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`
  const at = Date.parse(zoned)
  return Number.isNaN(at) ? null : at
}
