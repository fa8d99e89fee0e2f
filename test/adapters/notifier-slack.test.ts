import { WebClient } from '@slack/web-api'
import { afterEach, describe, expect, test } from 'vitest'
import type { DeliveryReceipt, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { slackNotifier } from '../../adapters/notifiers/slack.ts'
import { slackMessage } from '../../adapters/notifiers/slack-message.ts'
import { slackConfig } from '../../contract/receivers/slack.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { hostileValues, messageWith } from '../support/hostile-message.ts'
import { toldTransition } from '../support/notification-job.ts'
import { type SlackFault, type SlackServer, slackWebhookPayload, startSlack } from '../support/slack-server.ts'

const token = 'xoxb-123456789012-abcdefghijklmnop'
const servers: SlackServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function slack(faults: readonly SlackFault[] = []): Promise<SlackServer> {
  const server = await startSlack(token, faults)
  servers.push(server)
  return server
}

const bot = (url: string): Receiver => ({
  name: 'slack-ops',
  kind: 'slack',
  config: slackConfig.parse({ token, channel: '#ops', api_url: url }),
})
const deliver = (message: OutgoingMessage, url: string): Promise<DeliveryReceipt> => slackNotifier(Date.now).deliver(message, bot(url))
const thread = { channel: 'C024BE91L', ts: '1769860800.000001' }
const later = (change: Partial<OutgoingMessage> = {}): OutgoingMessage =>
  outgoingMessage({ id: 'msg_2', episode: { key: 'k', reference: thread, othersOpen: 0 }, ...change })
const recovery = later({ transition: toldTransition({ sequence: 2, from: 'Alert', to: 'OK' }), title: '[Recovered] CPU is high' })

describe('a bot', () => {
  test('posts the first message of an episode, and tells where it is', async () => {
    const server = await slack()
    expect(await deliver(outgoingMessage({ link: 'https://tocsin.example/monitors/1001' }), server.url)).toEqual({
      kind: 'delivered',
      detail: 'HTTP 200',
      reference: thread,
    })
    expect(server.calls()).toEqual([
      {
        method: 'chat.postMessage',
        args: {
          channel: '#ops',
          text: '*[Triggered on {host:web-1}] CPU is high*',
          attachments: [
            {
              color: '#d92d20',
              blocks: [
                { type: 'section', text: { type: 'mrkdwn', text: 'CPU of web-1 is 95', verbatim: true } },
                {
                  type: 'section',
                  fields: [
                    { type: 'mrkdwn', text: '*Value*\n95 (threshold 90)', verbatim: true },
                    { type: 'mrkdwn', text: '*Group*\nhost:web-1', verbatim: true },
                    { type: 'mrkdwn', text: '*Priority*\nP2', verbatim: true },
                    { type: 'mrkdwn', text: '*Time*\n2026-01-31T12:00:00Z', verbatim: true },
                  ],
                },
                {
                  type: 'actions',
                  elements: [
                    {
                      type: 'button',
                      text: { type: 'plain_text', text: 'Open the monitor' },
                      url: 'https://tocsin.example/monitors/1001',
                    },
                  ],
                },
              ],
            },
          ],
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: 'tocsin_message', event_payload: { id: 'msg_1001_1_1769860800000_test' } },
        },
      },
    ])
  })

  test('brings the first message up to date, and answers in its thread', async () => {
    const server = await slack()
    const receipt = await deliver(recovery, server.url)
    expect(receipt).toEqual({ kind: 'delivered', detail: 'HTTP 200' })
    const [update, reply] = server.calls()
    expect(update).toMatchObject({ method: 'chat.update', args: { ...thread, text: '*[Recovered] CPU is high*' } })
    expect(reply).toMatchObject({ method: 'chat.postMessage', args: { channel: thread.channel, thread_ts: thread.ts } })
    expect(reply?.args).not.toHaveProperty('reply_broadcast')
    expect(server.calls()).toHaveLength(2)
  })

  test.each([
    ['a warning that becomes an alert', 'Warn', 'Alert', true],
    ['an alert that is told again', 'Alert', 'Alert', true],
    ['an alert that becomes a warning', 'Alert', 'Warn', false],
    ['a recovery', 'Warn', 'OK', false],
  ] as const)('%s is shown in the channel, too: from %s to %s', async (_what, from, to, shown) => {
    const server = await slack()
    await deliver(later({ transition: toldTransition({ from, to }) }), server.url)
    expect(server.calls()[1]?.args).toMatchObject({ thread_ts: thread.ts })
    expect('reply_broadcast' in (server.calls()[1]?.args ?? {})).toBe(shown)
  })

  test.each(['digest', 'test'] as const)('a %s belongs to no episode', async (form) => {
    const server = await slack()
    expect(await deliver(later({ form }), server.url)).toEqual({ kind: 'delivered', detail: 'HTTP 200' })
    expect(server.calls().map(({ method }) => method)).toEqual(['chat.postMessage'])
    expect(server.calls()[0]?.args).not.toHaveProperty('thread_ts')
  })

  test.each([
    ['message_not_found', 'channel_not_found'],
    ['cant_update_message', 'thread_not_found'],
    ['edit_window_closed', 'is_archived'],
  ])('where the first message is gone (%s, %s), a new one is posted and remembered', async (first, second) => {
    const gone = [first, second].map((error, index) => ({ call: index + 1, body: { ok: false, error } }))
    const server = await slack(gone)
    const receipt = await deliver(recovery, server.url)
    expect(receipt).toMatchObject({ kind: 'delivered', reference: { channel: 'C024BE91L', ts: '1769860800.000001' } })
    expect(server.calls().map(({ args }) => args.channel)).toEqual(['#ops'])
  })

  test('a reply that can’t be shown in the channel is still a reply', async () => {
    const server = await slack([{ call: 2, body: { ok: false, error: 'cant_broadcast_message' } }])
    expect(await deliver(later(), server.url)).toMatchObject({ kind: 'delivered' })
    expect(server.calls()[1]?.args).toMatchObject({ thread_ts: thread.ts })
  })

  test('an update that has to wait says nothing twice', async () => {
    const server = await slack([{ call: 1, status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }])
    expect(await deliver(recovery, server.url)).toEqual({ kind: 'retry', reason: 'HTTP 429: ratelimited', afterMs: 30_000 })
    expect(server.calls()).toEqual([])
  })

  test.each([
    ['ratelimited', { kind: 'retry', reason: 'ratelimited', afterMs: 12_000 }],
    ['service_unavailable', { kind: 'retry', reason: 'service_unavailable', afterMs: 12_000 }],
    ['channel_not_found', { kind: 'refused', reason: expect.stringContaining('invite the bot') }],
    ['not_in_channel', { kind: 'refused', reason: expect.stringContaining('invite the bot') }],
    ['invalid_auth', { kind: 'refused', reason: "invalid_auth: store the bot's present token" }],
    ['missing_scope', { kind: 'refused', reason: expect.stringContaining('chat:write') }],
    ['something_new', { kind: 'refused', reason: 'something_new' }],
    ['__proto__', { kind: 'refused', reason: '__proto__' }],
    [`x${token}y`, { kind: 'refused', reason: 'x[redacted]y' }],
  ])('%s means what Slack says it does', async (error, receipt) => {
    const server = await slack([{ call: 1, headers: { 'retry-after': '12' }, body: { ok: false, error } }])
    expect(await deliver(outgoingMessage(), server.url)).toEqual(receipt)
  })

  test('sends what Slack’s own client sends', async () => {
    const server = await slack()
    await deliver(recovery, server.url)
    const own = server.calls().slice()
    const client = new WebClient(token, { slackApiUrl: `${server.url}/`, retryConfig: { retries: 0 } })
    for (const call of own) {
      if (call.method === 'chat.update') await client.chat.update(call.args)
      else await client.chat.postMessage(call.args)
    }
    expect(server.calls().slice(own.length)).toEqual(own)
    const [ours, theirs] = [server.hooks().slice(0, own.length), server.hooks().slice(own.length)]
    expect(ours.map(({ method, headers }) => [method, headers.authorization])).toEqual(
      theirs.map(({ method, headers }) => [method, headers.authorization]),
    )
    expect(ours.map(({ path }) => path.split('/').at(-1))).toEqual(theirs.map(({ path }) => path.split('/').at(-1)))
  })
})

