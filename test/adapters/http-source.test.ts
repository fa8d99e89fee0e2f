import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { openSource } from '../../adapters/datasources/open.ts'
import { trySource } from '../../adapters/datasources/try-source.ts'
import { guardOf } from '../../adapters/http/guard.ts'
import { freePort } from '../../cli/up/port.ts'
import { sourceBody } from '../../contract/source.ts'
import { testCertificate } from '../support/certificate.ts'
import { silentSourceMetrics } from '../support/open-source.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

const vector = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '1'] }] } })
const answering =
  (status: number, body: string, seen: IncomingMessage[] = [], headers: Record<string, string> = {}): RequestListener =>
  (req, res) => {
    seen.push(req)
    req.resume()
    res.writeHead(status, headers).end(body)
  }

const options = (allow = 'all') => ({
  ...{ guard: guardOf(allow), metrics: silentSourceMetrics, clock: Date.now, metricsOver: () => ({ types: [], query: async () => [] }) },
})

function attempt(config: object, secrets: object = {}, allow = 'all') {
  return trySource(options(allow), sourceBody.parse({ name: 'p', kind: 'prometheus', config, secrets }))
}

describe('who asks says who it is', () => {
  test.for([
    [
      'a user and a password',
      { username: 'u' },
      { password: 'hunter2' },
      { authorization: `Basic ${Buffer.from('u:hunter2').toString('base64')}` },
    ],
    ['a token', {}, { bearer_token: 'hunter2' }, { authorization: 'Bearer hunter2' }],
    ['a tenant and headers', { tenant: 'team-a' }, { headers: { 'X-Key': 'hunter2' } }, { 'x-scope-orgid': 'team-a', 'x-key': 'hunter2' }],
  ] as const)('%s', async ([, config, secrets, headers]) => {
    const seen: IncomingMessage[] = []
    const port = await portOf(createServer(answering(200, vector, seen)))
    expect(await attempt({ url: `http://127.0.0.1:${port}/prefix/`, ...config }, secrets)).toMatchObject({ ok: true })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/prefix/api/v1/query', headers })
  })

  test('a certificate of its own, to one whose authority it is told', async () => {
    const { cert, key } = testCertificate
    const server = createTlsServer({ cert, key, ca: cert, requestCert: true, rejectUnauthorized: true }, answering(200, vector))
    const url = `https://127.0.0.1:${await portOf(server)}`
    expect(await attempt({ url, tls: { ca: cert, cert } }, { tls_key: key })).toMatchObject({ ok: true })
    expect(await attempt({ url, tls: { ca: cert } })).toMatchObject({ ok: false })
    expect(await attempt({ url, tls: { cert } }, { tls_key: key })).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^refused: .*SELF_SIGNED/),
    })
  })
})

const error = (text: string) => JSON.stringify({ status: 'error', errorType: 'bad_data', error: text })
const failures: readonly (readonly [string, number, string, string])[] = [
  ['a query that can’t be read', 400, error('parse error at "x"'), 'bad-query: HTTP 400: parse error at "x"'],
  ['one that can’t be computed', 422, error('many-to-many'), 'bad-query: HTTP 422: many-to-many'],
  ['no rights', 401, '', 'refused: HTTP 401'],
  ['too many requests', 429, 'slow down', 'refused: HTTP 429: slow down'],
  ['a proxy without a server', 502, '<html>', 'unreachable: HTTP 502: <html>'],
  ['a fault', 500, error('boom'), 'bad-reply: HTTP 500: boom'],
  ['another place', 404, 'nothing here', 'bad-reply: HTTP 404: is the address of the source right?'],
  ['no JSON', 200, 'hello', 'bad-reply: no JSON: hello'],
  ['other JSON', 200, '{"a": 1}', 'bad-reply: this is not an answer of the Prometheus API'],
  ['too much', 200, 'x'.repeat(17 * 1_024 * 1_024), 'bad-query: the answer is larger than 16 MB: ask for fewer groups'],
]

describe('what comes back instead of an answer', () => {
  test.for(failures)('%s', async ([, status, body, detail]) => {
    const port = await portOf(createServer(answering(status, body)))
    expect(await attempt({ url: `http://127.0.0.1:${port}` })).toMatchObject({ ok: false, detail })
  })

  test('a redirect is not followed: what is secret stays here', async () => {
    const seen: IncomingMessage[] = []
    const other = await portOf(createServer(answering(200, vector, seen)))
    const port = await portOf(createServer(answering(307, '', [], { location: `http://127.0.0.1:${other}/` })))
    const outcome = await attempt({ url: `http://127.0.0.1:${port}` }, { bearer_token: 'x' })
    expect(outcome).toMatchObject({ ok: false, detail: expect.stringContaining('redirects are not followed') })
    expect(seen).toEqual([])
  })

  test('nobody there, or nobody who answers', async () => {
    expect(await attempt({ url: `http://127.0.0.1:${await freePort()}` })).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^unreachable: /),
    })
    const port = await portOf(createServer(() => {}))
    const limits = { timeout_s: 0.3 }
    expect(await attempt({ url: `http://127.0.0.1:${port}`, limits })).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^timeout: /),
    })
  })

  test('an address that may not be called', async () => {
    const port = await portOf(createServer(answering(200, vector)))
    const outcome = await attempt({ url: `http://127.0.0.1:${port}` }, {}, 'none')
    expect(outcome).toMatchObject({ ok: false, detail: expect.stringMatching(/^refused: 127.0.0.1 is not a public address/) })
  })
})

test('a source that fails again and again is left alone, and says so', async () => {
  const body = { name: 'p', kind: 'prometheus', config: { url: `http://127.0.0.1:${await freePort()}`, limits: { failures: 2 } } }
  const { source, condition, close } = openSource(options())(sourceBody.parse(body))
  const calendar = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
  const ask = (query: string) =>
    source.query({
      type: 'promql alert',
      query,
      slots: [0],
      delayMs: 0,
      calendar,
      requireFullWindow: false,
      groupsMax: 1,
      timeoutMs: 1_000,
    })
  for (const n of [1, 2]) await expect(ask(`up + ${n} > 1`)).rejects.toMatchObject({ code: 'unreachable' })
  await expect(ask('up > 1')).rejects.toMatchObject({ message: expect.stringContaining("source p isn't asked for 15 s") })
  expect(condition()).toMatchObject({ circuit: 'open', sent: 2 })
  await close()
})
