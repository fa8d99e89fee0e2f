import { Agent, createServer } from 'node:https'
import { resolve, trigger } from '@pagerduty/pdjs'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { httpClient } from '../../adapters/http/fetch.ts'
import { pagerdutyNotifier } from '../../adapters/notifiers/pagerduty.ts'
import { severityOf } from '../../adapters/notifiers/pagerduty-event.ts'
import { notifierConformance, outgoingMessage } from '../conformance/notifier.ts'
import { conformanceClock, httpNotifierConformance } from '../conformance/notifier-http.ts'
import { testCertificate } from '../support/certificate.ts'
import { answer, type Behaviour, type Hook, startHookServer } from '../support/hook-server.ts'
import { toldTransition } from '../support/notification-job.ts'

const routingKey = 'R0123456789ABCDEF0123456789ABCDE'
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

/** The published fields and bounds of the Events API v2: developer.pagerduty.com/docs/events-api-v2/trigger-events. */
const link = z.strictObject({ href: z.url(), text: z.string().optional() })
const publishedEvent = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key: z.string().length(32),
    event_action: z.literal('trigger'),
    dedup_key: z.string().max(255).optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z.array(link).optional(),
    images: z.array(z.strictObject({ src: z.url(), href: z.url().optional(), alt: z.string().optional() })).optional(),
  }),
  z.strictObject({ routing_key: z.string().length(32), event_action: z.literal('resolve'), dedup_key: z.string().max(255) }),
])
type Event = z.infer<typeof publishedEvent>

/** Answers as PagerDuty does: 202 for what it can read, 400 with reasons for what it can't. */
const pagerduty: Behaviour = (res) => {
  res.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success","message":"Event processed","dedup_key":"x"}')
}

function pagerdutyAt(url: string, timeoutMs = 1_000): Receiver {
  return { name: 'pagerduty', kind: 'pagerduty', config: { routing_key: routingKey, api_url: url }, policy: { timeoutMs } }
}

async function events(...messages: readonly OutgoingMessage[]): Promise<readonly Event[]> {
  const server = await startHookServer(pagerduty)
  stops.push(server.close)
  const notifier = pagerdutyNotifier(Date.now)
  for (const message of messages) {
    expect(await notifier.deliver(message, pagerdutyAt(server.url))).toMatchObject({ kind: 'delivered' })
  }
  return server.hooks().map(({ body }) => publishedEvent.parse(JSON.parse(body)))
}

const recovered = toldTransition({ sequence: 2, from: 'Alert', to: 'OK', slot: 1_769_860_860_000, value: 12 })

describe('conformance', () => {
  notifierConformance('pagerduty', async () => {
    const server = await startHookServer(pagerduty)
    stops.push(server.close)
    const id = z.object({ payload: z.object({ custom_details: z.object({ message_id: z.string() }) }) })
    const arrivedIds = () => server.hooks().map(({ body }) => id.parse(JSON.parse(body)).payload.custom_details.message_id)
    return { notifier: pagerdutyNotifier(Date.now), receiver: pagerdutyAt(server.url), arrivedIds }
  })
  httpNotifierConformance('pagerduty', { notifier: pagerdutyNotifier(conformanceClock), receiverAt: pagerdutyAt })
})

test('an alert triggers, and says what is known', async () => {
  const [event] = await events(outgoingMessage({ link: 'https://tocsin.example.com/monitors/1001' }))
  expect(event).toEqual({
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: 'tocsin-1001-host:web-1',
    client: 'Tocsin',
    client_url: 'https://tocsin.example.com/monitors/1001',
    links: [{ href: 'https://tocsin.example.com/monitors/1001', text: 'Open the monitor' }],
    payload: {
      summary: '[Triggered on {host:web-1}] CPU is high',
      source: 'host:web-1',
      severity: 'critical',
      timestamp: '2026-01-31T12:00:00.000Z',
      class: 'query alert',
      custom_details: {
        message: 'CPU of web-1 is 95',
        message_id: 'msg_1001_1_1769860800000_test',
        monitor_id: '1001',
        monitor_name: 'CPU is high',
        status: 'Alert',
        priority: 'P2',
        value: '95',
        threshold: '90',
        query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90',
        monitor_tags: 'team:core',
        'tag.host': 'web-1',
      },
    },
  })
})

