/** Blocks in Discord's Markdown: a backslash before every sign that means something there. */
import type { Run } from './markdown-blocks.ts'
import { around, lineWriter } from './markdown-lines.ts'
import type { BlockWriter } from './markdown-pages.ts'

/** As authors write them: people, roles, and everybody. */
export const discordMentions = /<@[!&]?\d{5,25}>|@everyone\b|@here\b/g

export const discordWriter: BlockWriter<string> = lineWriter({
  run: discordRun,
  fence: (text) => `\`\`\`\n${text.replaceAll('`', 'ˋ')}\n\`\`\``,
  quote: (text) => text.replace(/^/gm, '> '),
})

export function discordText(text: string): string {
  return text.replace(/[\\*_~`|[\]<>@:]/g, '\\$&').replace(/^(\s*)([#+-]|\d+(?=[.)]))/gm, lineStart)
}

/** What begins a heading, a list, small print: a number is escaped behind it. */
function lineStart(_all: string, blanks: string, sign: string): string {
  return /\d/.test(sign) ? `${blanks}${sign}\\` : `${blanks}\\${sign}`
}

function discordRun({ text, bold, italic, strike, code, href, mention }: Run): string {
  if (mention) return text
  const inner = href === null ? discordText(text) : link(text, href)
  if (code) return href === null ? around(text.replaceAll('`', 'ˋ'), '`') : inner
  const struck = strike ? around(inner, '~~') : inner
  const slanted = italic ? around(struck, '*') : struck
  return bold ? around(slanted, '**') : slanted
}

/** Discord makes no link of a text that looks like an address, and finds those that stand alone by itself. */
function link(text: string, href: string): string {
  return /^(https?:\/\/|mailto:)/i.test(text) ? href : `[${discordText(text.replace(/\s+/g, ' '))}](${href})`
}