describe('text', () => {
  const bodyOf = (body: string): string =>
    JSON.stringify(slackMessage(outgoingMessage({ body, transition: toldTransition({ group: '*' }) })))

  test('authors mention people, in the text, where they hear it', () => {
    const { text } = slackMessage(outgoingMessage({ body: 'Look, <@U024BE7LH> and <!subteam^SAZ94GDB8> <!here> <!here>', title: 'T' }))
    expect(text).toBe('*T* <@U024BE7LH> <!subteam^SAZ94GDB8> <!here>')
  })

  test.each(hostileValues)('the value %j mentions nobody, and links nowhere that it doesn’t say', (value) => {
    const payload = slackMessage(messageWith(value))
    expect(slackWebhookPayload.parse(payload)).toEqual(payload)
    for (const [, inside = ''] of JSON.stringify(payload).matchAll(/<([^>]*)>/g)) expect(inside).toMatch(/^(https?:\/\/[^|]+?)\/?\|\1$/)
  })

  test.each([
    ['a tag of a megabyte', messageWith('x'.repeat(1_000_000), { title: 'y'.repeat(1_000_000) })],
    ['a body of nothing but what is escaped', outgoingMessage({ body: '&'.repeat(40_000) })],
    ['a body of half characters', outgoingMessage({ body: '\ud800'.repeat(40_000), title: '😀'.repeat(3_000) })],
    ['a body of links', outgoingMessage({ body: '[a](https://example.com/?a=1&b=2) '.repeat(1_200) })],
    ['a body of lists', outgoingMessage({ body: '- **item** <@U024BE7LH>\n'.repeat(1_700) })],
  ])('%s fits, and says what is cut', (_what, message) => {
    const payload = slackMessage(message)
    expect(slackWebhookPayload.parse(payload)).toEqual(payload)
    for (const { blocks } of payload.attachments)
      for (const block of blocks) if ('text' in block) expect(block.text.text).not.toMatch(/&(?!amp;|lt;|gt;)/)
    if (message.body.length >= 34_000) expect(bodyOf(message.body)).toContain('The rest is cut')
  })
})

test.each([
  [{}, false],
  [{ webhook_url: 'https://hooks.slack.com/services/T/B/x' }, true],
  [{ token, channel: 'C1' }, true],
  [{ token }, false],
  [{ channel: 'C1' }, false],
  [{ webhook_url: 'https://hooks.slack.com/services/T/B/x', token, channel: 'C1' }, false],
  [{ webhook_url: 'ftp://hooks.slack.com/' }, false],
  [{ token: 'xoxb\r\nX: y', channel: 'C1' }, false],
  [{ token, channel: 'C1', more: 1 }, false],
])('the configuration %j is taken: %j', (config, taken) => {
  expect(slackConfig.safeParse(config).success).toBe(taken)
})
