import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { telegramNotifier } from '../../adapters/notifiers/telegram.ts'
import { telegramMessage } from '../../adapters/notifiers/telegram-message.ts'
import { telegramConfig } from '../../contract/receivers/telegram.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { hostileValues, messageWith } from '../support/hostile-message.ts'
import { toldTransition } from '../support/notification-job.ts'
import { readTelegramHtml } from '../support/telegram-html.ts'

const token = '123456789:AAabcdefghijklmnopqrstuvwxyz_-12345'
const charactersMax = 4_096

/** sendMessage: core.telegram.org/bots/api#sendmessage, as of 2026. */
const sendMessage = z.strictObject({
  chat_id: z.union([z.int(), z.string().min(1)]),
  message_thread_id: z.int().positive().optional(),
  text: z.string().refine((html) => readTelegramHtml(html).text.length <= charactersMax && readTelegramHtml(html).text.length > 0),
  parse_mode: z.literal('HTML'),
  link_preview_options: z.strictObject({ is_disabled: z.literal(true) }),
  reply_parameters: z.strictObject({ message_id: z.int(), allow_sending_without_reply: z.literal(true) }).optional(),
})

const servers: HookServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function telegram(status: number, body: unknown): Promise<HookServer> {
  const server = await startHookServer(answer(status, { 'content-type': 'application/json' }, JSON.stringify(body)))
  servers.push(server)
  return server
}

const taken = { ok: true, result: { message_id: 42, chat: { id: -1001234567890 } } }
const receiverAt = (url: string, config: Readonly<Record<string, unknown>> = {}): Receiver => ({
  name: 'telegram-ops',
  kind: 'telegram',
  config: telegramConfig.parse({ token, chat_id: -1001234567890, api_url: url, ...config }),
})
const deliver = (message: OutgoingMessage, receiver: Receiver) => telegramNotifier(Date.now).deliver(message, receiver)
const sentTo = (server: HookServer) => sendMessage.parse(JSON.parse(server.hooks()[0]?.body ?? ''))
const withReference = (reference: OutgoingMessage['episode']['reference'], change: Partial<OutgoingMessage> = {}) =>
  outgoingMessage({ episode: { key: 'k', reference, othersOpen: 0 }, ...change })
const first = { chat_id: '-1001234567890', message_id: '42' }

test('a message is HTML, and the first of an episode is remembered', async () => {
  const server = await telegram(200, taken)
  const message = outgoingMessage({ link: 'http://tocsin:8080/monitors/1001' })
  expect(await deliver(message, receiverAt(server.url, { message_thread_id: 7 }))).toEqual({
    kind: 'delivered',
    detail: 'HTTP 200',
    reference: first,
  })
  expect(server.hooks()[0]).toMatchObject({ method: 'POST', path: `/hook/bot${token}/sendMessage` })
  expect(sentTo(server)).toEqual({
    chat_id: -1001234567890,
    message_thread_id: 7,
    text: [
      '🔴 <b>[Triggered on {host:web-1}] CPU is high</b>',
      '',
      'CPU of web-1 is 95',
      '',
      '<b>Value:</b> 95 (threshold 90)',
      '<b>Group:</b> host:web-1',
      '<b>Priority:</b> P2',
      '<b>Time:</b> 2026-01-31T12:00:00Z',
      '<a href="http://tocsin:8080/monitors/1001">Open the monitor</a>',
    ].join('\n'),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
  })
})

test.each([
  ['what is told later answers the first message', withReference(first), 42],
  ['a message of another chat isn’t answered', withReference({ chat_id: '5', message_id: '42' }), undefined],
  ['a reference of another shape is none', withReference({ ts: '1' }), undefined],
  ['a digest answers nothing', withReference(first, { form: 'digest' }), undefined],
])('%s', async (_what, message, answered) => {
  const server = await telegram(200, taken)
  expect(await deliver(message, receiverAt(server.url))).toEqual({ kind: 'delivered', detail: 'HTTP 200' })
  expect(sentTo(server).reply_parameters?.message_id).toBe(answered)
})

