/** Policies of tags and of downtimes: written, read, and enforced on whoever writes a monitor or a downtime. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Api, type Json, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
afterEach(() => api.pool.query('delete from monitor_policies; delete from downtime_policies'))

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
  ['a policy of neither kind', { data: { type: 'monitor-config-policy', attributes: { policy_type: 'query', policy: {} } } }],
  [
    'a policy of downtimes without its bound',
    { data: { type: 'monitor-config-policy', attributes: { policy_type: 'downtime', policy: {} } } },
  ],
  ['a key with a colon', body({ tag_key: 'a:b', tag_key_required: true, valid_tag_values: [] })],
  ['no key', body({ tag_key_required: true, valid_tag_values: [] })],
  ['a surprise', body({ tag_key: 'a', tag_key_required: true, valid_tag_values: [], surprise: 1 })],
])('%s is refused', async (_, wrong) => {
  const answer = await api.send('POST', path, wrong)
  expect(answer.status, answer.text).toBe(400)
  expect((await api.send('GET', path)).body).toEqual({ data: [] })
})

const hourMs = 3_600_000
const bound = (max: unknown, more: object = {}): object => ({
  data: { type: 'monitor-config-policy', attributes: { policy_type: 'downtime', policy: { max_duration_ms: max } }, ...more },
})
const all = { scope: '*', monitor_identifier: { monitor_tags: ['*'] } }
const hourly = { start: '2050-01-01T00:00', rrule: 'FREQ=DAILY' }
const lasting = 'a policy lets downtimes last 2h at most, and this one'

test.each([
  ['as long as it may be', { schedule: { start: '2050-01-01T00:00:00Z', end: '2050-01-01T02:00:00Z' } }, null],
  ['a second longer', { schedule: { start: '2050-01-01T00:00:00Z', end: '2050-01-01T02:00:01Z' } }, [`end: ${lasting} would last 7201s`]],
  ['without an end', {}, [`end: ${lasting} would have no end`]],
  ['again and again, each time as long as it may be', { schedule: { recurrences: [{ ...hourly, duration: '2h' }] } }, null],
  [
    'again and again, of which one is longer',
    {
      schedule: {
        recurrences: [
          { ...hourly, duration: '1h' },
          { ...hourly, duration: '1d' },
        ],
      },
    },
    [`duration: ${lasting} comes for 1d`],
  ],
])('with a policy of two hours a downtime %s', async (_, more, errors) => {
  expect((await api.send('POST', path, bound(2 * hourMs))).status).toBe(200)
  const { rows: before } = await api.pool.query('select count(*) from downtimes')
  const answer = await api.send('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes: { ...all, ...more } } })
  expect(answer.status, answer.text).toBe(errors === null ? 200 : 400)
  if (errors === null) return
  expect(answer.body).toEqual({ errors })
  expect((await api.pool.query('select count(*) from downtimes')).rows).toEqual(before)
})

test('a downtime that is older than a policy stays, can be canceled, and must follow it when it is changed; so must version 1', async () => {
  const { id } = (await api.send('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes: all } })).body.data
  await api.send('POST', path, bound(2 * hourMs))
  const change = { data: { type: 'downtime', id, attributes: { message: 'x' } } }
  const refused = { status: 400, body: { errors: [`end: ${lasting} would have no end`] } }
  expect(await api.send('PATCH', `/api/v2/downtime/${id}`, change)).toMatchObject(refused)
  expect(await api.send('POST', '/api/v1/downtime', { scope: ['*'] })).toMatchObject(refused)
  expect((await api.send('GET', `/api/v2/downtime/${id}`)).body.data.attributes.status).toBe('active')
  expect((await api.send('DELETE', `/api/v2/downtime/${id}`)).status).toBe(204)
})

test('there is one policy of downtimes; it is read, changed and deleted as others are, and stays about downtimes', async () => {
  const { id: tags } = await policy('team', true, [])
  const made = await api.send('POST', path, bound(hourMs))
  const { id } = made.body.data
  const data = { type: 'monitor-config-policy', id, attributes: { policy_type: 'downtime', policy: { max_duration_ms: hourMs } } }
  expect(made).toMatchObject({ status: 200, body: { data } })
  expect((await api.send('GET', `${path}/${id}`)).body).toEqual({ data })
  expect((await api.send('GET', path)).body.data.map((one: Json) => one.id)).toEqual([tags, id])
  expect(await api.send('POST', path, bound(hourMs))).toMatchObject({
    status: 400,
    body: { errors: ['data.attributes.policy_type: there is a policy of downtimes already: change that one'] },
  })
  const longer = await api.send('PATCH', `${path}/${id}`, bound(2 * hourMs, { id: '' }))
  expect(longer.body.data.attributes.policy).toEqual({ max_duration_ms: 2 * hourMs })
  const other = await api.send('PATCH', `${path}/${id}`, body({ tag_key: 'x' }))
  expect(other.body.errors).toEqual(['data.attributes.policy_type: this policy is of the type downtime, and stays so: create another one'])
  expect((await api.send('PATCH', `${path}/${tags}`, bound(hourMs))).body.errors[0]).toContain('of the type tag')
  for (const wrong of [0, -1, 1.5, '3600000', null, 1e18]) expect((await api.send('PATCH', `${path}/${id}`, bound(wrong))).status).toBe(400)
  expect((await api.send('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await api.send('GET', `${path}/${id}`)).status).toBe(404)
})

test('what there isn’t is 404', async () => {
  for (const id of ['7a176ba6-a270-11ed-875a-da7ad0900002', 'nonsense']) {
    for (const method of ['GET', 'DELETE', 'PATCH'] as const) {
      const answer = await api.send(method, `${path}/${id}`, method === 'PATCH' ? body({}) : undefined)
      expect(answer, method).toMatchObject({ status: 404, body: { errors: ['Policy not found'] } })
    }
  }
})
