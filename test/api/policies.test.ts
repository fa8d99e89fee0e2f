/** Tag policies: written, read, and enforced on whoever writes a monitor. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Api, type Json, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
afterEach(() => api.pool.query('delete from monitor_policies'))

const path = '/api/v2/monitor/policy'
const monitor = { type: 'query alert', name: 'CPU', query: 'avg(last_5m):avg:system.cpu{*} > 4', message: 'x' }

function body(policy: object, more: object = {}): object {
  return { data: { type: 'monitor-config-policy', attributes: { policy_type: 'tag', policy }, ...more } }
}

async function policy(tag_key: string, tag_key_required: boolean, valid_tag_values: string[]): Promise<Json> {
  const answer = await api.send('POST', path, body({ tag_key, tag_key_required, valid_tag_values }))
  expect(answer.status, answer.text).toBe(200)
  return answer.body.data
}

test.each([
  ['a required key is missing', ['env:prod'], ['Missing required tag key(s): team, tier']],
  ['a value is none of those that may be', ['team:core', 'tier:9'], ['Invalid value(s) for tag key tier: 9: expected 1, 2']],
  ['all is as it must be, whatever the case', ['Team:x', 'tier:1'], null],
  ['any value will do where * may be', ['team:anything at all', 'tier:2'], null],
])('%s', async (_, tags, errors) => {
  await policy('team', true, ['*'])
  await policy('tier', true, ['1', '2'])
  await policy('colour', false, ['red'])
  for (const [method, where] of [
    ['POST', '/api/v1/monitor/validate'],
    ['POST', '/api/v1/monitor'],
  ] as const) {
    const answer = await api.send(method, where, { ...monitor, tags })
    expect(answer.status, answer.text).toBe(errors === null ? 200 : 400)
    if (errors !== null) expect(answer.body).toEqual({ errors })
  }
})

test('a monitor that is older than a policy can be muted, and must follow it when it is edited', async () => {
  const { id } = (await api.send('POST', '/api/v1/monitor', monitor)).body
  await policy('team', true, [])
  expect((await api.send('POST', `/api/v1/monitor/${id}/mute`)).status).toBe(200)
  const edited = await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'other' })
  expect(edited).toMatchObject({ status: 400, body: { errors: ['Missing required tag key(s): team'] } })
  expect((await api.send('POST', `/api/v1/monitor/${id}/validate`, { name: 'other' })).status).toBe(400)
  expect((await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'other', tags: ['team:core'] })).status).toBe(200)
})

test('what is left out of a change stays; an empty id in the body is none', async () => {
  const { id } = await policy('team', true, ['core'])
  const changed = await api.send('PATCH', `${path}/${id}`, body({ tag_key_required: false }, { id: '' }))
  const expected = { tag_key: 'team', tag_key_required: false, valid_tag_values: ['core'] }
  expect(changed.body.data).toMatchObject({ id, attributes: { policy: expected } })
  expect((await api.send('GET', `${path}/${id}`)).body.data.attributes.policy).toEqual(expected)
})

test('there is one policy for a key', async () => {
  await policy('team', true, [])
  const { id } = await policy('tier', true, [])
  expect((await api.send('POST', path, body({ tag_key: 'TEAM', tag_key_required: true, valid_tag_values: [] }))).status).toBe(400)
  expect((await api.send('PATCH', `${path}/${id}`, body({ tag_key: 'team' }))).status).toBe(400)
})

test.each([
  ['another kind of policy', { data: { type: 'monitor-config-policy', attributes: { policy_type: 'downtime', policy: {} } } }],
  ['a key with a colon', body({ tag_key: 'a:b', tag_key_required: true, valid_tag_values: [] })],
  ['no key', body({ tag_key_required: true, valid_tag_values: [] })],
  ['a surprise', body({ tag_key: 'a', tag_key_required: true, valid_tag_values: [], surprise: 1 })],
])('%s is refused', async (_, wrong) => {
  const answer = await api.send('POST', path, wrong)
  expect(answer.status, answer.text).toBe(400)
  expect((await api.send('GET', path)).body).toEqual({ data: [] })
})

test('what there isn’t is 404', async () => {
  for (const id of ['7a176ba6-a270-11ed-875a-da7ad0900002', 'nonsense']) {
    for (const method of ['GET', 'DELETE', 'PATCH'] as const) {
      const answer = await api.send(method, `${path}/${id}`, method === 'PATCH' ? body({}) : undefined)
      expect(answer, method).toMatchObject({ status: 404, body: { errors: ['Policy not found'] } })
    }
  }
})
