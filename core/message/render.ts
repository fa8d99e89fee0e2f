/**
 * A monitor's name and message for one transition: title, text, handles, and notes of what could not be rendered.
 * Total over any template and any value, and bounded: what can't be rendered goes out as it was written, with a note.
 * Read next: context.ts (the names), template/parse.ts and template/evaluate.ts (the language), title.ts.
 */
import type { Transition } from '../monitor/types.ts'
import { type MessageContext, messageContext } from './context.ts'
import { boundText } from './format.ts'
import { findHandles, withoutHandles } from './handles.ts'
import { escapeGrowthMax, escapeValue, escapeWritten, type Markup } from './markup.ts'
import { notesOf } from './notes.ts'
import { type MessageParts, partsOf } from './preset.ts'
import { type Evaluated, evaluate, type LocalTime, type Piece } from './template/evaluate.ts'
import type { ParsedTemplate } from './template/nodes.ts'
import { titleOf } from './title.ts'

/** The parts of a definition that a message is made of. */
export type MessageSubject = Readonly<{
  name: string
  query: string
  message: string
  priority: number | null
  options: Readonly<Record<string, unknown>>
}>

export type Message = Readonly<{
  /** One line of plain text, whatever the markup: a receiver escapes it as it does any text. */
  title: string
  body: string
  /** Without the @, in order of appearance, unique. */
  handles: readonly string[]
  /** What the reader should know and the text doesn't say, in sentences. */
  notes: readonly string[]
  /** The monitor's, or what the text overrides it with. */
  priority: number | null
  parts: MessageParts
}>

/** What rendering leans on. `parse` may remember what it parsed. */
export type Rendering = Readonly<{
  parse: (text: string) => ParsedTemplate
  localTime: LocalTime
  markup?: Markup
  /** Names that come with what triggered, such as `log.attributes.user`; they win over the engine's own. */
  carried?: MessageContext
}>

/** A title is one line in a list; mail subjects and chat headers cut earlier than this. */
const titleCharactersMax = 1_000
/** Chat services cut messages at 40,000 characters; each receiver of each group stores a copy. */
const bodyCharactersMax = 40_000
/** More handles in one message are a mistake (a template that makes names out of data), not a team. */
const handlesMax = 50

export function renderMessage(subject: MessageSubject, transition: Transition, rendering: Rendering): Message {
  const names = { ...messageContext(subject, transition), ...rendering.carried }
  const name = renderText('name', subject.name, names, subject.priority, rendering)
  const message = renderBody(subject, transition, names, rendering)
  const { handles, pieces } = takeHandles(message.pieces, partsOf(subject.options).handles)
  const body = write(pieces, rendering.markup ?? 'none')
  return {
    title: boundText(titleOf(plain(name.pieces), transition, subject.options.include_tags !== false), titleCharactersMax),
    body: body.text,
    handles: handles.slice(0, handlesMax),
    notes: unique([
      ...notesOf(transition),
      ...name.notes,
      ...message.notes,
      ...(body.cut ? [`The message was cut at ${bodyCharactersMax} characters.`] : []),
      ...(handles.length > handlesMax ? [`Only the first ${handlesMax} of ${handles.length} handles were notified.`] : []),
    ]),
    priority: message.priority ?? name.priority ?? subject.priority,
    parts: partsOf(subject.options),
  }
}

function renderText(what: string, text: string, names: MessageContext, priority: number | null, rendering: Rendering): Evaluated {
  const parsed = rendering.parse(text)
  if (parsed.ok) return evaluate(parsed.nodes, { names, priority, localTime: rendering.localTime })
  const { message, place } = parsed.error
  const note = `The ${what} could not be rendered and stands as it was written: ${message} (line ${place.line}, column ${place.column}).`
  return { pieces: [{ text, written: true }], notes: [note], priority: null }
}

/** A repeat adds what the monitor wants to be said if nothing has happened until then. Each text is one of its own: both were checked so. */
function renderBody(
  { message, options, priority }: MessageSubject,
  { reason }: Transition,
  names: MessageContext,
  rendering: Rendering,
): Evaluated {
  const first = renderText('message', message, names, priority, rendering)
  const escalation = options.escalation_message
  if (reason !== 'renotify' || typeof escalation !== 'string' || escalation.trim() === '') return first
  const second = renderText('escalation message', escalation, names, priority, rendering)
  return {
    pieces: [...first.pieces, { text: '\n\n', written: true }, ...second.pieces],
    notes: [...first.notes, ...second.notes],
    priority: second.priority ?? first.priority,
  }
}

/** Handles may go over several pieces. Where they aren't `shown`, they are taken out of the text. */
function takeHandles(pieces: readonly Piece[], shown: boolean): { handles: string[]; pieces: readonly Piece[] } {
  const found = findHandles(pieces.map(({ text, written }) => (written ? text : withoutHandles(text))).join(''))
  const handles = unique(found.map(({ name }) => name))
  if (shown || found.length === 0) return { handles, pieces }
  const kept: Piece[] = []
  let start = 0
  let next = 0
  for (const { text, written } of pieces) {
    const end = start + text.length
    let at = start
    for (let handle = found[next]; handle !== undefined && handle.from < end; handle = found[next]) {
      kept.push({ text: text.slice(at - start, Math.max(at, handle.from) - start), written })
      at = Math.min(end, handle.to)
      if (handle.to > end) break
      next += 1
    }
    kept.push({ text: text.slice(at - start), written })
    start = end
  }
  return { handles, pieces: kept }
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

function plain(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('')
}

/** Never more than the bound, never half an escape, and nothing is escaped only to be cut away. */
function write(pieces: readonly Piece[], markup: Markup): { text: string; cut: boolean } {
  let text = ''
  for (const piece of pieces) {
    const room = bodyCharactersMax - text.length
    const more = escaped(piece.text.slice(0, room + 1), piece, markup)
    if (more.length <= room && piece.text.length <= room) {
      text += more
      continue
    }
    const growth = markup === 'none' ? 1 : escapeGrowthMax
    const rest = escaped(piece.text.slice(0, Math.max(0, Math.floor((room - 1) / growth))), piece, markup)
    return { text: `${clean(`${text}${rest}`.slice(0, bodyCharactersMax - 1))}…`, cut: true }
  }
  return { text: clean(text), cut: false }
}

/** What PostgreSQL takes: without NUL and halves of characters. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function escaped(text: string, { written }: Piece, markup: Markup): string {
  return written ? escapeWritten(text, markup) : escapeValue(text, markup)
}