const open = { ...outgoingMessage().episode, reference: { dedup_key: 'tocsin-1001-host:web-1' } }
const transitions = [toldTransition(), recovered]

test.each<readonly [string, Partial<OutgoingMessage>, readonly string[]]>([
  ['an alert', {}, ['trigger']],
  ['a warning', { transition: toldTransition({ to: 'Warn' }) }, ['trigger']],
  ['missing data', { transition: toldTransition({ to: 'No Data' }) }, ['trigger']],
  ['a repeat', { transition: toldTransition({ from: 'Alert', reason: 'renotify' }), episode: open }, ['trigger']],
  ['a recovery', { transition: recovered, episode: open }, ['resolve']],
  ['a recovery of what was never sent', { transition: recovered }, ['resolve']],
  ['a recovery while other groups of the episode are open', { transition: recovered, episode: { ...open, othersOpen: 3 } }, []],
  ['an alert that was over before it could be sent', { form: 'merged', transition: recovered, transitions }, ['trigger', 'resolve']],
  ['the end of what was sent, merged', { form: 'merged', transition: recovered, transitions, episode: open }, ['resolve']],
  ['a storm', { form: 'storm', transitions: [toldTransition(), toldTransition({ sequence: 2, group: 'host:web-2' })] }, ['trigger']],
  ['the end of a storm', { form: 'storm', transition: recovered, transitions: [recovered], episode: open }, ['resolve']],
  ['a test', { form: 'test' }, ['trigger', 'resolve']],
])('%s: %#', async (_what, change, actions) => {
  const sent = await events(outgoingMessage(change))
  expect(sent.map(({ event_action }) => event_action)).toEqual(actions)
  expect(new Set(sent.map(({ dedup_key }) => dedup_key)).size).toBeLessThanOrEqual(1)
})

test('what is triggered is remembered, what is resolved is not', async () => {
  const server = await startHookServer(pagerduty)
  stops.push(server.close)
  const deliver = (change: Partial<OutgoingMessage>) =>
    pagerdutyNotifier(Date.now).deliver(outgoingMessage(change), pagerdutyAt(server.url))
  expect(await deliver({})).toMatchObject({ reference: { dedup_key: 'tocsin-1001-host:web-1' } })
  expect(await deliver({ transition: recovered })).not.toHaveProperty('reference')
  expect(await deliver({ form: 'test' })).not.toHaveProperty('reference')
})

test('a digest is refused: nothing of it could be closed', async () => {
  const receipt = await pagerdutyNotifier(Date.now).deliver(outgoingMessage({ form: 'digest' }), pagerdutyAt('http://127.0.0.1:1'))
  expect(receipt).toEqual({ kind: 'refused', reason: expect.stringContaining('digest') })
})

test('what was over before it could be sent has the severity of its worst', async () => {
  const [event] = await events(outgoingMessage({ form: 'merged', transition: recovered, transitions, priority: null }))
  expect(event).toMatchObject({ payload: { severity: 'critical' } })
})

test.each([
  ['Alert', null, 'critical'],
  ['Alert', 1, 'critical'],
  ['Alert', 3, 'error'],
  ['Alert', 4, 'warning'],
  ['Alert', 5, 'info'],
  ['No Data', 2, 'error'],
  ['Warn', null, 'warning'],
  ['Warn', 1, 'warning'],
  ['Warn', 5, 'info'],
  ['Unknown', null, 'warning'],
] as const)('%s with priority %j is %s', (status, priority, severity) => {
  expect(severityOf(status, priority)).toBe(severity)
})

test('a test of a receiver is opened and closed as mildly as can be', async () => {
  const nothing = toldTransition({ from: 'OK', to: 'OK', group: '*' })
  const [event] = await events(outgoingMessage({ form: 'test', transition: nothing, transitions: [nothing], priority: null }))
  expect(event).toMatchObject({ event_action: 'trigger', payload: { severity: 'info' } })
})

