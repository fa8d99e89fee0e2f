import { assertNever } from '../assert.ts'

/**
 * What a message is written in for its receiver. In `html` and `markdown` a value can't be anything but text, in `slack` it can't
 * mention or link, in `plain` it can't begin a line of its own; `none` changes nothing (JSON has its own escapes).
 */
export type Markup = 'none' | 'plain' | 'html' | 'slack' | 'markdown'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** No markup makes more of one character. */
export const escapeGrowthMax = 6

/** A value that came from elsewhere: it is text, whatever it holds. */
export function escapeValue(text: string, markup: Markup): string {
  switch (markup) {
    case 'none':
      return text
    case 'plain':
      return onOneLine(text)
    case 'html':
      return withEntities(text, /[&<>"']/g)
    case 'slack':
      // Slack knows these three only; what it makes of *, _ and ` is looks.
      return withEntities(text, /[&<>]/g)
    case 'markdown':
      return onOneLine(text).replace(/[\\`*_{}[\]()<>#+\-.!|~@&]/g, '\\$&')
    default:
      return assertNever(markup)
  }
}

/** What the author wrote is the receiver's own markup, but never HTML: the message language has none. */
export function escapeWritten(text: string, markup: Markup): string {
  return markup === 'html' ? withEntities(text, /[&<>"']/g) : text
}

function withEntities(text: string, which: RegExp): string {
  return text.replace(which, (char) => entities[char] ?? char)
}

function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
