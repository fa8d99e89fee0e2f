import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { discordNotifier } from '../../adapters/notifiers/discord.ts'
import { discordMessage } from '../../adapters/notifiers/discord-message.ts'
import { discordConfig } from '../../contract/receivers/discord.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { hostileValues, messageWith } from '../support/hostile-message.ts'
import { toldTransition } from '../support/notification-job.ts'

const snowflake = z.string().regex(/^\d{5,25}$/)
const field = z.strictObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1_024), inline: z.boolean() })
const embed = z.strictObject({
  title: z.string().min(1).max(256),
  description: z.string().min(1).max(4_096).optional(),
  color: z.int().min(0).max(0xffffff),
  timestamp: z.iso.datetime().optional(),
  fields: z.array(field).max(25),
})
/** Execute Webhook and its limits of embeds: discord.com/developers/docs/resources/webhook and /message, as of 2026. */
const payload = z
  .strictObject({
    content: z.string().min(1).max(2_000).optional(),
    embeds: z.array(embed).min(1).max(10),
    allowed_mentions: z.strictObject({
      parse: z.array(z.enum(['roles', 'users', 'everyone'])),
      users: z.array(snowflake).max(100),
      roles: z.array(snowflake).max(100),
    }),
  })
  .refine(({ embeds }) => embeds.every((one) => charactersOf(one) <= 6_000), 'an embed has at most 6,000 characters')

