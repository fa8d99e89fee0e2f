import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { request } from '../../adapters/http/fetch.ts'
import { notifiersOf } from '../../adapters/notifiers/all.ts'
import { tryReceiver } from '../../adapters/notifiers/try-receiver.ts'
import { getReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { secretTextsOf } from '../../contract/receivers/body.ts'
import { answer, startHookServer } from '../support/hook-server.ts'
import { testSecrets } from '../support/secrets.ts'
import { type Api, startApi } from './harness.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let api: Api
beforeAll(async () => {
  const notifiers = notifiersOf({ clock: Date.now, send: request, guard: null, log: silent })
  api = await startApi({
    rateLimit: { requests: 1_000_000, windowMs: 60_000 },
    testReceiver: (receiver) => tryReceiver(notifiers, receiver, { at: Date.now(), secrets: secretTextsOf(receiver) }),
  })
})
afterAll(() => api.close())
beforeEach(() => api.pool.query('truncate receivers, audit_events, webhook_variables'))

const base = '/api/v2/receivers'
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const hook = { name: 'ops', kind: 'webhook', config: { url: 'https://example.com/hook' } }
const defaults = { timeout: 10, concurrency: 4, rate_per_minute: null, give_up_after: 86_400, fallback: null, budget: null }

test('a receiver is created, read, listed, changed and deleted, with an audit event for each', async () => {
  const created = await api.send('POST', base, { ...hook, policy: { timeout: 5, budget: { messages: 10, per: 60 } } })
  expect(created).toMatchObject({
    status: 201,
    body: {
      name: 'ops',
      kind: 'webhook',
      config: { url: 'https://example.com/hook', encode_as: 'json' },
      secrets: [],
      policy: { ...defaults, timeout: 5, budget: { messages: 10, per: 60 } },
      managed_by: 'api',
    },
  })
  expect((await api.send('GET', base)).body.receivers).toEqual([
    expect.objectContaining({ name: 'log', kind: 'log' }),
    { ...created.body, health: expect.objectContaining({ open: 0, dead: 0, last_success_at: null }) },
  ])
  expect((await api.send('PATCH', `${base}/ops`, { policy: { concurrency: 2, timeout: null } })).body.policy).toEqual({
    ...defaults,
    concurrency: 2,
    budget: { messages: 10, per: 60 },
  })
  expect((await api.send('PATCH', `${base}/ops`, { policy: null })).body.policy).toEqual(defaults)
  expect((await api.send('PATCH', `${base}/ops`, { config: { encode_as: 'form' } })).body.config).toEqual({
    url: 'https://example.com/hook',
    encode_as: 'form',
  })
  expect((await api.send('PATCH', `${base}/ops`, {})).status).toBe(200)
  expect((await api.send('DELETE', `${base}/ops`)).status).toBe(200)
  expect((await api.send('GET', `${base}/ops`)).status).toBe(404)
  const { rows } = await api.pool.query('select action, detail from audit_events order by id')
  expect(rows).toEqual([
    { action: 'receiver.created', detail: { name: 'ops', kind: 'webhook' } },
    { action: 'receiver.updated', detail: { name: 'ops', changed: ['policy.concurrency', 'policy.timeout'] } },
    { action: 'receiver.updated', detail: { name: 'ops', changed: ['policy.budget', 'policy.concurrency'] } },
    { action: 'receiver.updated', detail: { name: 'ops', changed: ['config.encode_as'] } },
    { action: 'receiver.deleted', detail: { name: 'ops', kind: 'webhook' } },
  ])
})

test('secrets go in, are sealed, stay where a change leaves them out, and never come out', async () => {
  const config = { ...hook.config, custom_headers: '{"Authorization": "Bearer hunter2"}', secret }
  const answers = [
    await api.send('POST', base, { ...hook, config }),
    await api.send('PATCH', `${base}/ops`, { policy: { timeout: 3 } }),
    await api.send('PATCH', `${base}/ops`, { config: { custom_headers: null } }),
    await api.send('GET', `${base}/ops`),
    await api.send('GET', base),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200])
  expect(answers.map(({ text }) => text).join()).not.toMatch(/hunter2|whsec_/)
  expect(answers.slice(0, 4).map(({ body }) => body.secrets)).toEqual([
    ['custom_headers', 'secret'],
    ['custom_headers', 'secret'],
    ['secret'],
    ['secret'],
  ])
  const { rows } = await api.pool.query('select r.*, a.detail from receivers r, audit_events a')
  expect(JSON.stringify(rows)).not.toMatch(/hunter2|whsec_/)
  expect(JSON.stringify(api.events)).not.toMatch(/hunter2|whsec_/)
  expect((await getReceiver(api.pool, 'ops', testSecrets))?.config).toMatchObject({ custom_headers: null, secret })
})

