/**
 * The text of a message in a receiver's markup, whatever it tells: one transition, several of a group, a storm.
 * Total, as the renderer is. Read next: core/delivery/text.ts.
 */
import { type MessageText, mergedText, nameIn, stormText, worstOf } from '../core/delivery/text.ts'
import type { Markup } from '../core/message/markup.ts'
import type { Transition } from '../core/monitor/types.ts'
import type { MessageRenderer, NotificationSubject } from './notification-ports.ts'
import type { ActivityPorts } from './ports.ts'

export type Composed = MessageText & Readonly<{ priority: number | null }>

export type Composition = Readonly<{
  form: 'single' | 'merged' | 'storm'
  subject: NotificationSubject
  /** Ascending by sequence. */
  transitions: readonly [Transition, ...Transition[]]
  markup: Markup
  link: string | null
}>

export function compose(renderer: MessageRenderer, { form, subject, transitions, markup, link }: Composition): Composed {
  const told = form === 'storm' ? worstOf(transitions) : (transitions.at(-1) ?? transitions[0])
  const { title, body, notes, priority = subject.priority } = renderer.render(subject, told, { markup })
  const one = { title, body: [body, ...notes.map((note) => `(${note})`)].join('\n\n') }
  if (form === 'single') return { ...one, priority }
  if (form === 'merged') return { ...mergedText({ transitions, last: one, markup }), priority }
  const name = subject.name.includes('{{') ? nameIn(title, told, subject.options.include_tags !== false) : subject.name
  return { ...stormText({ name, transitions, worst: one, markup, link }), priority }
}

/** Where people read on about a monitor. */
export function linkTo({ publicUrl }: Pick<ActivityPorts, 'publicUrl'>, monitorId: number): string | null {
  return publicUrl === undefined || publicUrl === null ? null : `${publicUrl}/monitors/${monitorId}`
}