test.each([
  [
    429,
    { error_code: 429, description: 'Too Many Requests: retry after 14', parameters: { retry_after: 14 } },
    { kind: 'retry', afterMs: 14_000 },
  ],
  [
    400,
    { error_code: 400, description: 'Bad Request: chat not found' },
    { kind: 'refused', reason: expect.stringContaining('a chat that the bot is in') },
  ],
  [
    400,
    { description: 'Bad Request: message thread not found' },
    { kind: 'refused', reason: expect.stringContaining('a topic that is there') },
  ],
  [
    400,
    { description: 'Bad Request: group chat was upgraded', parameters: { migrate_to_chat_id: -100987 } },
    { kind: 'refused', reason: expect.stringContaining('store chat_id -100987') },
  ],
  [401, { description: 'Unauthorized' }, { kind: 'refused', reason: "HTTP 401: Unauthorized: store the bot's present token" }],
  [404, { description: 'Not Found' }, { kind: 'refused', reason: "HTTP 404: Not Found: store the bot's present token" }],
  [
    403,
    { description: 'Forbidden: bot was kicked from the group chat' },
    { kind: 'refused', reason: expect.stringContaining('add the bot to the chat') },
  ],
  [200, { description: `no ${token}` }, { kind: 'refused', reason: 'no [redacted]' }],
  [502, { description: 'Bad Gateway' }, { kind: 'retry' }],
])('%i %j means %j', async (status, body, receipt) => {
  const server = await telegram(status, { ok: false, ...body })
  expect(await deliver(outgoingMessage(), receiverAt(server.url))).toMatchObject(receipt)
})

describe('text', () => {
  const bodyOf = (body: string): string =>
    telegramMessage(outgoingMessage({ body, form: 'test', title: 'T' })).replace('🔵 <b>T</b>\n\n', '')

  test.each([
    ['**bold _both_** ~~no~~', '<b>bold </b><b><i>both</i></b> <s>no</s>'],
    ['`a\\-b` **`c`** [`d`](https://a.example/)', '<code>a-b</code> <code>c</code> <a href="https://a.example/">d</a>'],
    ['```sh\nif (a < b) {\n  x\\-1\n}\n```', '<pre>if (a &lt; b) {\n  x-1\n}</pre>'],
    ['> quoted\n> more\n\nafter', '<blockquote>quoted\nmore</blockquote>\n\nafter'],
    ['- a\n- b\n  1. c', '• a\n• b\n    1. c'],
    ['https://a.example/?a=1&b=2', '<a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>'],
    ['<b>x</b> & "y"', '&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;'],
    ['@author and \\@value', '@author and @\u2060value'],
    ['[x](tg://user?id=1)', 'x'],
  ])('%j is written %j', (body, html) => {
    expect(bodyOf(body)).toBe(html)
    expect(() => readTelegramHtml(bodyOf(body))).not.toThrow()
  })

  test.each(hostileValues)('the value %j is text, and mentions nobody', (value) => {
    const { text, entities } = readTelegramHtml(telegramMessage(messageWith(value)))
    for (const { tag, href, offset, length } of entities)
      if (tag === 'a') expect(`${text.slice(offset, offset + length)}/`).toContain((href ?? 'none').replace(/\/$/, ''))
    const code = entities.filter(({ tag }) => tag === 'code').map(({ offset, length }) => [offset, offset + length] as const)
    for (const { index } of text.matchAll(/(?<!\w)@\w/g)) expect(code.some(([from, to]) => from <= index && index < to)).toBe(true)
  })

  test.each([
    ['a tag of a megabyte', messageWith('&'.repeat(1_000_000), { title: '&'.repeat(1_000_000), link: 'https://tocsin.example/' })],
    ['a body of nothing but what is escaped', outgoingMessage({ body: '\\&'.repeat(20_000), link: 'https://tocsin.example/' })],
    ['a body of pairs of halves', outgoingMessage({ body: '😀'.repeat(20_000) })],
    ['a body of looks', outgoingMessage({ body: '**a** _b_ `c` '.repeat(2_800) })],
    ['a body of links', outgoingMessage({ body: `[a](https://example.com/${'x'.repeat(900)}) `.repeat(40) })],
    [
      'a group of many tags',
      outgoingMessage({ transition: toldTransition({ group: Array.from({ length: 500 }, (_, n) => `k${n}:@v`).join(',') }) }),
    ],
  ])('%s fits, and says what is cut', (_what, message) => {
    const html = telegramMessage(message)
    const { text } = readTelegramHtml(html)
    expect(text.length).toBeLessThanOrEqual(charactersMax)
    expect(html.length).toBeLessThanOrEqual(charactersMax * 5)
    expect(text.isWellFormed()).toBe(true)
    if (message.body.length >= 34_000) expect(text).toContain('The rest is cut')
    if (message.link !== null) expect(text.endsWith('Open the monitor')).toBe(true)
  })
})

test.each([
  [{ chat_id: '@channel' }, true],
  [{ chat_id: '-1001234567890' }, true],
  [{ chat_id: 1.5 }, false],
  [{ chat_id: 'somebody' }, false],
  [{ token: '123:abc/../getUpdates' }, false],
  [{ api_url: 'https://api.telegram.org/?x=1' }, false],
])('the configuration %j is taken: %j', (config, isTaken) => {
  expect(telegramConfig.safeParse({ token, chat_id: 1, ...config }).success).toBe(isTaken)
})