test('a storm names its groups, as far as anybody reads', async () => {
  const many = Array.from({ length: 250 }, (_, index) => toldTransition({ sequence: index + 1, group: `host:web-${index}` }))
  const [event] = await events(outgoingMessage({ form: 'storm', transitions: many }))
  const details = event?.event_action === 'trigger' ? event.payload.custom_details : undefined
  expect(String(details?.groups).split('\n')).toHaveLength(101)
  expect(details?.groups).toMatch(/… and 150 more$/)
  expect(details).not.toHaveProperty('value')
})

test("an incident's reasons are kept, its key isn't", async () => {
  const said = { status: 'invalid event', message: 'Event object is invalid', errors: [`${routingKey} is no key`] }
  const server = await startHookServer(answer(400, {}, JSON.stringify(said)))
  stops.push(server.close)
  expect(await pagerdutyNotifier(Date.now).deliver(outgoingMessage(), pagerdutyAt(server.url))).toEqual({
    kind: 'refused',
    reason: 'HTTP 400: Event object is invalid; [redacted] is no key',
  })
})

test('a resolve that is not taken is tried again, after its trigger', async () => {
  const server = await startHookServer((res, attempt) => (attempt === 2 ? answer(429) : answer(202))(res, attempt, res.req))
  stops.push(server.close)
  const merged = outgoingMessage({ form: 'merged', transition: recovered, transitions })
  expect((await pagerdutyNotifier(Date.now).deliver(merged, pagerdutyAt(server.url))).kind).toBe('retry')
  expect((await pagerdutyNotifier(Date.now).deliver(merged, pagerdutyAt(server.url))).kind).toBe('delivered')
  expect(server.hooks()).toHaveLength(4)
})

test('tags of 1 MB, line breaks and halves of characters stay within the published bounds', async () => {
  const huge = 'x'.repeat(1_048_576)
  const [event, other] = await events(
    outgoingMessage({ title: huge, body: huge, transition: toldTransition({ group: `host:${huge},${'k'.repeat(10_000)}:v` }) }),
    outgoingMessage({ title: 'a\r\nb\ud800', body: '\ud800', transition: toldTransition({ group: 'host:\ud800"\n' }) }),
  )
  expect(JSON.stringify(event).length).toBeLessThan(100_000)
  expect(JSON.stringify(other)).not.toContain('\\ud800')
})

test('it asks as the official client does', async () => {
  const hooks: Hook[] = []
  const server = createServer(testCertificate, (req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const headers = { 'content-type': String(req.headers['content-type']) }
      hooks.push({ method: req.method ?? '', path: req.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') })
      pagerduty(res, hooks.length, req)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const host = `127.0.0.1:${address.port}`
  const client = httpClient({ guard: null, tls: { ca: testCertificate.cert } })
  stops.push(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  const notifier = pagerdutyNotifier(Date.now, client.request)
  await notifier.deliver(outgoingMessage({ form: 'test' }), pagerdutyAt(`https://${host}`))
  const [first, second] = hooks.map(({ body }) => publishedEvent.parse(JSON.parse(body)))
  if (first?.event_action !== 'trigger' || second?.event_action !== 'resolve') throw new Error('expected a trigger and a resolve')
  const { payload, dedup_key = '', routing_key } = first
  const data = {
    routing_key,
    dedup_key,
    event_action: 'trigger' as const,
    payload: { ...payload, custom_details: payload.custom_details ?? {} },
  }
  // Its own options are those of fetch; the agent is for the certificate of this test.
  const options = { server: host, agent: new Agent({ ca: testCertificate.cert }) }
  const { timestamp = '', class: kind = '', component: _, group: __, ...rest } = data.payload
  const theirs = { ...data, payload: { ...rest, timestamp, class: kind } }
  await trigger({ ...options, data: theirs })
  await resolve({ ...options, data: { ...theirs, event_action: 'resolve' } })
  expect(hooks).toHaveLength(4)
  expect(new Set(hooks.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(['POST /v2/enqueue']))
  for (const { headers } of hooks) expect(headers['content-type']).toMatch(/^application\/json/)
  const { client: _client, links: _links, client_url: _url, ...ours } = first
  expect(JSON.parse(hooks[2]?.body ?? '')).toEqual(ours)
  expect(JSON.parse(hooks[3]?.body ?? '')).toMatchObject(second)
})
