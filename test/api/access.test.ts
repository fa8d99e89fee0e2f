/** What clients look up on the way to monitors: keys, roles, users, restrictions; and questions about several monitors. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, keys, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const monitor = { type: 'query alert', name: 'CPU', query: 'avg(last_5m):avg:system.cpu{*} by {host} > 4', message: 'x' }
const newId = async (more: object = {}): Promise<number> => (await api.send('POST', '/api/v1/monitor', { ...monitor, ...more })).body.id

test('keys are told to be right', async () => {
  const apiKey = { 'dd-api-key': keys.apiKey }
  expect((await api.send('GET', '/api/v1/validate', undefined, apiKey)).body).toEqual({ valid: true })
  const second = await api.send('GET', '/api/v2/validate', undefined, apiKey)
  expect(second.body).toMatchObject({ data: { type: 'validate_v2', attributes: { valid: true, api_key_scopes: [] } } })
  expect((await api.send('GET', '/api/v2/validate_keys')).body).toEqual({ status: 'ok' })
  expect((await api.send('GET', '/api/v2/validate_keys', undefined, apiKey)).status).toBe(401)
  expect((await api.send('GET', '/api/v2/validate', undefined, { 'dd-api-key': keys.appKey })).status).toBe(403)
})

test('roles are the same everywhere', async () => {
  const { body } = await api.send('GET', '/api/v2/roles?page[size]=100')
  expect(body.data.map(({ attributes }: { attributes: { name: string } }) => attributes.name)).toEqual([
    'Datadog Admin Role',
    'Datadog Read Only Role',
    'Datadog Standard Role',
  ])
  expect(body.meta).toEqual({ page: { total_count: 3, total_filtered_count: 3 } })
  const [admin] = (await api.send('GET', '/api/v2/roles?filter=admin')).body.data
  expect((await api.send('GET', `/api/v2/roles/${admin.id}`)).body.data).toEqual(admin)
  expect((await api.send('GET', '/api/v2/roles/7a176ba6-a270-11ed-875a-da7ad0900002')).status).toBe(404)
})

test('the current user is the owner of the application key', async () => {
  const { body } = await api.send('GET', '/api/v2/current_user')
  expect(body.data).toMatchObject({ type: 'users', attributes: { name: 'default', status: 'Active' } })
  expect((await api.send('GET', `/api/v2/users/${body.data.id}`)).body.data).toEqual(body.data)
  expect((await api.send('GET', '/api/v2/users?filter=DEF')).body.data).toEqual([body.data])
  expect((await api.send('GET', '/api/v2/users?filter=nobody')).body.data).toEqual([])
})

test('a restriction policy is the roles of a monitor, and no new version of it', async () => {
  const id = await newId()
  const path = `/api/v2/restriction_policy/monitor:${id}`
  expect((await api.send('GET', path)).body.data.attributes).toEqual({ bindings: [] })
  const bindings = [{ relation: 'editor', principals: ['role:abc', 'user:def'] }]
  const data = { id: '', type: 'restriction_policy', attributes: { bindings } }
  const before = (await api.send('GET', `/api/v1/monitor/${id}`)).body
  expect((await api.send('POST', path, { data })).body.data).toEqual({
    id: `monitor:${id}`,
    type: 'restriction_policy',
    attributes: { bindings },
  })
  const after = (await api.send('GET', `/api/v1/monitor/${id}`)).body
  expect(after).toEqual({ ...before, restricted_roles: ['abc'] })
  expect((await api.send('GET', path)).body.data.attributes).toEqual({ bindings })
  await api.send('PUT', `/api/v1/monitor/${id}`, { restricted_roles: ['xyz'] })
  expect((await api.send('GET', path)).body.data.attributes).toEqual({ bindings: [{ relation: 'editor', principals: ['role:xyz'] }] })
  expect((await api.send('DELETE', path)).status).toBe(204)
  expect((await api.send('GET', `/api/v1/monitor/${id}`)).body.restricted_roles).toBeNull()
  expect((await api.send('GET', '/api/v2/restriction_policy/dashboard:1')).status).toBe(400)
  expect((await api.send('GET', '/api/v2/restriction_policy/monitor:999999')).status).toBe(404)
})

test('a monitor that a composite is made of can’t be deleted', async () => {
  const [used, free] = [await newId({ name: 'used' }), await newId({ name: 'free' })]
  const composite = await newId({ type: 'composite', name: 'both', query: `${used} && !${used}` })
  expect(await api.send('GET', `/api/v1/monitor/can_delete?monitor_ids=${free}`)).toMatchObject({
    status: 200,
    body: { data: { ok: [free] } },
    text: `{"data":{"ok":[${free}]}}`,
  })
  const sentence = `monitor [${used},used] is referenced in composite monitors: [${composite},both]`
  expect(await api.send('GET', `/api/v1/monitor/can_delete?monitor_ids=${free},${used},999999`)).toMatchObject({
    status: 409,
    body: { data: { ok: [free] }, errors: { [used]: [sentence], 999999: ['Monitor not found'] } },
  })
  expect(await api.send('DELETE', `/api/v1/monitor/${used}`)).toMatchObject({ status: 400, body: { errors: [sentence] } })
  expect((await api.send('DELETE', `/api/v1/monitor/${used}?force`)).status).toBe(200)
  for (const query of ['', '?monitor_ids=', '?monitor_ids=a']) {
    expect((await api.send('GET', `/api/v1/monitor/can_delete${query}`)).status).toBe(400)
  }
})

test('groups of several monitors are resolved at once', async () => {
  const [one, other] = [await newId(), await newId()]
  const resolve = [{ [one]: 'host:a' }, { [one]: 'host:b' }, { [other]: 'ALL_GROUPS' }]
  const answer = await api.send('POST', '/api/v1/monitor/bulk_resolve', { resolve })
  expect(answer).toMatchObject({ status: 200, body: [{ id: one }, { id: other }] })
  const { body } = await api.send('GET', `/api/v2/monitor/${one}/audit?limit=1`)
  expect(body.audit[0]).toMatchObject({ action: 'monitor.resolved', detail: { groups: ['host:a', 'host:b'], outcome: 'done' } })
  expect((await api.send('POST', '/api/v1/monitor/bulk_resolve', { resolve: [{ 999999: 'x' }] })).status).toBe(404)
  expect((await api.send('POST', '/api/v1/monitor/bulk_resolve', { resolve: [{ x: 'x' }] })).status).toBe(400)
})

test('a mute may be asked for in the address', async () => {
  const id = await newId()
  const end = Math.floor(Date.now() / 1_000) + 3_600
  const muted = await api.send('POST', `/api/v1/monitor/${id}/mute?scope=host:a&end=${end}`)
  expect(muted.body.options.silenced).toEqual({ 'host:a': end })
  const unmuted = await api.send('POST', `/api/v1/monitor/${id}/unmute?all_scopes=true`)
  expect(unmuted.body.options.silenced).toEqual({})
})

test('a downtime of a monitor is shown as a mute, and sent back it becomes none', async () => {
  const id = await newId()
  const end = Math.floor(Date.now() / 1_000) + 3_600
  await api.send('POST', '/api/v1/downtime', { monitor_id: id, scope: ['host:a'], end })
  const { body } = await api.send('GET', `/api/v1/monitor/${id}`)
  expect(body.options.silenced).toEqual({ 'host:a': end })
  const silenced = { ...body.options.silenced, 'host:b': null }
  await api.send('PUT', `/api/v1/monitor/${id}`, { ...body, options: { ...body.options, silenced } })
  const { rows } = await api.pool.query("select options -> 'silenced' as silenced from monitors where id = $1", [id])
  expect(rows).toEqual([{ silenced: { 'host:b': null } }])
})
