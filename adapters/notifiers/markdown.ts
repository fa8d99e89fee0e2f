/**
 * What authors of monitors write, as blocks of text with looks. What came from elsewhere is escaped by then (core/message/markup.ts)
 * and can be nothing but text: no mention, no link, no line of its own. HTML is text, too.
 * Read next: markdown-blocks.ts, its shape; markdown-runs.ts, what is in a line; slack-text.ts, which writes it.
 */
import MarkdownIt from 'markdown-it'
import { type Block, plainBlock, plainRun, type Run } from './markdown-blocks.ts'
import { backtickMark, type Reading, runsOf, unescapedCode } from './markdown-runs.ts'

/** As long as a body can be. */
const charactersMax = 40_000
const rule: readonly Run[] = [{ ...plainRun, text: '────────' }]

/** In messages a line is a line, an indented one as well as one above dashes, and what looks like a table is text. */
const markdown = new MarkdownIt('default', { html: false, linkify: false }).disable(['table', 'code', 'lheading'])
// Escaped characters stay apart from those that were written as they are.
markdown.core.ruler.disable('text_join')

type Place = { lists: number; quotes: number; marker: string; heading: boolean; firstOfList: boolean }

/** Total: every text is Markdown. */
export function parseMarkdown(text: string, reading: Reading = {}): readonly Block[] {
  const blocks: Block[] = []
  const place: Place = { lists: 0, quotes: 0, marker: '', heading: false, firstOfList: false }
  const add = (runs: readonly Run[], code = false): void => {
    const tight = place.lists > 0 && !place.firstOfList
    const indent = Math.max(0, place.lists - 1)
    blocks.push({ ...plainBlock, runs, heading: place.heading, quote: place.quotes > 0, code, indent, marker: place.marker, tight })
    place.marker = ''
    place.firstOfList = false
  }
  for (const { type, content, children, info } of markdown.parse(withMarks(text.slice(0, charactersMax)), {})) {
    if (type === 'inline') add(runsOf(children ?? [], reading))
    else if (type === 'fence') add([{ ...plainRun, text: unescapedCode(content.replace(/\n$/, '')) }], true)
    else if (type === 'hr') add(rule)
    else if (type === 'list_item_open') place.marker = info === '' ? '• ' : `${info}. `
    else move(place, type)
  }
  return blocks.filter(({ runs, marker }) => runs.length > 0 || marker !== '')
}

/** A backslash keeps no backtick from ending code, so one of a value would begin and end code at will. */
function withMarks(text: string): string {
  return text.replaceAll(backtickMark, '').replace(/\\([\\`])/g, (all, sign) => (sign === '`' ? backtickMark : all))
}

function move(place: Place, type: string): void {
  switch (type) {
    case 'bullet_list_open':
    case 'ordered_list_open':
      place.firstOfList ||= place.lists === 0
      place.lists += 1
      break
    case 'bullet_list_close':
    case 'ordered_list_close':
      place.lists -= 1
      break
    case 'blockquote_open':
      place.quotes += 1
      break
    case 'blockquote_close':
      place.quotes -= 1
      break
    case 'heading_open':
      place.heading = true
      break
    case 'heading_close':
      place.heading = false
      break
  }
}
