import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { factsOf, type Tone, toneOf } from './chat-message.ts'
import { parseMarkdown } from './markdown.ts'
import { boundEscaped } from './markdown-blocks.ts'
import { pageText } from './markdown-lines.ts'
import { safeAddress } from './markdown-links.ts'
import { paginate } from './markdown-pages.ts'
import { telegramText, telegramValue, telegramValueAt, telegramWriter } from './telegram-text.ts'

/** Telegram's, of what people see. */
const charactersMax = 4_096
const titleCharactersMax = 256

/** A message has no colour of its own. */
const signs: Readonly<Record<Tone, string>> = { alert: '🔴', warn: '🟠', unclear: '⚪', fine: '🟢', neutral: '🔵' }

/** In HTML as Telegram takes it. */
export function telegramMessage(message: OutgoingMessage): string {
  const title = boundEscaped(message.title.replace(/\s+/g, ' '), telegramValue, titleCharactersMax)
  const before = `${signs[toneOf(message)]} <b>${title}</b>`
  const facts = factsOf(message).map(({ name, value }) => `<b>${name}:</b> ${telegramValue(value)}`)
  const after = [...facts, ...linkOf(message.link)].map((line) => `\n${line}`).join('')
  const pageSize = charactersMax - telegramWriter.size(before) - telegramWriter.size(after) - gaps.length
  const [page = []] = paginate(parseMarkdown(message.body, { valueAt: telegramValueAt }), telegramWriter, { pageSize, pagesMax: 1 })
  const body = pageText(page)
  return [before, body === '' ? '' : `\n\n${body}`, after === '' ? '' : `\n${after}`].join('')
}

/** Between title, body and facts. */
const gaps = '\n\n\n'

/** No button: Telegram refuses a message whose button leads to a name that only an own network knows. */
function linkOf(link: string | null): string[] {
  const url = safeAddress(link)
  return url === null ? [] : [`<a href="${telegramText(url)}">Open the monitor</a>`]
}
