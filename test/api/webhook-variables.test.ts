import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findReceivers } from '../../adapters/postgres/queries/receivers.ts'
import { testSecrets } from '../support/secrets.ts'
import { type Api, startApi } from './harness.ts'

const root = '/api/v1/integration/webhooks/configuration'
const base = `${root}/custom-variables`

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(() => api.pool.query('truncate receivers, audit_events, webhook_variables'))

test('a variable is created, read, changed and deleted, with an audit event for each', async () => {
  const variable = { name: 'TEAM', value: 'core', is_secret: false }
  expect(await api.send('POST', base, variable)).toMatchObject({ status: 201, body: variable })
  expect((await api.send('GET', `${base}/TEAM`)).body).toEqual(variable)
  expect((await api.send('PUT', `${base}/TEAM`, { value: 'other' })).body).toEqual({ ...variable, value: 'other' })
  expect((await api.send('PUT', `${base}/TEAM`, { name: 'CREW' })).body).toEqual({ name: 'CREW', value: 'other', is_secret: false })
  expect((await api.send('GET', `${base}/TEAM`)).status).toBe(404)
  expect((await api.send('DELETE', `${base}/CREW`)).status).toBe(200)
  expect((await api.send('DELETE', `${base}/CREW`)).status).toBe(404)
  const { rows } = await api.pool.query('select action from audit_events order by id')
  expect(rows.map(({ action }) => action)).toEqual([
    'webhook-variable.created',
    'webhook-variable.updated',
    'webhook-variable.updated',
    'webhook-variable.deleted',
  ])
})

test('a secret value goes in, is sealed, and comes out to what delivers alone', async () => {
  const answers = [
    await api.send('POST', base, { name: 'KEY', value: 'hunter2', is_secret: true }),
    await api.send('GET', `${base}/KEY`),
    await api.send('PUT', `${base}/KEY`, { name: 'TOKEN' }),
    await api.send('PUT', `${base}/TOKEN`, { is_secret: false }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 400])
  expect(answers.slice(0, 3).map(({ body }) => body)).toEqual([
    { name: 'KEY', is_secret: true },
    { name: 'KEY', is_secret: true },
    { name: 'TOKEN', is_secret: true },
  ])
  await api.send('POST', `${root}/webhooks`, { name: 'ops', url: 'https://example.com/$TOKEN', payload: '["$TEAM"]' })
  const [receiver] = await findReceivers(api.pool, ['webhook-ops'], testSecrets)
  expect(receiver?.config.variables).toEqual({ TOKEN: 'hunter2' })
  const [unreadable] = await findReceivers(api.pool, ['webhook-ops'], null)
  expect(unreadable?.config).toEqual({ unreadable: expect.stringContaining('TOCSIN_SECRET_KEY') })
  const { rows } = await api.pool.query('select v.*, a.detail from webhook_variables v, audit_events a')
  expect(JSON.stringify([rows, api.events, await api.send('GET', '/api/v2/receivers')])).not.toContain('hunter2')
  expect((await api.send('PUT', `${base}/TOKEN`, { is_secret: false, value: 'open' })).body.value).toBe('open')
})

test.each<readonly [string, unknown, RegExp]>([
  ['no name', { value: 'x' }, /^name: /],
  ['no value', { name: 'A' }, /^value: /],
  ['small letters', { name: 'team', value: 'x' }, /^name: expected capital letters/],
  ['a built-in name', { name: 'EVENT_TITLE', value: 'x' }, /^name: this name is built in/],
  ['a built-in family', { name: 'INCIDENT_X', value: 'x' }, /^name: this name is built in/],
  ['half a character', { name: 'A', value: '\ud800' }, /^value: /],
  ['a long value', { name: 'A', value: 'x'.repeat(8_193) }, /^value: /],
  ['an unknown field', { name: 'A', value: 'x', colour: 1 }, /unknown field 'colour'/],
])('%s is refused, and nothing is stored', async (_what, body, sentence) => {
  const { status, body: answered } = await api.send('POST', base, body)
  expect({ status, error: answered.errors[0] }).toEqual({ status: 400, error: expect.stringMatching(sentence) })
  expect((await api.pool.query('select name from webhook_variables')).rows).toEqual([])
})

test('a name is given once', async () => {
  await api.send('POST', base, { name: 'A', value: '1' })
  await api.send('POST', base, { name: 'B', value: '2' })
  expect((await api.send('POST', base, { name: 'A', value: '3' })).status).toBe(400)
  expect((await api.send('PUT', `${base}/B`, { name: 'A' })).status).toBe(400)
  const renames = await Promise.all(['A', 'B'].map((name) => api.send('PUT', `${base}/${name}`, { name: 'C' })))
  expect(renames.map(({ status }) => status).sort()).toEqual([200, 400])
  expect((await api.send('GET', `${base}/%00`)).status).toBe(404)
})

test('without a key a secret is refused', async () => {
  const keyless = await startApi({ secrets: null })
  try {
    const answered = await keyless.send('POST', base, { name: 'A', value: 'x', is_secret: true })
    expect(answered).toMatchObject({ status: 400, body: { errors: [expect.stringContaining('TOCSIN_SECRET_KEY')] } })
    expect((await keyless.send('POST', base, { name: 'A', value: 'x' })).status).toBe(201)
  } finally {
    await keyless.close()
  }
})
