import { afterEach, describe, expect, test } from 'vitest'
import type { Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { discordNotifier } from '../../adapters/notifiers/discord.ts'
import { slackNotifier } from '../../adapters/notifiers/slack.ts'
import { teamsNotifier } from '../../adapters/notifiers/teams.ts'
import { telegramNotifier } from '../../adapters/notifiers/telegram.ts'
import { receiverKindOf } from '../../contract/receivers/index.ts'
import { notifierConformance, outgoingMessage } from '../conformance/notifier.ts'
import { conformanceClock, httpNotifierConformance } from '../conformance/notifier-http.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'

type Kind = Readonly<{
  name: string
  kind: string
  notifier: Notifier
  config: (url: string) => Receiver['config']
  accepted?: string
  secret: string
}>

const slackToken = 'xoxb-123456789012-abcdefghijklmnop'
const telegramToken = '123456789:AAabcdefghijklmnopqrstuvwxyz_-12345'
const hidden = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'
const withPath = (url: string): string => (URL.canParse(url) ? new URL(hidden, url).href : url)

const kinds: readonly Kind[] = [
  {
    name: 'slack by a webhook',
    kind: 'slack',
    notifier: slackNotifier(conformanceClock),
    config: (url) => ({ webhook_url: withPath(url) }),
    secret: 'XXXXXXXXXXXXXXXXXXXXXXXX',
  },
  {
    name: 'slack by a bot',
    kind: 'slack',
    notifier: slackNotifier(conformanceClock),
    config: (url) => ({ token: slackToken, channel: 'C024BE91L', api_url: url }),
    accepted: JSON.stringify({ ok: true, channel: 'C024BE91L', ts: '1769860800.000100' }),
    secret: slackToken,
  },
  {
    name: 'discord',
    kind: 'discord',
    notifier: discordNotifier(conformanceClock),
    config: (url) => ({ webhook_url: withPath(url) }),
    secret: 'XXXXXXXXXXXXXXXXXXXXXXXX',
  },
  {
    name: 'telegram',
    kind: 'telegram',
    notifier: telegramNotifier(conformanceClock),
    config: (url) => ({ token: telegramToken, chat_id: -1001234567890, api_url: url }),
    accepted: JSON.stringify({ ok: true, result: { message_id: 7 } }),
    secret: telegramToken.slice(10),
  },
  {
    name: 'teams',
    kind: 'teams',
    notifier: teamsNotifier(conformanceClock),
    config: (url) => ({ webhook_url: withPath(url) }),
    secret: 'XXXXXXXXXXXXXXXXXXXXXXXX',
  },
]

const servers: HookServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const receiverAt = ({ kind, config }: Kind, url: string): Receiver => ({
  name: kind,
  kind,
  // As it comes from where it is stored: with its defaults.
  config: receiverKindOf(kind)?.config.safeParse(config(url)).data ?? config(url),
  policy: { timeoutMs: 1_000 },
})

async function serve(status: number, body = '', headers = {}): Promise<HookServer> {
  const server = await startHookServer(answer(status, headers, body))
  servers.push(server)
  return server
}

describe.each(kinds)('$name', (kind) => {
  const { name, notifier, accepted = 'ok', secret } = kind

  notifierConformance(name, async () => {
    const server = await serve(200, accepted)
    const arrivedIds = () => server.hooks().map(({ headers }) => headers['idempotency-key'] ?? '')
    return { notifier, receiver: receiverAt(kind, server.url), arrivedIds }
  })

  httpNotifierConformance(name, {
    notifier,
    receiverAt: (url) => receiverAt(kind, url),
    ...(kind.accepted === undefined ? {} : { accepted: kind.accepted }),
  })

  test('takes bodies in Markdown, in which a value is text', () => {
    expect(notifier.markup).toBe('markdown')
  })

  test('a body that is nothing but one sign again and again is sent in time', async () => {
    const server = await serve(200, accepted)
    for (const sign of ['[', '*', '_', '`', '> ', '- ', '<', '(', '\\', '\n', '![', '**a', '|', '~~', '&', ']('])
      expect(await notifier.deliver(outgoingMessage({ body: sign.repeat(20_000) }), receiverAt(kind, server.url))).toMatchObject({
        kind: 'delivered',
      })
  })

  test.each([
    ['refuses', 400],
    ['is broken', 500],
    ['says whom it sent elsewhere', 307],
  ])('its secret stays out of what is told when the receiver %s and repeats it', async (_what, status) => {
    const server = await serve(status, `no such thing: ${secret} ${encodeURIComponent(secret)}`, { location: `http://127.0.0.1/${secret}` })
    const receipt = await notifier.deliver(outgoingMessage(), receiverAt(kind, server.url))
    expect(JSON.stringify(receipt)).not.toContain(secret)
    expect(JSON.stringify(receipt)).not.toContain(encodeURIComponent(secret))
  })

  test.each(['http://', 'http://127.0.0.1:99999/'])('its secret stays out of what is told of the address %s', async (url) => {
    const config = { ...kind.config(url), ...(kind.accepted === undefined ? { webhook_url: `${url}${secret}` } : {}) }
    const receipt = await notifier.deliver(outgoingMessage(), { name: kind.kind, kind: kind.kind, config })
    expect(receipt.kind).not.toBe('delivered')
    expect(JSON.stringify(receipt)).not.toContain(secret)
  })

  test('a configuration that another worker can read is left for it', async () => {
    const receiver = { name: kind.kind, kind: kind.kind, config: { unreadable: 'there is no key' } }
    expect(await notifier.deliver(outgoingMessage(), receiver)).toEqual({ kind: 'retry', reason: 'there is no key', afterMs: null })
  })

  test('every field of its configuration that lets somebody in is secret', () => {
    const { secrets = [], config } = receiverKindOf(kind.kind) ?? {}
    expect(secrets.length).toBeGreaterThan(0)
    expect(Object.keys(config?.shape ?? {})).toEqual(expect.arrayContaining([...secrets]))
  })
})

const forms: readonly (readonly [string, Partial<OutgoingMessage>])[] = [
  ['merged', { form: 'merged', title: '[Recovered] CPU' }],
  ['storm', { form: 'storm', title: '[Triggered] 40 groups' }],
  ['digest', { form: 'digest', title: '12 messages at once' }],
  ['test', { form: 'test', title: 'A test', body: '' }],
]

test.each(kinds.flatMap((kind) => forms.map(([form, change]) => [kind.name, form, kind, change] as const)))(
  '%s: a message of the form %s arrives with its title',
  async (_name, _form, kind, change) => {
    const server = await serve(200, kind.accepted ?? 'ok')
    const message = outgoingMessage(change)
    expect(await kind.notifier.deliver(message, receiverAt(kind, server.url))).toMatchObject({ kind: 'delivered' })
    expect(server.hooks()[0]?.body.replaceAll('\\\\', '')).toContain(message.title)
  },
)
