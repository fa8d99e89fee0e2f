import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { seedKeys } from '../../adapters/postgres/queries/keys.ts'
import { getReceiver, receiversMax } from '../../adapters/postgres/queries/receivers.ts'
import { jsonBody } from '../../api/middleware/body.ts'
import { answerErrors, unknownRoute } from '../../api/middleware/errors.ts'
import { requireBothKeys } from '../../api/middleware/keys.ts'
import { webhookRoutes } from '../../api/routes/webhooks.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { testSecrets } from '../support/secrets.ts'
import { bothKeys, keys } from './harness.ts'

const base = '/api/v1/integration/webhooks/configuration/webhooks'
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let database: TestDatabase
let origin: string
const server = createServer()

beforeAll(async () => {
  database = await createTestDatabase()
  const app = express()
  await seedKeys(database.pool, keys)
  app.use(requireBothKeys(database.pool), jsonBody())
  app.use(webhookRoutes({ pool: database.pool, secrets: testSecrets }))
  app.use(unknownRoute)
  app.use(answerErrors(silent))
  server.on('request', app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${addressOf(server.address()).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await database.drop()
})
beforeEach(() => database.pool.query('delete from receivers'))

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { ...bothKeys, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

const url = 'https://example.com/hook'
const webhookOf = (name: string, address: string) => ({
  name,
  url: address,
  payload: null,
  custom_headers: null,
  encode_as: 'json',
  signed: false,
})
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

test('a webhook is created, read, changed and deleted', async () => {
  const created = await call('POST', base, { name: 'ops', url, payload: null, custom_headers: '{"X-Team": "core"}', encode_as: 'form' })
  const webhook = { name: 'ops', url, payload: null, custom_headers: '{"X-Team": "core"}', encode_as: 'form', signed: false }
  expect(created).toEqual({ status: 201, body: webhook })
  expect(await call('GET', `${base}/ops`)).toEqual({ status: 200, body: webhook })

  const changed = { ...webhook, url: 'http://127.0.0.1:9/x' }
  expect(await call('PUT', `${base}/ops`, { url: 'http://127.0.0.1:9/x' })).toEqual({ status: 200, body: changed })
  expect(await call('PUT', `${base}/ops`, { custom_headers: null, encode_as: 'json' })).toEqual({
    status: 200,
    body: { ...changed, custom_headers: null, encode_as: 'json' },
  })
  expect(await call('DELETE', `${base}/ops`)).toEqual({ status: 200, body: {} })
  expect((await call('GET', `${base}/ops`)).status).toBe(404)
})

test('a name and an address are enough', async () => {
  expect(await call('POST', base, { name: 'ops', url })).toEqual({
    status: 201,
    body: { name: 'ops', url, payload: null, custom_headers: null, encode_as: 'json', signed: false },
  })
})

test('a payload is stored as it is written, and names that stand for nothing are told', async () => {
  const payload = '{"title": "$EVENT_TITLE", "at": $DATE, "who": "$WHOM", "tag": "$TAGS[team]"}'
  const created = await call('POST', base, { name: 'ops', url: 'https://$HOST/x', payload })
  expect(created).toMatchObject({ status: 201, body: { payload, url: 'https://$HOST/x' } })
  expect(created.body.warnings).toEqual([expect.stringMatching(/^\$HOST stands for nothing/), expect.stringMatching(/^\$WHOM/)])
  expect((await call('GET', `${base}/ops`)).body).toEqual({ ...webhookOf('ops', 'https://$HOST/x'), payload })
  expect((await call('PUT', `${base}/ops`, { url })).body).toMatchObject({ payload, warnings: [expect.stringMatching(/WHOM/)] })
  expect((await call('PUT', `${base}/ops`, { payload: '[]' })).body.payload).toBe('[]')
  expect((await call('PUT', `${base}/ops`, { encode_as: 'form' })).status).toBe(400)
  expect((await call('PUT', `${base}/ops`, { payload: null })).body).toEqual(webhookOf('ops', url))
})

test('a change keeps the policy, and what a file holds or another needs stays', async () => {
  await call('POST', base, { name: 'ops', url })
  await database.pool.query(`update receivers set policy = '{"timeoutMs": 3000}'`)
  await call('PUT', `${base}/ops`, { encode_as: 'form' })
  expect((await getReceiver(database.pool, 'webhook-ops', testSecrets))?.policy).toEqual({ timeoutMs: 3000 })
  await call('POST', base, { name: 'other', url })
  await database.pool.query(
    `update receivers set policy = '{"fallback": {"receiver": "webhook-ops", "afterFailures": 3}}' where name = 'webhook-other'`,
  )
  expect((await call('DELETE', `${base}/ops`)).status).toBe(409)
  expect((await call('PUT', `${base}/ops`, { name: 'new' })).status).toBe(409)
  await database.pool.query(`update receivers set managed_by = 'file'`)
  expect((await call('PUT', `${base}/other`, { url })).status).toBe(409)
  expect((await call('DELETE', `${base}/other`)).status).toBe(409)
})

test('there are as many receivers as may be, also where several are made at once; those that are there still change', async () => {
  await database.pool.query(
    `insert into receivers (name, kind, config) select 'other-' || n, 'webhook', '{"url": "https://example.com/"}' from generate_series(2, $1::integer) as n`,
    [receiversMax],
  )
  const created = await Promise.all(['a', 'b', 'c'].map((name) => call('POST', base, { name, url })))
  const full = { status: 400, body: { errors: [`there are ${receiversMax} receivers already, which is as many as there may be`] } }
  expect(created.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(created.filter(({ status }) => status !== 201)).toEqual([full, full])
  expect((await database.pool.query('select count(*) from receivers')).rows).toEqual([{ count: receiversMax }])
  const [made] = created.filter(({ status }) => status === 201)
  expect((await call('PUT', `${base}/${made?.body.name}`, { encode_as: 'form' })).status).toBe(200)
  expect((await call('DELETE', `${base}/${made?.body.name}`)).status).toBe(200)
  expect((await call('POST', base, { name: 'd', url })).status).toBe(201)
})

test('a secret of the caller is stored and never given out', async () => {
  const created = await call('POST', base, { name: 'ops', url, secret })
  const read = await call('GET', `${base}/ops`)
  const changed = await call('PUT', `${base}/ops`, { url })
  for (const { body } of [created, read, changed]) {
    expect(body.signed).toBe(true)
    expect(JSON.stringify(body)).not.toContain('whsec_')
  }
  expect((await getReceiver(database.pool, 'webhook-ops', testSecrets))?.config.secret).toBe(secret)
  expect((await call('PUT', `${base}/ops`, { secret: null })).body.signed).toBe(false)
})

test('a secret that is made here is told once', async () => {
  const created = await call('POST', base, { name: 'ops', url, secret: true })
  expect(created.body.secret).toMatch(/^whsec_/)
  expect((await getReceiver(database.pool, 'webhook-ops', testSecrets))?.config.secret).toBe(created.body.secret)
  expect((await call('GET', `${base}/ops`)).body).not.toHaveProperty('secret')
})

test('each change leaves an audit event that names the fields and holds no value of them; what is refused leaves none', async () => {
  await database.pool.query('delete from audit_events')
  await call('POST', base, { name: 'ops', url, secret })
  await call('POST', base, { name: 'ops', url })
  await call('PUT', `${base}/ops`, { url, secret: null, name: 'duty', custom_headers: '{"Authorization": "Bearer x"}' })
  await call('PUT', `${base}/ops`, { url })
  await call('DELETE', `${base}/duty`)
  await call('DELETE', `${base}/duty`)
  const { rows } = await database.pool.query('select actor, action, monitor_id, detail from audit_events order by id')
  expect(rows).toEqual([
    { actor: 'default', action: 'webhook.created', monitor_id: null, detail: { name: 'ops' } },
    {
      actor: 'default',
      action: 'webhook.updated',
      monitor_id: null,
      detail: { name: 'ops', changed: ['name', 'custom_headers', 'secret'] },
    },
    { actor: 'default', action: 'webhook.deleted', monitor_id: null, detail: { name: 'duty' } },
  ])
})

test('of many changes at once each keeps what the others wrote', async () => {
  await call('POST', base, { name: 'ops', url })
  const changes = [{ url: 'http://127.0.0.1:9/x' }, { encode_as: 'form' }, { custom_headers: '{"X": "1"}' }, { secret }]
  await Promise.all(changes.map((change) => call('PUT', `${base}/ops`, change)))
  expect((await call('GET', `${base}/ops`)).body).toMatchObject({
    url: 'http://127.0.0.1:9/x',
    encode_as: 'form',
    custom_headers: '{"X": "1"}',
    signed: true,
  })
})

test('a renamed webhook is found under its new name only, and a taken name is refused', async () => {
  await call('POST', base, { name: 'a', url })
  await call('POST', base, { name: 'b', url })
  expect((await call('PUT', `${base}/a`, { name: 'b' })).status).toBe(400)
  expect((await call('PUT', `${base}/a`, { name: 'c' })).body.name).toBe('c')
  expect((await call('GET', `${base}/a`)).status).toBe(404)
  expect((await call('GET', `${base}/c`)).status).toBe(200)
  const again = await call('POST', base, { name: 'c', url: 'https://example.com/other' })
  expect(again).toEqual({ status: 400, body: { errors: ['name: a webhook c exists already: change it by PUT, or take another name'] } })
  expect((await call('GET', `${base}/c`)).body.url).toBe(url)
})

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['no body', undefined, /^name: /],
  ['a list', [], /./],
  ['no url', { name: 'x' }, /^url: /],
  ['no name', { url }, /^name: /],
  ['an empty name', { name: '', url }, /^name: /],
  ['a name with a slash', { name: 'a/b', url }, /^name: expected letters, digits/],
  ['a long name', { name: 'a'.repeat(101), url }, /^name: /],
  ['an unknown field', { name: 'x', url, colour: 1 }, /unknown field 'colour'/],
  ['an address without a scheme', { name: 'x', url: 'example.com' }, /^url: expected an address/],
  ['an address of another scheme', { name: 'x', url: 'ftp://example.com' }, /^url: expected an address with http or https/],
  ['an address with a password', { name: 'x', url: 'https://a:b@example.com' }, /^url: a user and a password belong into custom_headers/],
  ['a long address', { name: 'x', url: `https://example.com/${'a'.repeat(2_048)}` }, /^url: /],
  ['a payload that is no JSON', { name: 'x', url, payload: '{"text": $EVENT_TITLE}}' }, /^payload: expected JSON/],
  ['a payload with a variable behind a backslash', { name: 'x', url, payload: '{"text": "\\$ID"}' }, /^payload: expected JSON/],
  ['a payload with a variable for a key', { name: 'x', url, payload: '{$ID: 1}' }, /^payload: expected JSON/],
  ['a payload that is no text', { name: 'x', url, payload: { text: 'x' } }, /^payload: expected a text/],
  ['a long payload', { name: 'x', url, payload: `"${'x'.repeat(33_000)}"` }, /^payload: /],
  ['a list as a form', { name: 'x', url, payload: '[]', encode_as: 'form' }, /^payload: as a form, a payload is a JSON object/],
  ['an address that a message decides', { name: 'x', url: 'https://$HOSTNAME/x' }, /^url: \$HOSTNAME is about a message/],
  ['another encoding', { name: 'x', url, encode_as: 'xml' }, /^encode_as: expected json or form/],
  ['headers that are no JSON', { name: 'x', url, custom_headers: 'X: y' }, /^custom_headers: expected a JSON object/],
  ['headers as an object', { name: 'x', url, custom_headers: { a: 'b' } }, /^custom_headers: expected a text/],
  ['headers with numbers', { name: 'x', url, custom_headers: '{"a": 1}' }, /^custom_headers: expected a JSON object/],
  ['a header that is no name', { name: 'x', url, custom_headers: '{"a b": "1"}' }, /"a b" is not the name of a header/],
  ['a header over two lines', { name: 'x', url, custom_headers: '{"a": "1\\r\\nb: 2"}' }, /the value of the header a/],
  ['a header of the sender', { name: 'x', url, custom_headers: '{"Webhook-Id": "1"}' }, /the header Webhook-Id is set by the sender/],
  ['a header of the connection', { name: 'x', url, custom_headers: '{"Transfer-Encoding": "chunked"}' }, /is set by the sender/],
  ['a short secret', { name: 'x', url, secret: 'whsec_AAAA' }, /^secret: /],
  ['a secret of another form', { name: 'x', url, secret: 'hunter2' }, /^secret: /],
  ['a secret that is false', { name: 'x', url, secret: false }, /^secret: /],
]

test.each(refused)('%s is refused, and nothing is stored', async (_what, body, error) => {
  const answer = await call('POST', base, body)
  expect(answer.status).toBe(400)
  expect(answer.body.errors).toEqual(expect.arrayContaining([expect.stringMatching(error)]))
  expect((await database.pool.query('select 1 from receivers')).rows).toEqual([])
})

test.each(['GET', 'PUT', 'DELETE'])('%s of what is not there is 404', async (method) => {
  for (const name of ['none', 'a%00b', '%F0%9F%98%80', '..%2Fx', 'a'.repeat(5_000)]) {
    const answer = await call(method, `${base}/${name}`, method === 'PUT' ? {} : undefined)
    expect(answer).toEqual({ status: 404, body: { errors: ['Webhook not found'] } })
  }
})

test('no body brings a 500, and what is refused is not stored', async () => {
  const field = fc.oneof(
    fc.constantFrom<unknown>(url, secret, true, null, 'json', 'x', '{}', '{"a":"b"}', '', '{"a": "$ID"}', '$X', '[$ID]'),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const body = fc.record(
    { name: field, url: field, payload: field, custom_headers: field, encode_as: field, secret: field },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(body, fc.jsonValue({ maxDepth: 3 })), async (sent) => {
      await database.pool.query('delete from receivers')
      const { status } = await call('POST', base, sent)
      const { rows } = await database.pool.query('select 1 from receivers')
      expect(status).toBe(rows.length === 1 ? 201 : 400)
    }),
    { numRuns: 150 },
  )
})

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address
}
