import { afterEach, describe, expect, test } from 'vitest'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { teamsNotifier } from '../../adapters/notifiers/teams.ts'
import { type TeamsMessage, teamsMessage } from '../../adapters/notifiers/teams-card.ts'
import { teamsConfig } from '../../contract/receivers/teams.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { readCard } from '../support/adaptive-card.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { hostileValues, messageWith } from '../support/hostile-message.ts'
import { toldTransition } from '../support/notification-job.ts'

/** Of a webhook's message: learn.microsoft.com/microsoftteams/platform, "Format cards", as of 2026. */
const bytesMax = 28 * 1_024

const servers: HookServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function teams(status: number, body: string): Promise<HookServer> {
  const server = await startHookServer(answer(status, {}, body))
  servers.push(server)
  return server
}

const receiverAt = (url: string): Receiver => ({ name: 'teams-ops', kind: 'teams', config: teamsConfig.parse({ webhook_url: url }) })
const cardOf = (message: TeamsMessage) => message.attachments[0]?.content
/** The runs of the body, without heading and facts. */
const runsOf = (body: string) =>
  (cardOf(teamsMessage(outgoingMessage({ body, form: 'test' })))?.body ?? [])
    .slice(1)
    .map((line) => (line.type === 'RichTextBlock' ? line.inlines.map(({ type: _, ...run }) => run) : line))

function expectReadable(message: TeamsMessage): void {
  const card = cardOf(message)
  const { complaints, understood } = readCard(card)
  expect(complaints).toEqual([])
  // Nothing was dropped as unknown: what Microsoft's reader writes again is what it was given, but for defaults.
  expect(count(understood, 'TextRun')).toBe(count(card, 'TextRun'))
  expect(count(understood, 'Action.OpenUrl')).toBe(count(card, 'Action.OpenUrl'))
  expect(new TextEncoder().encode(JSON.stringify(message)).length).toBeLessThanOrEqual(bytesMax)
}

function count(value: unknown, type: string): number {
  return JSON.stringify(value).split(`"type":"${type}"`).length - 1
}

test('a message is an adaptive card that Microsoft’s own reader understands', async () => {
  const server = await teams(202, '')
  const message = outgoingMessage({ link: 'https://tocsin.example/monitors/1001', body: 'CPU of **web-1**' })
  expect(await teamsNotifier(Date.now).deliver(message, receiverAt(server.url))).toEqual({ kind: 'delivered', detail: 'HTTP 202' })
  expect(JSON.parse(server.hooks()[0]?.body ?? '')).toEqual(teamsMessage(message))
  expectReadable(teamsMessage(message))
  expect(cardOf(teamsMessage(message))).toMatchObject({
    body: [
      { type: 'Container', style: 'attention', items: [{ inlines: [{ text: '[Triggered on {host:web-1}] CPU is high' }] }] },
      { inlines: [{ text: 'CPU of ' }, { text: 'web-1', weight: 'Bolder' }] },
      { inlines: [{ text: 'Value: ' }, { text: '95 (threshold 90)' }] },
      { inlines: [{ text: 'Group: ' }, { text: 'host:web-1' }] },
      { inlines: [{ text: 'Priority: ' }, { text: 'P2' }] },
      { inlines: [{ text: 'Time: ' }, { text: '2026-01-31T12:00:00Z' }] },
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Open the monitor', url: 'https://tocsin.example/monitors/1001' }],
  })
})

test.each([
  [200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x.', 'retry'],
  [200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x.', 'refused'],
  [200, '1', 'delivered'],
  [202, '', 'delivered'],
  [400, 'Bad payload received by generic incoming webhook.', 'refused'],
  [429, '', 'retry'],
])('%i %j is %s', async (status, body, kind) => {
  const server = await teams(status, body)
  expect(await teamsNotifier(Date.now).deliver(outgoingMessage(), receiverAt(server.url))).toMatchObject({ kind })
})

describe('text', () => {
  test.each<readonly [string, unknown]>([
    ['a\nb', [[{ text: 'a' }], [{ text: 'b' }]]],
    [
      '*i* ~~s~~ `c`',
      [
        [
          { text: 'i', italic: true },
          { text: ' ' },
          { text: 's', strikethrough: true },
          { text: ' ' },
          { text: 'c', fontType: 'Monospace' },
        ],
      ],
    ],
    ['[x](https://a.example/)', [[{ text: 'x', selectAction: { type: 'Action.OpenUrl', url: 'https://a.example/' } }]]],
    [
      '- a\n  1. b',
      [
        [{ text: '• ' }, { text: 'a' }],
        [{ text: '\u00a0\u00a0\u00a0\u00a01. ' }, { text: 'b' }],
      ],
    ],
    ['> q', [[{ text: '│ ' }, { text: 'q' }]]],
    ['```\nx\n  y\n```', [[{ text: 'x', fontType: 'Monospace' }], [{ text: '\u00a0\u00a0y', fontType: 'Monospace' }]]],
    ['\\*\\*a\\*\\*', [[{ text: '**a**' }]]],
  ])('%j is written %j', (body, lines) => {
    expect(runsOf(body)).toEqual(lines)
  })

  test.each(hostileValues)('the value %j is in text runs only', (value) => {
    const message = teamsMessage(messageWith(value))
    expectReadable(message)
    expect(JSON.stringify(message)).not.toContain('"TextBlock"')
    expect(JSON.stringify(message)).not.toContain('"entities"')
  })

  const hostile: readonly (readonly [string, OutgoingMessage])[] = [
    ['a tag of a megabyte', messageWith('"'.repeat(1_000_000), { title: '"'.repeat(1_000_000), link: 'https://tocsin.example/' })],
    ['a body of nothing but what JSON escapes', outgoingMessage({ body: '\u0001"'.repeat(20_000) })],
    ['a body of pairs of halves', outgoingMessage({ body: '😀'.repeat(20_000) })],
    ['a body of lines', outgoingMessage({ body: '**a** b\n'.repeat(5_000) })],
    [
      'a group of many tags',
      outgoingMessage({ transition: toldTransition({ group: Array.from({ length: 500 }, (_, n) => `k${n}:v`).join(',') }) }),
    ],
  ]
  test.each(hostile)('%s fits, and says what is cut', (_what, message) => {
    const card = teamsMessage(message)
    expectReadable(card)
    expect(JSON.stringify(card).isWellFormed()).toBe(true)
    if (message.body.length >= 34_000) expect(JSON.stringify(card)).toContain('The rest is cut')
  })
})
