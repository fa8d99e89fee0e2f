import opsgenieSdk from 'opsgenie-sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { opsgenieNotifier } from '../../adapters/notifiers/opsgenie.ts'
import { priorityOf } from '../../adapters/notifiers/opsgenie-alert.ts'
import { notifierConformance, outgoingMessage } from '../conformance/notifier.ts'
import { conformanceClock, httpNotifierConformance } from '../conformance/notifier-http.ts'
import { answer, type Behaviour, type HookServer, startHookServer } from '../support/hook-server.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

const apiKey = '00000000-1111-2222-3333-444444444444'
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function hookServer(behave: Behaviour): Promise<HookServer> {
  const server = await startHookServer(behave)
  stops.push(server.close)
  return server
}

/** The published fields and bounds of the Alert API: docs.opsgenie.com/docs/alert-api. */
const publishedAlert = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().max(512).optional(),
  description: z.string().max(15_000).optional(),
  responders: z
    .array(z.strictObject({ type: z.string(), id: z.string().optional(), name: z.string().optional() }))
    .max(50)
    .optional(),
  visibleTo: z.array(z.object({})).max(50).optional(),
  actions: z.array(z.string().max(50)).max(10).optional(),
  tags: z.array(z.string().max(50)).max(20).optional(),
  details: z
    .record(z.string(), z.string())
    .refine((details) => Object.entries(details).flat().join('').length <= 8_000, 'details have up to 8000 characters')
    .optional(),
  entity: z.string().max(512).optional(),
  source: z.string().max(100).optional(),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']).optional(),
  user: z.string().max(100).optional(),
  note: z.string().max(25_000).optional(),
})
const publishedClose = z.strictObject({
  user: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
  note: z.string().max(25_000).optional(),
})

/** Takes at once and works a little later, as Opsgenie does. */
function opsgenie(looksUntilDone = 1): Behaviour {
  let looks = 0
  return (res, attempt, req) => {
    if (req.method !== 'GET')
      return answer(202, {}, JSON.stringify({ result: 'Request will be processed', took: 0.1, requestId: 'r-1' }))(res, attempt, req)
    looks += 1
    answer(looks >= looksUntilDone ? 200 : 404)(res, attempt, req)
  }
}

function opsgenieAt(url: string, change: Readonly<Record<string, unknown>> = {}): Receiver {
  return { name: 'opsgenie', kind: 'opsgenie', config: { api_key: apiKey, api_url: url, ...change }, policy: { timeoutMs: 1_000 } }
}

const recovered = toldTransition({ sequence: 2, from: 'Alert', to: 'OK', slot: 1_769_860_860_000, value: 12 })
const open = { ...outgoingMessage().episode, reference: { alias: 'tocsin-1001-host:web-1' } }
const calls = (server: HookServer) =>
  server.hooks().map(({ method, path }) => `${method} ${decodeURIComponent(path.replace('/hook/v2/alerts', ''))}`)

describe('conformance', () => {
  notifierConformance('opsgenie', async () => {
    const server = await hookServer(opsgenie())
    const id = z.object({ details: z.object({ message_id: z.string() }) })
    const arrivedIds = () => server.hooks().map(({ body }) => id.parse(JSON.parse(body)).details.message_id)
    return { notifier: opsgenieNotifier(Date.now), receiver: opsgenieAt(server.url), arrivedIds }
  })
  httpNotifierConformance('opsgenie', { notifier: opsgenieNotifier(conformanceClock), receiverAt: opsgenieAt })
})

test('an alert is created, and says what is known', async () => {
  const server = await hookServer(opsgenie())
  const responders = [{ type: 'team', name: 'ops' }]
  const message = outgoingMessage({ link: 'https://tocsin.example.com/monitors/1001' })
  const receipt = await opsgenieNotifier(Date.now).deliver(message, opsgenieAt(server.url, { responders, tags: ['tocsin'] }))
  expect(receipt).toEqual({ kind: 'delivered', detail: 'HTTP 202', reference: { alias: 'tocsin-1001-host:web-1' } })
  const [hook] = server.hooks()
  expect(hook?.headers).toMatchObject({ authorization: `GenieKey ${apiKey}`, 'content-type': 'application/json' })
  expect(publishedAlert.parse(JSON.parse(hook?.body ?? ''))).toEqual({
    message: '[Triggered on {host:web-1}] CPU is high',
    alias: 'tocsin-1001-host:web-1',
    description: '[Triggered on {host:web-1}] CPU is high\n\nCPU of web-1 is 95\n\nhttps://tocsin.example.com/monitors/1001',
    responders,
    tags: ['tocsin', 'team:core'],
    details: expect.objectContaining({ message_id: message.id, monitor_id: '1001', status: 'Alert', 'tag.host': 'web-1' }),
    entity: 'host:web-1',
    source: 'Tocsin',
    priority: 'P2',
  })
})