test('secrets aren’t sent to another place unasked', async () => {
  await api.send('POST', base, { ...hook, config: { ...hook.config, secret } })
  const moved = { config: { url: 'https://evil.example.com/hook' } }
  expect(await api.send('PATCH', `${base}/ops`, moved)).toMatchObject({
    status: 400,
    body: { errors: [expect.stringMatching(/^config.url: .*secret/)] },
  })
  expect((await api.send('PATCH', `${base}/ops`, { config: { url: 'https://example.com/other' } })).status).toBe(200)
  expect((await api.send('PATCH', `${base}/ops`, { config: { ...moved.config, secret } })).status).toBe(200)
})

test('without a key secrets are refused with what to do, and what has none is stored', async () => {
  const keyless = await startApi({ secrets: null })
  try {
    const refused = await keyless.send('POST', base, { ...hook, config: { ...hook.config, secret } })
    expect(refused).toMatchObject({ status: 400, body: { errors: [expect.stringContaining('set TOCSIN_SECRET_KEY')] } })
    expect((await keyless.send('GET', `${base}/ops`)).status).toBe(404)
    expect((await keyless.send('POST', base, hook)).status).toBe(201)
    expect((await keyless.send('POST', base, { ...hook, name: 'b', config: { url: 'https://x/\0' } })).status).toBe(400)
    expect((await keyless.send('POST', base, { ...hook, name: 'b', config: { url: 'https://x/\ud800' } })).status).toBe(400)
  } finally {
    await keyless.close()
  }
})

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['no body', undefined, /^name: /],
  ['a list', [], /./],
  ['no name', { ...hook, name: undefined }, /^name: /],
  ['a name with a blank', { ...hook, name: 'a b' }, /^name: expected letters, digits/],
  ['a name that ends like a sentence', { ...hook, name: 'ops.' }, /^name: expected letters, digits/],
  ['the name of the log', { ...hook, name: 'log' }, /^name: the receiver log is always there/],
  ['another kind', { ...hook, kind: 'pigeon' }, /^kind: expected one of webhook/],
  ['no configuration', { name: 'a', kind: 'webhook' }, /^config: expected an object/],
  ['a wrong address', { ...hook, config: { url: 'example.com' } }, /^config.url: expected an address/],
  ['an unknown field of the configuration', { ...hook, config: { ...hook.config, colour: 1 } }, /^unknown field 'colour' in config/],
  ['an unknown field of the policy', { ...hook, policy: { retries: 1 } }, /^unknown field 'retries' in policy/],
  ['a timeout of an hour', { ...hook, policy: { timeout: 3_600 } }, /^policy.timeout: /],
  ['no concurrency', { ...hook, policy: { concurrency: 0 } }, /^policy.concurrency: /],
  [
    'a fallback that isn’t there',
    { ...hook, policy: { fallback: { receiver: 'none' } } },
    /^policy.fallback.receiver: there is no receiver "none"/,
  ],
  [
    'itself as fallback',
    { ...hook, policy: { fallback: { receiver: 'ops' } } },
    /^policy.fallback.receiver: a receiver can’t stand in for itself/,
  ],
]

test.for(refused)('%s is refused, and nothing is stored', async ([, body, sentence]) => {
  const { status, body: answered } = await api.send('POST', base, body)
  expect({ status, error: answered.errors[0] }).toEqual({ status: 400, error: expect.stringMatching(sentence) })
  const { rows } = await api.pool.query('select name from receivers union all select action from audit_events')
  expect(rows).toEqual([])
})

test('a receiver keeps its name and its kind, is there once, and the log can’t be changed', async () => {
  await api.send('POST', base, hook)
  expect((await api.send('POST', base, hook)).body.errors[0]).toMatch(/exists already/)
  expect((await api.send('PATCH', `${base}/ops`, { name: 'other' })).body.errors[0]).toMatch(/keeps its name/)
  expect((await api.send('PATCH', `${base}/ops`, { kind: 'slack' })).body.errors[0]).toMatch(/keeps its kind/)
  expect((await api.send('PATCH', `${base}/log`, {})).status).toBe(409)
  expect((await api.send('DELETE', `${base}/log`)).status).toBe(409)
  expect((await api.send('GET', `${base}/log`)).body).toMatchObject({ name: 'log', kind: 'log', secrets: [] })
})