function charactersOf({ title, description = '', fields }: z.infer<typeof embed>): number {
  return [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join('').length
}

const servers: HookServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function discord(status: number, body: unknown): Promise<HookServer> {
  const server = await startHookServer(answer(status, { 'content-type': 'application/json' }, JSON.stringify(body)))
  servers.push(server)
  return server
}

const receiverAt = (url: string, config: Readonly<Record<string, unknown>> = {}): Receiver => ({
  name: 'discord-ops',
  kind: 'discord',
  config: discordConfig.parse({ webhook_url: url, ...config }),
})
const descriptionOf = (change: Partial<OutgoingMessage>): string => discordMessage(outgoingMessage(change)).embeds[0]?.description ?? ''

test('a message is one embed', async () => {
  const server = await discord(200, { id: '1' })
  const message = outgoingMessage({ link: 'http://tocsin:8080/monitors/1001' })
  expect(await discordNotifier(Date.now).deliver(message, receiverAt(server.url))).toEqual({ kind: 'delivered', detail: 'HTTP 200' })
  const [hook] = server.hooks()
  expect(hook).toMatchObject({ method: 'POST', path: '/hook?wait=true', headers: { 'content-type': 'application/json; charset=utf-8' } })
  expect(payload.parse(JSON.parse(hook?.body ?? ''))).toEqual({
    embeds: [
      {
        title: '\\[Triggered on {host\\:web-1}\\] CPU is high',
        description: 'CPU of web-1 is 95\n\n[Open the monitor](http://tocsin:8080/monitors/1001)',
        color: 0xd92d20,
        timestamp: '2026-01-31T12:00:00Z',
        fields: [
          { name: 'Value', value: '95 (threshold 90)', inline: true },
          { name: 'Group', value: 'host\\:web-1', inline: true },
          { name: 'Priority', value: 'P2', inline: true },
          { name: 'Time', value: '2026-01-31T12\\:00\\:00Z', inline: true },
        ],
      },
    ],
    allowed_mentions: { parse: [], users: [], roles: [] },
  })
})

test('a thread is asked for beside what the address has already', async () => {
  const server = await discord(200, {})
  await discordNotifier(Date.now).deliver(outgoingMessage(), receiverAt(`${server.url}?x=1`, { thread_id: '123456789012345678' }))
  expect(server.hooks()[0]?.path).toBe('/hook?x=1&wait=true&thread_id=123456789012345678')
})

test.each([
  [429, { message: 'You are being rate limited.', retry_after: 1.337, global: false }, { kind: 'retry', afterMs: 1_337 }],
  [429, 'cloudflare', { kind: 'retry', afterMs: null }],
  [
    404,
    { message: 'Unknown Webhook', code: 10_015 },
    { kind: 'refused', reason: 'HTTP 404: Unknown Webhook: the webhook is gone: make another one' },
  ],
  [401, { message: 'Invalid Webhook Token', code: 50_027 }, { kind: 'refused' }],
  [400, { message: 'Invalid Form Body', code: 50_035, errors: {} }, { kind: 'refused', reason: 'HTTP 400: Invalid Form Body' }],
  [503, { message: 'upstream' }, { kind: 'retry' }],
])('%i %j means %j', async (status, body, receipt) => {
  const server = await discord(status, body)
  expect(await discordNotifier(Date.now).deliver(outgoingMessage(), receiverAt(server.url))).toMatchObject(receipt)
})

describe('text', () => {
  test('only whom the author mentions may be pinged', () => {
    const body = 'Look, <@80351110224678912>, <@&165511591545143296>, @here\\! And \\@everyone, \\<@123456789012345678\\>'
    expect(discordMessage(outgoingMessage({ body }))).toMatchObject({
      content: '<@80351110224678912> <@&165511591545143296> @here',
      allowed_mentions: { parse: ['everyone'], users: ['80351110224678912'], roles: ['165511591545143296'] },
    })
  })

  test.each([
    ['**bold** *it* ~~no~~ `co-de` [x](https://a.example/(b))', '**bold** *it* ~~no~~ `co-de` [x](https://a.example/%28b%29)'],
    ['see https://a.example/b_c_d.', 'see https://a.example/b_c_d.'],
    ['# Head\n\n1. a\n2. b\n   - c', '**Head**\n\n1. a\n2. b\n    • c'],
    ['a \\*b\\* \\_c\\_ \\`d\\`', 'a \\*b\\* \\_c\\_ \\`d\\`'],
    ['\\# no\n\\- no\n1\\. no', '\\# no\n\\- no\n1\\. no'],
    ['```\nx\\-1 <@1>\n```', '```\nx-1 <@1>\n```'],
    ['<b>x</b>', '\\<b\\>x\\</b\\>'],
    ['[x](javascript:alert(1)) [y](tg://user?id=1)', '\\[x\\](javascript\\:alert(1)) y'],
  ])('%j is written %j', (body, description) => {
    expect(descriptionOf({ body })).toBe(description)
  })

  test.each(hostileValues)('the value %j mentions nobody, and is no markup', (value) => {
    const message = discordMessage(messageWith(value))
    expect(payload.parse(message)).toEqual(message)
    expect(message.content).toBeUndefined()
    expect(message.allowed_mentions).toEqual({ parse: [], users: [], roles: [] })
    // Outside of code, and but for what the author wrote, no sign stands without its backslash.
    const lines = (message.embeds[0]?.description ?? '').split('\n')
    const plain = (lines.at(-1) ?? '').replace(/https?:\/\/\S+/g, '').replace(/\\[^\sA-Za-z0-9]/g, '')
    expect(plain).not.toMatch(/[*_~`|[\]<>@]/)
  })

  test.each([
    ['a tag of a megabyte', messageWith('*'.repeat(1_000_000), { title: '*'.repeat(1_000_000), link: 'https://tocsin.example/' })],
    ['a body of nothing but what is escaped', outgoingMessage({ body: '\\*'.repeat(20_000), link: 'https://tocsin.example/' })],
    ['a body of pairs of halves', outgoingMessage({ body: '😀'.repeat(20_000) })],
    ['a body of mentions', outgoingMessage({ body: '<@80351110224678912> '.repeat(1_900) })],
    [
      'a body of other mentions',
      outgoingMessage({ body: Array.from({ length: 1_700 }, (_, n) => `<@${n + 1_000_000_000_000_000}>`).join(' ') }),
    ],
    [
      'a group of many tags',
      outgoingMessage({ transition: toldTransition({ group: Array.from({ length: 500 }, (_, n) => `k${n}:*v*`).join(',') }) }),
    ],
  ])('%s fits, and says what is cut', (_what, message) => {
    const sent = discordMessage(message)
    expect(payload.parse(sent)).toEqual(sent)
    const description = sent.embeds[0]?.description ?? ''
    if (message.body.length >= 34_000) expect(description).toContain('The rest is cut')
    if (message.link !== null) expect(description.endsWith(`(${message.link})`)).toBe(true)
    expect(description.isWellFormed()).toBe(true)
  })
})
