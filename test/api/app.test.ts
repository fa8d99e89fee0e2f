import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, bothKeys, keys, rowCounts, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const load = {
  type: 'query alert',
  name: 'Load is high',
  query: 'avg(last_5m):avg:system.load.1{*} > 4',
  message: 'x',
  options: { thresholds: { critical: 4 } },
}

test.each([
  ['an address that is too long', `/api/v1/monitor?name=${'x'.repeat(17_000)}`, {}],
  ['headers that are too large', '/api/v1/monitor', { 'x-note': 'x'.repeat(17_000) }],
])('%s: 431, with a sentence', async (_name, path, headers) => {
  const answer = await api.send('GET', path, undefined, { ...bothKeys, ...headers })
  expect(answer).toMatchObject({ status: 431, body: { errors: [expect.stringContaining('16384 bytes')] } })
})

describe('keys', () => {
  const cases: [string, string, Record<string, string>, number, object][] = [
    ['an API key alone is enough to be validated', '/api/v1/validate', { 'dd-api-key': keys.apiKey }, 200, { valid: true }],
    ['no API key', '/api/v1/validate', {}, 401, { errors: ['Unauthorized'] }],
    ['a wrong API key', '/api/v1/validate', { 'dd-api-key': 'x' }, 403, { errors: ['Forbidden'] }],
    ['an application key in the place of an API key', '/api/v1/validate', { 'dd-api-key': keys.appKey }, 403, { errors: ['Forbidden'] }],
    ['no application key', '/api/v1/monitor', { 'dd-api-key': keys.apiKey }, 401, { errors: ['Unauthorized'] }],
    ['a wrong application key', '/api/v1/monitor', { ...bothKeys, 'dd-application-key': 'x' }, 403, { errors: ['Forbidden'] }],
    ['a very long key', '/api/v1/monitor', { ...bothKeys, 'dd-api-key': 'x'.repeat(5_000) }, 403, { errors: ['Forbidden'] }],
    ['keys in the address', `/api/v1/monitor?api_key=${keys.apiKey}&application_key=${keys.appKey}`, {}, 401, { errors: ['Unauthorized'] }],
    ['an unknown path without keys', '/api/v9/anything', {}, 401, { errors: ['Unauthorized'] }],
  ]
  test.each(cases)('%s', async (_name, path, headers, status, body) => {
    expect(await api.send('GET', path, undefined, headers)).toMatchObject({ status, body })
  })

  test('a revoked key is refused, and the use of a key is noted', async () => {
    const used = await api.pool.query('select kind from access_keys where last_used_at is not null order by kind')
    expect(used.rows).toEqual([{ kind: 'api' }, { kind: 'application' }])
    await api.pool.query(`update access_keys set revoked_at = now() where kind = 'application'`)
    expect((await api.send('GET', '/api/v1/monitor')).status).toBe(403)
    await api.pool.query('update access_keys set revoked_at = null')
    expect((await api.send('GET', '/api/v1/monitor')).status).toBe(200)
  })
})

test('points need an API key only, webhooks need both', async () => {
  const series = [{ metric: 'a.b', type: 3, points: [{ timestamp: Math.floor(Date.now() / 1_000), value: 1 }] }]
  const apiKeyOnly = { 'dd-api-key': keys.apiKey }
  expect(await api.send('POST', '/api/v2/series', { series }, apiKeyOnly)).toMatchObject({ status: 202, body: { errors: [] } })
  expect(await api.send('POST', '/api/v2/series', { series }, {})).toMatchObject({ status: 401 })
  expect(await api.send('POST', '/api/v2/series', { series: [{ metric: '\u0000' }] }, apiKeyOnly)).toMatchObject({ status: 400 })
  const webhooks = '/api/v1/integration/webhooks/configuration/webhooks'
  const webhook = { name: 'ops', url: 'https://example.com/hook' }
  expect(await api.send('POST', webhooks, webhook, apiKeyOnly)).toMatchObject({ status: 401 })
  expect(await api.send('POST', webhooks, webhook)).toMatchObject({ status: 201, body: { name: 'ops' } })
})

