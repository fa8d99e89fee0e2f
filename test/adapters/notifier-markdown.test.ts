import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { discordMessage } from '../../adapters/notifiers/discord-message.ts'
import { parseMarkdown } from '../../adapters/notifiers/markdown.ts'
import { boundEscaped, plainBlock, plainRun } from '../../adapters/notifiers/markdown-blocks.ts'
import { lineWriter, pageText } from '../../adapters/notifiers/markdown-lines.ts'
import { paginate } from '../../adapters/notifiers/markdown-pages.ts'
import { slackMessage } from '../../adapters/notifiers/slack-message.ts'
import { slackText } from '../../adapters/notifiers/slack-text.ts'
import { teamsMessage } from '../../adapters/notifiers/teams-card.ts'
import { telegramMessage } from '../../adapters/notifiers/telegram-message.ts'
import { escapeValue } from '../../core/message/markup.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { readCard } from '../support/adaptive-card.ts'
import { slackWebhookPayload } from '../support/slack-server.ts'
import { readTelegramHtml } from '../support/telegram-html.ts'

const mentions = /<[@!#][^<>]*>|@everyone/g
const pieces = [
  ...'\\`*_{}[]()<>#+-.!|~@&=:/ \n\r\t\u2028',
  '<@U1>',
  '@everyone',
  'http://a.example/',
  '](',
  '```',
  '&lt;',
  '---',
  '1. ',
  '    ',
  'x',
  '😀',
  '\ue000',
]
const value = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
/** Blanks aside, and the one sign that is taken out. */
const bare = (text: string): string => text.replace(/[\s\p{Cc}\u2028\u2029\ue000]/gu, '')

test.each([
  ['in a sentence', 'Look at ', ' now'],
  ['alone', '', ''],
  ['under a line', 'a line\n', ''],
  ['in a list', '- ', ''],
  ['in a heading', '# ', ' x'],
  ['in a quote', '> ', ''],
])('whatever a value holds, %s it is its own text and nothing else', (_where, before, after) => {
  fc.assert(
    fc.property(value, (text) => {
      const blocks = parseMarkdown(`${before}${escapeValue(text, 'markdown')}${after}`, { mentions })
      const runs = blocks.flatMap((block) => block.runs)
      const seen = bare(runs.map((run) => run.text).join(''))
      expect(seen).toBe(bare(`${before.replace(/^[-#>] /, '')}${text}${after}`))
      expect(blocks.length).toBeLessThanOrEqual(1)
      for (const { bold, italic, strike, code, mention, href, text: shown } of runs) {
        expect({ bold, italic, strike, code, mention }).toEqual({ bold: false, italic: false, strike: false, code: false, mention: false })
        if (href !== null) expect(shown).toMatch(/^https?:\/\//)
      }
    }),
    { numRuns: 500 },
  )
})

test('whatever a value holds, in code it stays there, and what follows is what it was', () => {
  fc.assert(
    fc.property(value, (text) => {
      const runs = parseMarkdown(`\`x${escapeValue(text, 'markdown')}x\` and **more**`, { mentions }).flatMap((block) => block.runs)
      expect(runs.map(({ code, bold }) => [code, bold])).toEqual([
        [true, false],
        [false, false],
        [false, true],
      ])
      expect(bare(runs[0]?.text ?? '')).toBe(bare(`x${text}x`))
    }),
    { numRuns: 500 },
  )
})

describe('pages', () => {
  const writer = lineWriter({ run: ({ text }) => slackText(text), fence: (text) => text, quote: (text) => text })
  const block = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 400 })
    .map((text) => ({ ...plainBlock, runs: [{ ...plainRun, text: `${text}&&&&` }] }))

  test('none is over its size, no escape is cut, and what is on them is the beginning of what there is', () => {
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 12 }),
        fc.integer({ min: 120, max: 900 }),
        fc.integer({ min: 1, max: 4 }),
        (blocks, pageSize, pagesMax) => {
          const pages = paginate(blocks, writer, { pageSize, pagesMax })
          expect(pages.length).toBeLessThanOrEqual(pagesMax)
          for (const page of pages) {
            expect(pageText(page).length).toBeLessThanOrEqual(pageSize)
            expect(page.join('')).not.toMatch(/&(?!amp;|lt;|gt;)/)
          }
          const all = bare(blocks.map((one) => slackText(one.runs[0]?.text ?? '')).join(''))
          const [told = '', note] = bare(pages.flat().join('')).split('…Therestiscut')
          expect(all.startsWith(told)).toBe(true)
          expect(note === undefined).toBe(told.length === all.length)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a text is cut where it is escaped, not in what escapes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 1, max: 90 }), (text, max) => {
        const bound = boundEscaped(`<${text}>`, slackText, max)
        expect(bound.length).toBeLessThanOrEqual(max)
        expect(bound).not.toMatch(/&(?!amp;|lt;|gt;)/)
        expect(bound === slackText(`<${text}>`) || bound.endsWith('…')).toBe(true)
      }),
    )
  })
})

const storm = [
  '42 groups at once: 40 Alert, 2 Warn.',
  `- ${escapeValue('Alert: host:web-1 value 95 (2026-01-31T12:00:00Z)', 'markdown')}`,
  `- ${escapeValue('Warn: host:*_db_*', 'markdown')}`,
  '… and 40 more.',
  '',
  'CPU of **web\\-1**',
].join('\n')

test('the list of a storm is a list everywhere', () => {
  const message = outgoingMessage({ form: 'storm', body: storm })
  const lines = [
    '42 groups at once: 40 Alert, 2 Warn.',
    '',
    '• Alert: host:web-1 value 95 (2026-01-31T12:00:00Z)',
    '• Warn: host:*_db_*',
    '… and 40 more.',
    '',
  ]
  const [first] = slackMessage(message).attachments[0]?.blocks ?? []
  expect(first).toEqual({ type: 'section', text: { type: 'mrkdwn', text: [...lines, 'CPU of *web-1*'].join('\n'), verbatim: true } })
  expect(readTelegramHtml(telegramMessage(message)).text).toContain([...lines, 'CPU of web-1'].join('\n'))
  expect(discordMessage(message).embeds[0]?.description).toContain('\n• Warn\\: host\\:\\*\\_db\\_\\*\n… and 40 more.\n\nCPU of **web-1**')
  expect(JSON.stringify(teamsMessage(message))).toContain('{"type":"TextRun","text":"• "},{"type":"TextRun","text":"Warn: host:*_db_*"}')
  for (const shown of [JSON.stringify(slackMessage(message)), JSON.stringify(discordMessage(message)), telegramMessage(message)])
    expect(shown).toContain('1 Alert')
})

const corpus = new URL('../../../shared/corpus/datadog-monitors.jsonl', import.meta.url)

describe.runIf(existsSync(corpus))('public monitors', () => {
  test('each message can be sent to each chat', () => {
    const bodies = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((line): string => String(JSON.parse(line).monitor.message ?? ''))
    for (const body of bodies) {
      const message = outgoingMessage({ body })
      const slack = slackMessage(message)
      expect(slackWebhookPayload.parse(slack)).toEqual(slack)
      expect(readTelegramHtml(telegramMessage(message)).text.length).toBeLessThanOrEqual(4_096)
      expect(discordMessage(message).embeds[0]?.description?.length ?? 0).toBeLessThanOrEqual(4_096)
      expect(readCard(teamsMessage(message).attachments[0]?.content).complaints).toEqual([])
    }
    console.log(`${bodies.length} public messages written for four chats`)
    expect(bodies.length).toBeGreaterThan(100)
  })
})
