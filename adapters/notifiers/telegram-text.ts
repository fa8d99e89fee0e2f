/** Blocks in the HTML that Telegram's Bot API takes. Code is nothing but code there, and quotes aren't in quotes. */
import type { Run } from './markdown-blocks.ts'
import { lineWriter } from './markdown-lines.ts'
import type { BlockWriter } from './markdown-pages.ts'

/** Telegram makes a mention of every @name. This sign, which nobody sees, between the two makes it none. */
export const telegramValueAt = '@\u2060'

/** Telegram counts what people see; but addresses without end make no message. */
const writtenPerSeen = 4

export const telegramWriter: BlockWriter<string> = lineWriter({
  run: telegramRun,
  fence: (text) => `<pre>${telegramText(text)}</pre>`,
  quote: (text) => `<blockquote>${text}</blockquote>`,
  size: (written) => Math.max(seenCharacters(written), Math.ceil(written.length / writtenPerSeen)),
})

export function telegramText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** What came from elsewhere: it mentions nobody. */
export function telegramValue(text: string): string {
  return telegramText(text.replaceAll('@', telegramValueAt))
}

function seenCharacters(html: string): number {
  return html.replace(/<[^>]*>/g, '').replace(/&(?:amp|lt|gt|quot);/g, 'x').length
}

function telegramRun({ text, bold, italic, strike, code, href }: Run): string {
  const inner = telegramText(text)
  if (code && href === null) return `<code>${inner}</code>`
  const linked = href === null ? inner : `<a href="${telegramText(href)}">${inner}</a>`
  const struck = strike ? `<s>${linked}</s>` : linked
  const slanted = italic ? `<i>${struck}</i>` : struck
  return bold ? `<b>${slanted}</b>` : slanted
}
