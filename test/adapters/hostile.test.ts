/**
 * What somebody means ill with: each is refused or bounded, and the reason says what it was. Of mails: notifier-email.test.ts; of all
 * receivers' answers: test/conformance/notifier-http.ts; of addresses: http-guard.test.ts.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DeliveryReceipt, Receiver, RenderedMessage } from '../../activities/notification-ports.ts'
import { httpClient } from '../../adapters/http/fetch.ts'
import { guardOf } from '../../adapters/http/guard.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { checkMessages } from '../../contract/check-message.ts'
import { parseDefinition } from '../../contract/parse.ts'
import { parseCustomHeaders } from '../../contract/webhook-fields.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { evaluated, play, specOf, stateOf } from '../core/monitor/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

let database: TestDatabase
const stops: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

const huge = 'x'.repeat(1_048_576)

describe('a template bomb', () => {
  const render = (message: string, group = 'host:web-1'): RenderedMessage =>
    messageRenderer().render(notificationSubject({ message }), toldTransition({ group }))
  const nested = (depth: number): string => `${'{{#is_alert}}'.repeat(depth)}x${'{{/is_alert}}'.repeat(depth)}`

  test('of blocks within blocks is refused where it is written, and stands as it was written where it got through', () => {
    const body = { type: 'query alert', name: 'a', query: 'avg(last_5m):avg:load{*} > 1', message: nested(51) }
    expect(parseDefinition(body)).toEqual({ ok: false, errors: [expect.stringMatching(/^message: .*50 .*\(line 1, column \d+\)$/)] })
    expect(parseDefinition({ ...body, message: nested(50) })).toMatchObject({ ok: true })
    expect(render(nested(51)).notes).toEqual([
      expect.stringMatching(/^The message could not be rendered and stands as it was written: .*50/),
    ])
    expect(render(nested(50)).body).toBe('x')
  })

  test.each([
    ['a tower of powers', '{{eval "9**9**9**9**9"}}', 'its result is no number'],
    ['a sum of many brackets', `{{eval "${'('.repeat(5_000)}1${')'.repeat(5_000)}"}}`, ''],
    ['a call within a call', '{{eval "eval(1)"}}', ''],
  ])('of %s stands as it is written, with a note', (_what, call, note) => {
    const rendered = render(`${call} @webhook-ops`)
    expect(rendered.body).toBe(`${call} @webhook-ops`)
    expect(rendered.handles).toEqual(['webhook-ops'])
    expect(rendered.notes).toEqual([expect.stringContaining(note)])
  })

  test('of long values that come again and again is cut, and says so', () => {
    const rendered = render('{{host.name}}'.repeat(1_000), `host:${huge}`)
    expect(rendered.body).toHaveLength(40_000)
    expect(rendered.notes).toEqual(['A value was cut at 2000 characters.', 'The message was cut at 40000 characters.'])
  })

  test.each(['constructor', '__proto__', 'toString', 'constructor.constructor', 'host.constructor', '__proto__.polluted', 'process.env'])(
    'that reaches for {{%s}} gets nothing',
    (name) => {
      expect(render(`[{{${name}}}]{{#${name}}}yes{{/${name}}}[{{eval "${name}"}}]`).body).toMatch(/^\[\]\[(\{\{eval "[^"]*"\}\})?\]$/)
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    },
  )

  test('is told of where a preview or a definition would carry it', () => {
    const parsed = parseDefinition({ type: 'query alert', name: 'a', query: 'avg(last_5m):avg:load{*} > 1', message: '{{constructor}}' })
    if (!parsed.ok) throw new Error('the definition is right')
    expect(checkMessages(parsed.value).warnings).toEqual([expect.stringMatching(/constructor/)])
  })
})

describe('a tag', () => {
  const random = (length: number): string =>
    Array.from({ length: Math.ceil(length / 86) }, (_, n) => createHash('sha512').update(String(n)).digest('base64url'))
      .join('')
      .slice(0, length)

  async function committed(...groups: readonly string[]): Promise<Readonly<{ groups: readonly string[]; health: unknown }>> {
    const monitorId = await insertMonitor(database.pool, specOf())
    const store = monitorStore(database.pool)
    const { effects } = play(stateOf(), [(state) => evaluated(state, Object.fromEntries(groups.map((group) => [group, 95])))])
    for (const effect of effects) if (effect.kind === 'commit') await store.commit({ ...effect.commit, monitorId })
    const { rows } = await database.pool.query('select group_key from monitor_groups where monitor_id = $1 order by 1', [monitorId])
    const { rows: monitors } = await database.pool.query('select health from monitor_state where monitor_id = $1', [monitorId])
    return { groups: rows.map(({ group_key: key }) => key), health: monitors[0]?.health }
  }

  test.each([
    ['of a megabyte', `host:${huge}`],
    ['of 2,700 characters that nothing compresses', `host:${random(2_700)}`],
    ['with a NUL', 'host:a\0b'],
    ['with half a character', 'host:a\ud800'],
  ])('%s is refused as a group, its neighbour is told, and the health says so', async (_what, group) => {
    expect(await committed(group, 'host:a')).toEqual({
      groups: ['host:a'],
      health: expect.objectContaining({ kind: 'groups-refused', refused: 1 }),
    })
  })

  test('as long as a group may be is stored', async () => {
    const longest = `host:${random(2_395)}`
    expect(await committed(longest)).toMatchObject({ groups: [longest], health: { kind: 'healthy' } })
  })

  test('begins no line of a title', () => {
    const { title } = messageRenderer().render(
      notificationSubject({ name: 'CPU of {{host.name}}' }),
      toldTransition({ group: 'host:a\r\nBcc: x\u2028y\u0007z' }),
    )
    expect(title).toBe('[Triggered on {host:a Bcc: x y z}] CPU of a Bcc: x y z')
  })

  test('of a megabyte makes no long message', () => {
    const subject = notificationSubject({ name: '{{host.name}}', message: '{{host.name}} {{host.name}}' })
    const { title, body } = messageRenderer().render(subject, toldTransition({ group: `host:${huge}` }))
    expect([title.length, body.length]).toEqual([1_000, 4_001])
  })
})

describe('a webhook', () => {
  const receiverAt = (url: string, change: Readonly<Record<string, unknown>> = {}): Receiver => ({
    name: 'webhook-test',
    kind: 'webhook',
    config: { url, custom_headers: null, encode_as: 'json', secret: null, ...change },
    policy: { timeoutMs: 1_000 },
  })
  async function hooks(behave: Parameters<typeof startHookServer>[0]): Promise<HookServer> {
    const server = await startHookServer(behave)
    stops.push(server.close)
    return server
  }
  const deliver = (receiver: Receiver, message = outgoingMessage()): Promise<DeliveryReceipt> =>
    webhookNotifier(Date.now).deliver(message, receiver)

  const carried = "the value of the header X-Team has characters that a header can't carry"
  test.each([
    ['a value that begins another header', { 'X-Team': 'a\r\nX-Evil: 1' }, carried],
    ['a name that begins another header', { 'X-A: 1\r\nX-Evil': '1' }, '"X-A: 1\\r\\nX-Evil" is not the name of a header'],
    ['a NUL', { 'X-Team': 'a\0' }, carried],
    ['the length', { 'Content-Length': '0' }, 'the header Content-Length is set by the sender'],
    ['a second body', { 'Transfer-Encoding': 'chunked' }, 'the header Transfer-Encoding is set by the sender'],
    ['the signature', { 'webhook-signature': 'v1,x' }, 'the header webhook-signature is set by the sender'],
  ])('whose headers hold %s is refused when it is written, and sends nothing where it got through', async (_what, headers, reason) => {
    expect(parseCustomHeaders(JSON.stringify(headers))).toEqual({ ok: false, reason })
    const server = await hooks(answer(200))
    const receipt = await deliver(receiverAt(server.url, { custom_headers: JSON.stringify(headers) }))
    expect(receipt).toEqual({ kind: 'refused', reason: `the headers of webhook-test can't be sent: ${reason}` })
    expect(server.hooks()).toEqual([])
  })

  test('is sent what a message holds in its body alone', async () => {
    const server = await hooks(answer(200))
    const text = 'a\r\nX-Evil: 1\r\n\r\n{"b": 1}'
    const transition = toldTransition({ group: `host:${text}` })
    expect(await deliver(receiverAt(server.url), outgoingMessage({ title: text, body: text, transition }))).toMatchObject({
      kind: 'delivered',
    })
    const [hook] = server.hooks()
    expect(hook?.headers).not.toHaveProperty('x-evil')
    expect(JSON.parse(hook?.body ?? '')).toMatchObject({ title: text, body: text })
    expect(server.hooks()).toHaveLength(1)
  })

  test('that sends us to another place is not followed there', async () => {
    const inside = await hooks(answer(200, {}, 'secret'))
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await hooks((res) => res.writeHead(status, { location: inside.url }).end())
      expect(await deliver(receiverAt(server.url))).toEqual({
        kind: 'refused',
        reason: `HTTP ${status}: redirects are not followed, store the final address`,
      })
    }
    expect(inside.hooks()).toEqual([])
  })

  test('at an address that is not public is not called', async () => {
    const server = await hooks(answer(200))
    const client = httpClient({ guard: guardOf('none') })
    stops.push(client.close)
    for (const url of [server.url, server.url.replace('127.0.0.1', 'localhost'), 'http://169.254.169.254/latest/meta-data/']) {
      const receipt = await webhookNotifier(Date.now, client.request).deliver(outgoingMessage(), receiverAt(url))
      expect(receipt).toEqual({ kind: 'refused', reason: expect.stringContaining('is not a public address') })
    }
    expect(server.hooks()).toEqual([])
  })

  test('whose answer never ends is given up in time, and its neighbour is none the wiser', async () => {
    const dripping = await hooks((res) => {
      res.writeHead(500)
      const drip = setInterval(() => res.write('.'), 20)
      res.once('close', () => clearInterval(drip))
    })
    const hanging = await hooks(() => {})
    const headers = createServer((socket) => {
      socket.on('error', () => {})
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('X-More: 1\r\n'), 20)
      socket.once('close', () => clearInterval(drip))
    })
    await new Promise<void>((resolve) => headers.listen(0, '127.0.0.1', resolve))
    stops.push(() => new Promise((resolve) => headers.close(resolve)))
    const address = headers.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const healthy = await hooks(answer(200))
    const urls = [hanging.url, `http://127.0.0.1:${address.port}/`, healthy.url]
    const receipts = await Promise.all(urls.map((url) => deliver(receiverAt(url))))
    const late = { kind: 'retry', reason: expect.stringMatching(/^timeout: no answer within 1000 ms$|HPE_HEADER_OVERFLOW/), afterMs: null }
    expect(receipts).toEqual([late, late, { kind: 'delivered', detail: 'HTTP 200' }])
    // What it has said by then counts: it is a 500, or no answer.
    expect(await deliver(receiverAt(dripping.url))).toMatchObject({ kind: 'retry', reason: expect.stringMatching(/timeout|HTTP 500/) })
  })

  test('whose answer is endless is answered for by its status, and what is kept of it is bounded', async () => {
    const endless = (status: number) =>
      hooks((res) => {
        res.writeHead(status)
        const more = (): void => {
          while (!res.destroyed && res.write('x'.repeat(16_384)));
          if (!res.destroyed) res.once('drain', more)
        }
        more()
      })
    expect(await deliver(receiverAt((await endless(200)).url))).toEqual({ kind: 'delivered', detail: 'HTTP 200' })
    const refused = await deliver(receiverAt((await endless(400)).url))
    expect(refused).toEqual({ kind: 'refused', reason: expect.stringMatching(/^HTTP 400: x+…?$/) })
    expect(JSON.stringify(refused).length).toBeLessThan(500)
  })
})