test('fallbacks never lead back, and one that is used stays', async () => {
  const withFallback = (name: string, receiver: string) => ({ ...hook, name, policy: { fallback: { receiver, after_failures: 2 } } })
  await api.send('POST', base, { ...hook, name: 'c' })
  expect((await api.send('POST', base, withFallback('b', 'c'))).status).toBe(201)
  expect((await api.send('POST', base, withFallback('a', 'b'))).status).toBe(201)
  expect(await api.send('PATCH', `${base}/c`, { policy: { fallback: { receiver: 'a' } } })).toMatchObject({
    status: 400,
    body: { errors: ['policy.fallback.receiver: c → a → b → c leads back: somebody must stand at the end'] },
  })
  expect((await api.send('PATCH', `${base}/c`, { policy: { fallback: { receiver: 'log' } } })).body.policy.fallback).toEqual({
    receiver: 'log',
    after_failures: 3,
  })
  expect(await api.send('DELETE', `${base}/b`)).toMatchObject({ status: 409, body: { errors: [expect.stringContaining('fallback of a')] } })
  await api.send('DELETE', `${base}/a`)
  expect((await api.send('DELETE', `${base}/b`)).status).toBe(200)
})

test('a receiver is tried by a real message, and the answer holds no secret', async () => {
  const server = await startHookServer(answer(200))
  const failing = await startHookServer(answer(403, {}, `no entry for ${secret}`))
  try {
    await api.send('POST', base, { ...hook, config: { url: server.url } })
    await api.send('POST', base, { ...hook, name: 'shut', config: { url: failing.url, secret } })
    expect(await api.send('POST', `${base}/ops/test`)).toMatchObject({
      status: 200,
      body: { ok: true, detail: 'HTTP 200', duration_ms: expect.any(Number) },
    })
    expect(JSON.parse(server.hooks()[0]?.body ?? '')).toMatchObject({ title: '[Test] The receiver ops works' })
    const failed = await api.send('POST', `${base}/shut/test`)
    expect(failed).toMatchObject({ status: 200, body: { ok: false, detail: 'HTTP 403: no entry for [redacted]' } })
    expect((await api.send('POST', `${base}/none/test`)).status).toBe(404)
    expect((await api.send('POST', `${base}/log/test`)).body.ok).toBe(true)
  } finally {
    await Promise.all([server.close(), failing.close()])
  }
})

test.each(['GET', 'PATCH', 'DELETE', 'POST'])('%s of what is not there is 404', async (method) => {
  for (const name of ['none', 'a%00b', '%F0%9F%98%80', '..%2Fx', 'a'.repeat(5_000)]) {
    const path = method === 'POST' ? `${base}/${name}/test` : `${base}/${name}`
    expect(await api.send(method, path, method === 'PATCH' ? {} : undefined)).toMatchObject({
      status: 404,
      body: { errors: ['Receiver not found'] },
    })
  }
})

test('no body brings a 500, and what is refused is not stored', async () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>('ops', 'webhook', 'https://example.com', secret, null, {}, hook.config, '\0', '\ud800', 'log'),
    fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  )
  const policy = fc.record(
    { timeout: value, concurrency: value, rate_per_minute: value, give_up_after: value, fallback: value, budget: value },
    { requiredKeys: [] },
  )
  const config = fc.record({ url: value, secret: value, custom_headers: value, encode_as: value }, { requiredKeys: [] })
  const body = fc.record(
    { name: value, kind: value, config: fc.oneof(value, config), policy: fc.oneof(value, policy) },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(body, fc.jsonValue({ maxDepth: 3 })), async (sent) => {
      await api.pool.query('delete from receivers')
      const { status } = await api.send('POST', base, sent)
      const { rows } = await api.pool.query('select name from receivers')
      expect(status).toBe(rows.length === 1 ? 201 : 400)
      const changed = await api.send('PATCH', `${base}/${rows.length === 1 ? encodeURIComponent(rows[0].name) : 'ops'}`, sent)
      expect(rows.length === 1 ? [200, 400] : [400, 404]).toContain(changed.status)
    }),
    { numRuns: 200 },
  )
})
