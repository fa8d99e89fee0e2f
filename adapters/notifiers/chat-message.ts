/**
 * What a chat shows beside a message's title and body, the same in each: its tone and some facts.
 * Never in a markup: what it answers is plain text. Read next: slack-message.ts, discord-message.ts, telegram-message.ts, teams-card.ts.
 */
import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { assertNever } from '../../core/assert.ts'
import { boundText, isoTime, roundForPeople } from '../../core/message/format.ts'
import { groupTags } from '../../core/monitor/group.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { Transition } from '../../core/monitor/types.ts'

export type Tone = 'alert' | 'warn' | 'unclear' | 'fine' | 'neutral'
export type Fact = Readonly<{ name: string; value: string }>

/** Values of tags can be as long as anything; the title has the group, too. */
const factCharactersMax = 300
const worstFirst: readonly Status[] = ['Alert', 'Warn', 'Unknown', 'No Data', 'OK']

/** As `#rrggbb`. */
export const toneColours: Readonly<Record<Tone, string>> = {
  alert: '#d92d20',
  warn: '#f79009',
  unclear: '#98a2b3',
  fine: '#12b76a',
  neutral: '#2e90fa',
}

export function toneOf({ form, transition }: OutgoingMessage): Tone {
  if (form === 'test') return 'neutral'
  switch (transition.to) {
    case 'Alert':
      return 'alert'
    case 'Warn':
      return 'warn'
    case 'No Data':
    case 'Unknown':
      return 'unclear'
    case 'OK':
      return 'fine'
    default:
      return assertNever(transition.to)
  }
}

/** At most four, each of a line. */
export function factsOf(message: OutgoingMessage): readonly Fact[] {
  const { form, transition, transitions, priority } = message
  switch (form) {
    case 'test':
      return []
    case 'single':
    case 'merged':
      return facts({
        Value: readingOf(transition),
        Group: groupOf(transition.group),
        Priority: priorityOf(priority),
        Time: isoTime(transition.slot),
      })
    case 'storm':
      return facts({ Groups: countsOf(transitions), Priority: priorityOf(priority), Time: isoTime(transition.slot) })
    case 'digest':
      return facts({ Changes: countsOf(transitions), Time: timesOf(transitions) })
    default:
      return assertNever(form)
  }
}

function facts(all: Readonly<Record<string, string | null>>): readonly Fact[] {
  return Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: boundText(value.slice(0, factCharactersMax + 1).replace(/\s+/g, ' '), factCharactersMax) }],
  )
}

function readingOf({ value, threshold }: Transition): string | null {
  if (value === null) return null
  return `${roundForPeople(value)}${threshold === null ? '' : ` (threshold ${roundForPeople(threshold)})`}`
}

function groupOf(group: string): string | null {
  const tags = groupTags(group)
  return tags.length === 0 ? null : tags.join(', ')
}

function priorityOf(priority: number | null): string | null {
  return priority === null ? null : `P${priority}`
}

/** `12 Alert, 3 OK`. */
function countsOf(transitions: readonly Transition[]): string {
  const count = (status: Status): number => transitions.filter(({ to }) => to === status).length
  return worstFirst
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`)
    .join(', ')
}

function timesOf(transitions: readonly Transition[]): string | null {
  const slots = transitions.map(({ slot }) => slot).sort((a, b) => a - b)
  const [first] = slots
  const last = slots.at(-1)
  if (first === undefined || last === undefined) return null
  return first === last ? isoTime(first) : `${isoTime(first)} to ${isoTime(last)}`
}
