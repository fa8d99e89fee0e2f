import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import type { Receiver } from '../../activities/notification-ports.ts'
import { logNotifier } from '../../adapters/notifiers/log.ts'
import { retryAfterMs } from '../../adapters/notifiers/retry-after.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { webhookMessage } from '../../contract/webhook.ts'
import { notifierConformance, outgoingMessage } from '../conformance/notifier.ts'
import { conformanceClock, httpNotifierConformance } from '../conformance/notifier-http.ts'
import { answer, type Hook, type HookServer, startHookServer } from '../support/hook-server.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const servers: HookServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

function webhookAt(url: string, config: Readonly<Record<string, unknown>> = {}): Receiver {
  return { name: 'webhook-test', kind: 'webhook', config: { url, customHeaders: null, encodeAs: 'json', secret: null, ...config } }
}

async function hooked(config: Readonly<Record<string, unknown>>, times = 1): Promise<readonly Hook[]> {
  const server = await startHookServer(answer(200))
  servers.push(server)
  const notifier = webhookNotifier(Date.now)
  for (let sent = 0; sent < times; sent += 1) await notifier.deliver(outgoingMessage(), webhookAt(server.url, config))
  return server.hooks()
}

describe('conformance', () => {
  notifierConformance('log', async () => {
    const ids: string[] = []
    const notifier = logNotifier({ info: (fields) => ids.push(String(fields.messageId)) })
    return { notifier, receiver: { name: 'log', kind: 'log', config: {} }, arrivedIds: () => ids }
  })

  notifierConformance('webhook', async () => {
    const server = await startHookServer(answer(200))
    servers.push(server)
    const arrivedIds = () => server.hooks().map((hook) => hook.headers['webhook-id'] ?? '')
    return { notifier: webhookNotifier(Date.now), receiver: webhookAt(server.url), arrivedIds }
  })

  httpNotifierConformance('webhook', {
    notifier: webhookNotifier(conformanceClock),
    receiverAt: (url) => ({ ...webhookAt(url), policy: { timeoutMs: 1_000 } }),
  })
})

test('a webhook is sent the documented JSON', async () => {
  const [hook] = await hooked({})
  expect(hook).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json' } })
  expect(hook?.headers).not.toHaveProperty('webhook-signature')
  expect(webhookMessage.strict().parse(JSON.parse(hook?.body ?? ''))).toEqual({
    id: 'msg_1001_1_1769860800000_test',
    type: 'monitor.alert',
    timestamp: '2026-01-31T12:00:00Z',
    monitor: {
      id: 1001,
      version: 1,
      name: 'CPU is high',
      type: 'query alert',
      query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90',
      tags: ['team:core'],
      priority: 2,
    },
    group: { key: 'host:web-1', tags: { host: 'web-1' } },
    transition: {
      sequence: 1,
      from: 'OK',
      to: 'Alert',
      slot: 1_769_860_800_000,
      value: 95,
      threshold: 90,
      reason: 'threshold-crossed',
      first_triggered_at: 1_769_860_800_000,
      last_triggered_at: 1_769_860_800_000,
      bundle: null,
    },
    title: '[Triggered on {host:web-1}] CPU is high',
    body: 'CPU of web-1 is 95',
  })
})

test('a receiver with a secret can verify what it was sent, and two tries are one message to it', async () => {
  const hooks = await hooked({ secret }, 2)
  for (const { body, headers } of hooks)
    expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({ title: expect.any(String) })
  expect(new Set(hooks.map((hook) => hook.headers['webhook-id'])).size).toBe(1)
  expect(new Set(hooks.map((hook) => hook.body)).size).toBe(1)
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  expect(() => new Webhook(other).verify(hooks[0]?.body ?? '', { ...hooks[0]?.headers })).toThrow()
})

test('as a form, each field is one, and the signature is that of the form', async () => {
  const [hook] = await hooked({ encodeAs: 'form', secret })
  expect(hook?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  const fields = new URLSearchParams(hook?.body)
  expect(fields.get('title')).toBe('[Triggered on {host:web-1}] CPU is high')
  expect(JSON.parse(fields.get('group') ?? '')).toEqual({ key: 'host:web-1', tags: { host: 'web-1' } })
  expect(() => new Webhook(secret).verify(hook?.body ?? '', { ...hook?.headers }, { jsonParse: false })).not.toThrow()
})

test('custom headers are sent, and never replace those of the sender', async () => {
  const [hook] = await hooked({ customHeaders: '{"Authorization": "Bearer x", "X-Team": "core"}' })
  expect(hook?.headers).toMatchObject({ authorization: 'Bearer x', 'x-team': 'core', 'content-type': 'application/json' })
})

test.each([
  ['headers that no longer pass', { customHeaders: '{"Webhook-Id": "1"}' }, /the headers of webhook-test can't be sent/],
  ['a secret that is no key', { secret: 'whsec_' }, /the secret of webhook-test can't be used/],
  ['a configuration of another shape', { encodeAs: 'xml' }, /the configuration of webhook-test can't be read/],
])('%s are refused before anything is sent', async (_what, config, reason) => {
  const server = await startHookServer(answer(200))
  servers.push(server)
  expect(await webhookNotifier(Date.now).deliver(outgoingMessage(), webhookAt(server.url, config))).toEqual({
    kind: 'refused',
    reason: expect.stringMatching(reason),
  })
  expect(server.hooks()).toEqual([])
})

test('a message in the log is one event with fields', async () => {
  const events: [Readonly<Record<string, unknown>>, string][] = []
  const log = logNotifier({ info: (fields, event) => events.push([fields, event]) })
  await log.deliver(outgoingMessage(), { name: 'log', kind: 'log', config: {} })
  expect(events).toEqual([
    [
      expect.objectContaining({
        monitorId: 1001,
        sequence: 1,
        group: 'host:web-1',
        to: 'Alert',
        title: '[Triggered on {host:web-1}] CPU is high',
      }),
      'notification',
    ],
  ])
})

test.each([
  [undefined, null],
  ['', null],
  ['0', 0],
  [' 30 ', 30_000],
  ['1.5', null],
  ['-1', null],
  ['99999999999999999999', null],
  ['Sat, 31 Jan 2026 12:01:00 GMT', 60_000],
  ['Saturday, 31-Jan-26 12:01:00 GMT', 60_000],
  ['Sat, 31 Foo 2026 12:01:00 GMT', null],
])('Retry-After %j is %j ms', (header, ms) => {
  expect(retryAfterMs(header, Date.UTC(2026, 0, 31, 12))).toBe(ms)
})
