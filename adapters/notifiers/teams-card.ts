/**
 * A message as an adaptive card. All text is in text runs, which know no markup: no value can be anything but text,
 * and nobody is mentioned. Read next: teams.ts.
 */
import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { boundText } from '../../core/message/format.ts'
import { type Fact, factsOf, type Tone, toneOf } from './chat-message.ts'
import { parseMarkdown } from './markdown.ts'
import { type Block, plainRun, type Run } from './markdown-blocks.ts'
import { safeAddress } from './markdown-links.ts'
import { paginate } from './markdown-pages.ts'

type TextRun = Readonly<{
  type: 'TextRun'
  text: string
  size?: 'Large'
  weight?: 'Bolder'
  italic?: true
  strikethrough?: true
  fontType?: 'Monospace'
  isSubtle?: true
  selectAction?: OpenUrl
}>
type OpenUrl = Readonly<{ type: 'Action.OpenUrl'; title?: string; url: string }>
type TextLine = Readonly<{ type: 'RichTextBlock'; spacing: 'Default' | 'None' | 'Small'; inlines: readonly TextRun[] }>
type Heading = Readonly<{ type: 'Container'; style: string; bleed: true; items: readonly TextLine[] }>

export type AdaptiveCard = Readonly<{
  $schema: string
  type: 'AdaptiveCard'
  version: '1.4'
  msteams: Readonly<{ width: 'Full' }>
  body: readonly (TextLine | Heading)[]
  actions: readonly OpenUrl[]
}>

export type TeamsMessage = Readonly<{
  type: 'message'
  attachments: readonly Readonly<{ contentType: 'application/vnd.microsoft.card.adaptive'; contentUrl: null; content: AdaptiveCard }>[]
}>

/** Teams takes 28 KB, of a thousand bytes to be safe, with all around the text. */
const messageBytesMax = 28_000
const titleCharactersMax = 1_000
const styles: Readonly<Record<Tone, string>> = { alert: 'attention', warn: 'warning', unclear: 'emphasis', fine: 'good', neutral: 'accent' }

export function teamsMessage(message: OutgoingMessage): TeamsMessage {
  const room = messageBytesMax - bytesOf(around(message, []))
  const writer = { write: linesOf, size: bytesOf }
  const [page = []] = paginate(parseMarkdown(message.body), writer, { pageSize: room, pagesMax: 1 })
  return around(message, page.flat())
}

function around(message: OutgoingMessage, text: readonly TextLine[]): TeamsMessage {
  const title: TextRun = {
    type: 'TextRun',
    text: boundText(message.title.slice(0, titleCharactersMax + 1).replace(/\s+/g, ' '), titleCharactersMax),
    size: 'Large',
    weight: 'Bolder',
  }
  const heading: Heading = {
    type: 'Container',
    style: styles[toneOf(message)],
    bleed: true,
    items: [{ type: 'RichTextBlock', spacing: 'None', inlines: [title] }],
  }
  const url = safeAddress(message.link)
  const content: AdaptiveCard = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [heading, ...text, ...factsOf(message).map(factLine)],
    actions: url === null ? [] : [{ type: 'Action.OpenUrl', title: 'Open the monitor', url }],
  }
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] }
}

function factLine({ name, value }: Fact, index: number): TextLine {
  const inlines: TextRun[] = [
    { type: 'TextRun', text: `${name}: `, weight: 'Bolder', isSubtle: true },
    { type: 'TextRun', text: value, isSubtle: true },
  ]
  return { type: 'RichTextBlock', spacing: index === 0 ? 'Default' : 'None', inlines }
}

/** A line each: line breaks inside of a run are not promised to be shown. */
function linesOf(block: Block): readonly TextLine[] {
  return linesOfRuns(block.runs).map((runs, index) => {
    const before = `${block.quote ? '│ ' : ''}${'\u00a0'.repeat(4 * block.indent)}${index === 0 ? block.marker : ''}`
    const shown = [{ ...plainRun, text: before }, ...runs].filter(({ text }) => text !== '')
    return {
      type: 'RichTextBlock',
      spacing: index > 0 || block.tight ? 'None' : 'Default',
      inlines: (shown.length === 0 ? [{ ...plainRun, text: '\u00a0' }] : shown).map((run) => textRun(run, block)),
    }
  })
}

function linesOfRuns(runs: readonly Run[]): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]]
  for (const run of runs) {
    for (const [index, text] of run.text.split('\n').entries()) {
      if (index > 0) lines.push([])
      lines.at(-1)?.push({ ...run, text })
    }
  }
  return lines
}

function textRun({ text, bold, italic, strike, code, href }: Run, block: Block): TextRun {
  return {
    type: 'TextRun',
    // Blanks at the beginning of a line mean something in code only.
    text: block.code ? text.replace(/^ +/, (blanks) => '\u00a0'.repeat(blanks.length)) : text,
    ...(bold || block.heading ? { weight: 'Bolder' } : {}),
    ...(italic ? { italic: true } : {}),
    ...(strike ? { strikethrough: true } : {}),
    ...(code || block.code ? { fontType: 'Monospace' } : {}),
    ...(href === null ? {} : { selectAction: { type: 'Action.OpenUrl', url: href } }),
  }
}

/** In JSON, with what parts it from the next. */
function bytesOf(written: unknown): number {
  return new TextEncoder().encode(JSON.stringify(written)).length + 1
}