describe('bodies', () => {
  const big = JSON.stringify({ ...load, message: 'x'.repeat(1_048_576) })
  const cases: [string, string | Uint8Array, Record<string, string>, number, RegExp][] = [
    ['cut JSON names the place', '{"name": ', {}, 400, /ends too early, at position 9/],
    ['wrong JSON names the place', '{"name":\n "x", oops}', {}, 400, /position 15 \(line 2, column 7\)/],
    ['a wrong token names the place', '{"name": nope}', {}, 400, /position 10/],
    ['no JSON at all', 'name=x', {}, 400, /not valid JSON/],
    ['more than a megabyte', big, {}, 413, /larger than 1048576 bytes/],
    ['more than a megabyte once unpacked', gzipSync(big), { 'content-encoding': 'gzip' }, 413, /larger than/],
    ['what only says that it is packed', '{"a":1}', { 'content-encoding': 'gzip' }, 400, /./],
    ['a packing that nobody knows', '{}', { 'content-encoding': 'zip' }, 415, /Content-Encoding/],
    ['a charset that nobody knows', '{}', { 'content-type': 'application/json; charset=ebcdic' }, 415, /charset/],
    ['depth beyond reason', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}, 400, /nested deeper than 32/],
    ['half a million numbers', `[${'0,'.repeat(500_000)}0]`, {}, 400, /body/],
    ['a prototype', '{"__proto__": {"type": "query alert"}}', {}, 400, /__proto__: this name is not allowed/],
    ['a number beyond all numbers', '{"options": {"variables": [{"a": 1e999}]}}', {}, 400, /number out of range/],
  ]
  test.each(cases)('%s', async (_name, body, headers, status, reason) => {
    const before = await rowCounts(api.pool)
    const answer = await api.send('POST', '/api/v1/monitor', body, { ...bothKeys, ...headers })
    expect(answer.status, answer.text).toBe(status)
    expect(answer.body.errors[0]).toMatch(reason)
    expect(await rowCounts(api.pool)).toEqual(before)
  })

  test('gzip and deflate are unpacked, whatever the Content-Type', async () => {
    const packed = gzipSync(JSON.stringify(load))
    const answer = await api.send('POST', '/api/v1/monitor', packed, {
      ...bothKeys,
      'content-encoding': 'gzip',
      'content-type': 'text/plain',
    })
    expect(answer).toMatchObject({ status: 200, body: { name: load.name } })
  })
})

describe('every answer', () => {
  test('has a request id: the client’s own where it is harmless', async () => {
    const given = await api.send('GET', '/health', undefined, { 'x-request-id': 'trace-1' })
    expect(given.headers.get('x-request-id')).toBe('trace-1')
    const made = await api.send('GET', '/health', undefined, { 'x-request-id': 'a b{}' })
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('says how many requests are left, in seconds as Datadog’s clients read them', async () => {
    const { headers } = await api.send('GET', '/api/v1/validate')
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
    expect(Number(headers.get('x-ratelimit-reset'))).toBeLessThanOrEqual(10)
    expect(headers.get('x-ratelimit-limit')).toBe('10000')
    expect(headers.get('x-ratelimit-period')).toBe('10')
  })

  test('is JSON also where there is no such route', async () => {
    expect(await api.send('GET', '/api/v1/nothing')).toMatchObject({ status: 404, body: { errors: ['GET /api/v1/nothing not found'] } })
    expect(await api.send('PATCH', '/api/v1/monitor')).toMatchObject({ status: 404 })
    expect(await api.send('GET', '/')).toMatchObject({ status: 404 })
  })

  test('leaves an event that holds no key, body or query string', async () => {
    await api.send('POST', '/api/v1/monitor?api_key=secret-in-address', { ...load, name: 'secret name' })
    const event = api.events.findLast(({ event }) => event === 'request')
    expect(event).toMatchObject({ level: 'info', fields: { method: 'POST', path: '/api/v1/monitor', status: 200 } })
    expect(JSON.stringify(api.events)).not.toMatch(/secret|api-key-of-the-tests/)
  })
})

test('/health, /ready and /metrics need no key', async () => {
  expect(await api.send('GET', '/health', undefined, {})).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await api.send('GET', '/ready', undefined, {})).toMatchObject({
    status: 200,
    body: { status: 'ready', postgres: 'reachable', temporal: 'reachable' },
  })
  expect(await api.send('GET', '/metrics', undefined, {})).toMatchObject({ status: 200, text: '# metrics\n' })
})

test('a client that asks too often is told when to come back', async () => {
  const limited = await startApi({ rateLimit: { requests: 3, windowMs: 60_000 } })
  const answers = []
  for (let n = 0; n < 5; n += 1) answers.push(await limited.send('GET', '/api/v1/validate'))
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429, 429])
  expect(answers[4]?.body.errors[0]).toMatch(/^Rate limit/)
  expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(0)
  await limited.close()
})
