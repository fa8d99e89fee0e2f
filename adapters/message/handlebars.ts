/**
 * Renders a monitor's name and message with Handlebars, as Datadog's message language has it.
 * Never throws, never reaches a prototype, never writes more than its bounds: what can't be rendered goes out as it was written, with a note.
 * Read next: core/message/context.ts (the names), templates.ts (what of Handlebars is allowed).
 */
import type { MessageRenderer, NotificationSubject, RenderedMessage } from '../../activities/notification-ports.ts'
import { type MessageContext, messageContext } from '../../core/message/context.ts'
import { boundText } from '../../core/message/format.ts'
import { collectHandles } from '../../core/message/handles.ts'
import { notesOf } from '../../core/message/notes.ts'
import { titleOf } from '../../core/message/title.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { templateCompiler } from './templates.ts'

/** A title is one line in a list; mail subjects and chat headers cut earlier than this. */
const titleCharactersMax = 1_000
/** Chat services cut messages at 40,000 characters; each receiver of each group stores a copy. */
const bodyCharactersMax = 40_000
/** More handles in one message are a mistake (a template that makes names out of data), not a team. */
const handlesMax = 50

/** The renderer of the engine: keeps compiled templates, since one commit renders the same text for many groups. */
export function handlebarsRenderer(): MessageRenderer {
  const compile = templateCompiler()

  function renderText(what: string, text: string, context: MessageContext): Readonly<{ text: string; notes: readonly string[] }> {
    const compiled = compile(text)
    if (compiled.kind === 'refused') return { text, notes: [noteOf(what, compiled.reason)] }
    try {
      return { text: compiled.render(context), notes: [] }
    } catch (error) {
      return { text, notes: [noteOf(what, error instanceof Error ? error.message : String(error))] }
    }
  }

  function render(subject: NotificationSubject, transition: Transition): RenderedMessage {
    const context = messageContext(subject, transition)
    const name = renderText('name', subject.name, context)
    const message = renderText('message', textOf(subject, transition), context)
    const title = titleOf(name.text, transition, subject.options.include_tags !== false)
    const handles = collectHandles(message.text)
    return {
      title: boundText(title, titleCharactersMax),
      body: boundText(message.text, bodyCharactersMax),
      handles: handles.slice(0, handlesMax),
      notes: [...notesOf(transition), ...name.notes, ...message.notes, ...boundNotes(message.text.length, handles)],
    }
  }

  return { render }
}

/** A repeat adds what the monitor wants to be said if nothing has happened until then. */
function textOf(subject: NotificationSubject, transition: Transition): string {
  const escalation = subject.options.escalation_message
  const more = transition.reason === 'renotify' && typeof escalation === 'string' && escalation.trim() !== ''
  return more ? `${subject.message}\n\n${escalation}` : subject.message
}

function noteOf(what: string, reason: string): string {
  return `The ${what} could not be rendered and stands as it was written: ${boundText(reason.replace(/\s+/g, ' '), 300)}`
}

function boundNotes(bodyCharacters: number, handles: readonly string[]): string[] {
  return [
    ...(bodyCharacters > bodyCharactersMax ? [`The message was cut at ${bodyCharactersMax} characters.`] : []),
    ...(handles.length > handlesMax ? [`Only the first ${handlesMax} of ${handles.length} handles were notified.`] : []),
  ]
}
