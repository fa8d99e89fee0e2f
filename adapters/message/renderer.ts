/**
 * The MessageRenderer port: the message language of core/message with what only a machine knows, the time zones.
 * Never throws; keeps parsed templates, since one commit renders the same text for many groups.
 * Read next: core/message/render.ts.
 */
import type { MessageRenderer } from '../../activities/notification-ports.ts'
import { renderMessage } from '../../core/message/render.ts'
import type { ParsedTemplate } from '../../core/message/template/nodes.ts'
import { parseTemplate } from '../../core/message/template/parse.ts'
import { localTime } from './local-time.ts'

/** Parsed templates take some 10 KB each; a worker renders for few monitors at a time. */
const keptTemplatesMax = 200

export function messageRenderer(): MessageRenderer {
  const parse = keepingParser()
  return { render: (subject, transition) => renderMessage(subject, transition, { parse, localTime }) }
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
