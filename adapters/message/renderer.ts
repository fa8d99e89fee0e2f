/**
 * The MessageRenderer port: the message language of core/message with what only a machine knows, the time zones.
 * Never throws; keeps parsed templates, since one commit renders the same text for many groups.
 * Read next: core/message/render.ts.
 */
import type { MessageRenderer } from '../../activities/notification-ports.ts'
import { type Message, type MessageSubject, type Rendering, renderMessage } from '../../core/message/render.ts'
import type { ParsedTemplate } from '../../core/message/template/nodes.ts'
import { parseTemplate } from '../../core/message/template/parse.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { localTime } from './local-time.ts'

/** Parsed templates take some 10 KB each; a worker renders for few monitors at a time. */
const keptTemplatesMax = 200

/** The port, and for previews what markup values are escaped for and what comes with the trigger. */
export type LanguageRenderer = Readonly<{
  render: (subject: MessageSubject, transition: Transition, how?: How) => Message
}>
type How = Pick<Rendering, 'markup' | 'carried'>

export function messageRenderer(): LanguageRenderer {
  const parse = keepingParser()
  const render: LanguageRenderer['render'] = (subject, transition, how = {}) =>
    renderMessage(subject, transition, { ...how, parse, localTime })
  return { render } satisfies MessageRenderer
}

function keepingParser(): (text: string) => ParsedTemplate {
  const kept = new Map<string, ParsedTemplate>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const parsed = parseTemplate(text)
    const oldest = kept.keys().next()
    if (kept.size >= keptTemplatesMax && oldest.done !== true) kept.delete(oldest.value)
    kept.set(text, parsed)
    return parsed
  }
}