const alias = 'tocsin-1001-host:web-1'
const close = `POST /${alias}/close?identifierType=alias`
test.each<readonly [string, Partial<OutgoingMessage>, readonly string[]]>([
  ['a warning', { transition: toldTransition({ to: 'Warn' }) }, ['POST ']],
  ['a repeat', { transition: toldTransition({ from: 'Alert', reason: 'renotify' }), episode: open }, ['POST ']],
  ['a recovery', { transition: recovered, episode: open }, [close]],
  ['a recovery while other groups of the episode are open', { transition: recovered, episode: { ...open, othersOpen: 1 } }, []],
  [
    'what was over before it could be sent',
    { form: 'merged', transition: recovered, transitions: [toldTransition(), recovered] },
    ['POST ', 'GET /requests/r-1', close],
  ],
  ['a test', { form: 'test' }, ['POST ', 'GET /requests/r-1', close]],
  [
    'a warning that becomes an alert',
    { transition: toldTransition({ from: 'Warn' }), episode: open, priority: null },
    ['POST ', `PUT /${alias}/priority?identifierType=alias`],
  ],
  ['the same with a priority of its own', { transition: toldTransition({ from: 'Warn' }), episode: open, priority: 1 }, ['POST ']],
])('%s: %#', async (_what, change, expected) => {
  const server = await hookServer(opsgenie())
  expect((await opsgenieNotifier(Date.now).deliver(outgoingMessage(change), opsgenieAt(server.url))).kind).toBe('delivered')
  expect(calls(server)).toEqual(expected)
  for (const { path, body } of server.hooks()) if (path.includes('/close')) publishedClose.parse(JSON.parse(body))
})

test('what is to be closed at once is closed when Opsgenie has it', async () => {
  const server = await hookServer(opsgenie(3))
  await opsgenieNotifier(Date.now).deliver(outgoingMessage({ form: 'test' }), opsgenieAt(server.url))
  expect(calls(server)).toEqual(['POST ', 'GET /requests/r-1', 'GET /requests/r-1', 'GET /requests/r-1', close])
})

test('where the state of a request is not told, it is closed all the same', async () => {
  const server = await hookServer(opsgenie(Number.POSITIVE_INFINITY))
  expect((await opsgenieNotifier(Date.now).deliver(outgoingMessage({ form: 'test' }), opsgenieAt(server.url))).kind).toBe('delivered')
  expect(calls(server).at(-1)).toBe(close)
  expect(calls(server)).toHaveLength(7)
})

test('what is closed already counts as closed', async () => {
  const server = await hookServer(answer(404, {}, '{"message":"Alert does not exist"}'))
  const receipt = await opsgenieNotifier(Date.now).deliver(outgoingMessage({ transition: recovered }), opsgenieAt(server.url))
  expect(receipt).toEqual({ kind: 'delivered', detail: expect.stringContaining('nothing was open') })
})

test("a refusal says why, and the key isn't in it", async () => {
  const server = await hookServer(answer(422, {}, JSON.stringify({ message: `bad ${apiKey}`, errors: { alias: 'too long' }, took: 0 })))
  expect(await opsgenieNotifier(Date.now).deliver(outgoingMessage(), opsgenieAt(server.url))).toEqual({
    kind: 'refused',
    reason: 'HTTP 422: bad [redacted]; alias: too long',
  })
})

test('a digest is refused: nothing of it could be closed', async () => {
  const receipt = await opsgenieNotifier(Date.now).deliver(outgoingMessage({ form: 'digest' }), opsgenieAt('http://127.0.0.1:1'))
  expect(receipt).toEqual({ kind: 'refused', reason: expect.stringContaining('digest') })
})

test.each([
  ['Alert', null, 'P2'],
  ['No Data', null, 'P3'],
  ['Warn', null, 'P4'],
  ['Unknown', null, 'P4'],
  ['Warn', 1, 'P1'],
  ['Alert', 5, 'P5'],
] as const)('%s with priority %j is %s', (status, priority, expected) => {
  expect(priorityOf(status, priority)).toBe(expected)
})

test('tags of 1 MB, many tags and many groups stay within the published bounds', async () => {
  const server = await hookServer(opsgenie())
  const huge = 'x'.repeat(1_048_576)
  const subject = notificationSubject({ tags: Array.from({ length: 100 }, (_, index) => `${huge}${index}`), query: huge, name: huge })
  const transition = toldTransition({ group: `host:${huge}` })
  await opsgenieNotifier(Date.now).deliver(outgoingMessage({ subject, transition, title: huge, body: huge }), opsgenieAt(server.url))
  await opsgenieNotifier(Date.now).deliver(outgoingMessage({ transition: recovered, title: huge, body: huge }), opsgenieAt(server.url))
  publishedAlert.parse(JSON.parse(server.hooks()[0]?.body ?? ''))
  publishedClose.parse(JSON.parse(server.hooks()[1]?.body ?? ''))
})

test('it asks as the official client does', async () => {
  const server = await hookServer(opsgenie())
  const notifier = opsgenieNotifier(Date.now)
  await notifier.deliver(outgoingMessage(), opsgenieAt(server.url))
  await notifier.deliver(outgoingMessage({ transition: recovered, episode: open }), opsgenieAt(server.url))
  const [created, closed] = server.hooks()
  opsgenieSdk.configure({ api_key: apiKey, host: server.url })
  const answered = (call: (done: (error: unknown) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      call((error) => (error === null ? resolve() : reject(error)))
    })
  await answered((done) => opsgenieSdk.alertV2.create(JSON.parse(created?.body ?? ''), {}, done))
  await answered((done) =>
    opsgenieSdk.alertV2.close({ identifier: alias, identifierType: 'alias' }, JSON.parse(closed?.body ?? ''), {}, done),
  )
  const comparable = server.hooks().map(({ method, path, headers, body }) => ({
    method,
    // The client writes a slash at the end of each path, and names as they are.
    path: decodeURIComponent(path).replace(/\/(?=\?|$)/, ''),
    authorization: headers.authorization,
    contentType: headers['content-type'],
    body: JSON.parse(body),
  }))
  expect(comparable.slice(2)).toEqual(comparable.slice(0, 2))
})
