/**
 * The words of messages that tell more than one transition: storms, merged ones, digests; and of those that stand in for others.
 * Bounded, whatever they tell of. What comes from elsewhere is escaped for the receiver's markup.
 * Read next: partition.ts and queue.ts, which say when there is such a message.
 */
import { boundText, isoTime, roundForPeople } from '../message/format.ts'
import { escapeValue, escapeWritten, type Markup } from '../message/markup.ts'
import { titleOf } from '../message/title.ts'
import { isWorse } from '../monitor/overall.ts'
import type { Status } from '../monitor/spec-types.ts'
import type { Transition } from '../monitor/types.ts'

export type MessageText = Readonly<{ title: string; body: string }>

/** Lines of a list: a screen of a phone, twice. */
const linesMax = 20
/** Of a group's tags in a line. */
const groupCharactersMax = 200
const titleCharactersMax = 1_000
/** The same as a single message has; receivers cut earlier than this. */
const bodyCharactersMax = 40_000
/** Steps that a title names; the text has more. */
const titleStepsMax = 3

/** The one that colours a message of many. Never empty. */
export function worstOf(transitions: readonly [Transition, ...Transition[]]): Transition {
  return transitions.reduce((worst, next) => (isWorse(next.to, worst.to) ? next : worst))
}

type StormInput = Readonly<{
  /** The monitor's, as it is defined. */
  name: string
  transitions: readonly [Transition, ...Transition[]]
  /** The message of the worst of them. */
  worst: MessageText
  markup: Markup
  link: string | null
}>

export function stormText({ name, transitions, worst, markup, link }: StormInput): MessageText {
  const counts = countsOf(transitions)
  const sorted = [...transitions].sort((a, b) => (a.to === b.to ? a.sequence - b.sequence : isWorse(a.to, b.to) ? -1 : 1))
  const groups = new Set(transitions.map(({ group }) => group)).size
  const heading = `${groups} groups at once: ${counts}.`
  const body = [[heading, ...list(sorted, markup)].join('\n'), ...more(link, markup), worst.body].join('\n\n')
  return bounded({ title: `[${groups} groups: ${counts}] ${oneLine(name)}`, body })
}

type MergedInput = Readonly<{
  /** All that it tells, ascending; the last one's message is `last`. */
  transitions: readonly Transition[]
  last: MessageText
  markup: Markup
}>

export function mergedText({ transitions, last, markup }: MergedInput): MessageText {
  const steps = transitions.map(({ to, slot }) => `${to} at ${isoTime(slot)}`)
  const left = steps.length - titleStepsMax
  const shown = [...(left > 0 ? [`${left} more`] : []), ...steps.slice(-titleStepsMax)]
  const heading = 'Told together, because the first of it could not be delivered in its time:'
  const body = `${[heading, ...list(transitions, markup)].join('\n')}\n\n${last.body}`
  return bounded({ title: `${last.title} (${shown.join(', ')})`, body })
}

/** `titles`: of the messages that it stands for, oldest first, perhaps not all of `count`. */
export function digestText(titles: readonly string[], count: number, monitors: number, markup: Markup): MessageText {
  const of = monitors === 1 ? 'one monitor' : `${monitors} monitors`
  const lines = titles.slice(0, linesMax).map((title) => `- ${escapeValue(oneLine(boundText(title, groupCharactersMax)), markup)}`)
  const heading = `${count} messages of ${of} in one: one by one they would be more than this receiver, or a notification rule, lets through.`
  return bounded({ title: `[${count} messages] of ${of}`, body: [heading, ...lines, ...rest(count - lines.length)].join('\n') })
}

/** For the receiver that stands in for another. */
export function fallbackText({ title, body }: MessageText, receiver: string, markup: Markup): MessageText {
  const note = `${escapeWritten('(This was meant for ', markup)}${escapeValue(receiver, markup)}${escapeWritten(', which could not be reached so far.)', markup)}`
  return bounded({ title, body: `${note}\n\n${body}` })
}

/** The name in a title, without what titleOf puts before it. */
export function nameIn(title: string, transition: Transition, includeTags: boolean): string {
  const before = titleOf('', transition, includeTags)
  return title.startsWith(before) ? title.slice(before.length) : title
}

function list(transitions: readonly Transition[], markup: Markup): string[] {
  const lines = transitions.slice(0, linesMax).map((transition) => `- ${escapeValue(lineOf(transition), markup)}`)
  return [...lines, ...rest(transitions.length - lines.length)]
}

const rest = (left: number): string[] => (left > 0 ? [`… and ${left} more.`] : [])

function lineOf({ to, group, value, slot }: Transition): string {
  const of = group === '*' ? '' : ` ${oneLine(boundText(group, groupCharactersMax))}`
  return `${to}:${of}${value === null ? '' : ` value ${roundForPeople(value)}`} (${isoTime(slot)})`
}

function countsOf(transitions: readonly Transition[]): string {
  const statuses: readonly Status[] = ['Alert', 'Warn', 'Unknown', 'No Data', 'OK']
  const counts = statuses.map((status) => ({ status, count: transitions.filter(({ to }) => to === status).length }))
  return counts.flatMap(({ status, count }) => (count === 0 ? [] : [`${count} ${status}`])).join(', ')
}

const more = (link: string | null, markup: Markup): string[] => (link === null ? [] : [escapeWritten(`All of them: ${link}`, markup)])

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ')

function bounded({ title, body }: MessageText): MessageText {
  return { title: boundText(oneLine(title), titleCharactersMax), body: boundText(body, bodyCharactersMax) }
}
