/**
 * What came with what triggered, as names of a message: the entry of a log, an event, the result of a check, the members of a composite.
 * Bounded, whatever it holds. Read next: activities/details.ts (who asks), names.ts (which names these are).
 */
import type { Status } from '../monitor/spec-types.ts'
import type { ContextValue, MessageContext } from './context.ts'

/** A log entry or an event as it was pushed. `at` in epoch ms. */
export type EntryDetails = Readonly<{
  at: number
  message: string
  status: string
  service: string
  host: string
  tags: readonly string[]
  attributes: unknown
}>

/** Attributes of one entry that a message can name: a real one has some dozens. */
const namesMax = 500
/** Deeper ones nobody writes down in a message. */
const depthMax = 8
/** A value longer than this is a document; the whole message has ten times as much. */
const valueCharactersMax = 4_000

/** Whether a text may name any of this: it costs a question to the source. Too often yes rather than once no. */
export function mayAskForDetails(text: string): boolean {
  return /check_message|\b(?:log|event|annotation)\.|\b[a-z]\d?\.(?:value|status|message)\b/.test(text)
}

/** `log.message`, `log.attributes.user.id`, `log.tags.env` …; of events `event.title` and `event.text`, too. */
export function entryNames(what: 'log' | 'event', entry: EntryDetails): MessageContext {
  const names = new Map<string, ContextValue>()
  const put = (name: string, value: ContextValue): void => {
    if (names.size < namesMax) names.set(`${what}.${name}`, typeof value === 'string' ? value.slice(0, valueCharactersMax) : value)
  }
  put('message', entry.message)
  put('status', entry.status)
  put('service', entry.service)
  put('host', entry.host)
  put('host.name', entry.host)
  put('timestamp', new Date(entry.at).toISOString())
  for (const tag of entry.tags) {
    const colon = tag.indexOf(':')
    if (colon > 0) put(`tags.${tag.slice(0, colon)}`, tag.slice(colon + 1))
  }
  if (what === 'event') putTitleAndText(entry, put)
  putAttributes('attributes', entry.attributes, 0, put)
  return Object.fromEntries(names)
}

type Put = (name: string, value: ContextValue) => void

/** The intake keeps an event's title and text as one message, and the title once more by itself. */
function putTitleAndText({ message, attributes }: EntryDetails, put: Put): void {
  const title = isRecord(attributes) && typeof attributes.title === 'string' ? attributes.title : (message.split('\n', 1)[0] ?? '')
  put('title', title)
  put('text', message.startsWith(`${title}\n`) ? message.slice(title.length + 1) : message)
}

function putAttributes(path: string, value: unknown, depth: number, put: Put): void {
  if (typeof value === 'string' || typeof value === 'boolean') put(path, value)
  else if (typeof value === 'number' && Number.isFinite(value)) put(path, value)
  else if (depth >= depthMax) return
  else if (Array.isArray(value)) put(path, value.filter((one) => typeof one !== 'object').join(', '))
  else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) putAttributes(`${path}.${key}`, inner, depth + 1, put)
}

/** A member as it is now. `value`: the last one that was told of it. */
export type MemberDetails = Readonly<{ status: Status; value: number | null }>

/** Members are `a`, `b`, `c` … in the order in which the query names them first. */
export function memberNames(members: readonly MemberDetails[]): MessageContext {
  return Object.fromEntries(
    members.flatMap(({ status, value }, index): [string, ContextValue][] => {
      const letter = String.fromCodePoint((letterA.codePointAt(0) ?? 0) + index)
      return [
        [`${letter}.status`, status],
        [`${letter}.value`, value],
      ]
    }),
  )
}

const letterA = 'a'

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
