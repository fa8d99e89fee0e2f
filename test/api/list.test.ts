import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
const ids: number[] = []
beforeAll(async () => {
  api = await startApi()
  for (const [name, scope, tags] of [
    ['CPU of web', 'env:prod,host:web-1', ['team:core', 'p:1']],
    ['cpu of db', 'env:prod', ['team:core']],
    ['50% load', 'env:prod-2', ['team:other']],
    ['Memory', '*', []],
  ] as const) {
    const query = `avg(last_5m):avg:system.cpu{${scope}} > 4`
    const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name, query, message: 'x', tags })
    ids.push(body.id)
  }
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'gone', query: 'avg(last_5m):avg:x{*} > 4' })
  await api.send('DELETE', `/api/v1/monitor/${body.id}`)
})
afterAll(() => api.close())

test.each([
  ['', [0, 1, 2, 3]],
  ['name=cpu', [0, 1]],
  ['name=50%25', [2]],
  ['name=_', []],
  ['monitor_tags=team:core', [0, 1]],
  ['monitor_tags=team:core,p:1', [0]],
  ['tags=env:prod', [0, 1]],
  ['tags=env:prod,host:web-1', [0]],
  ['tags=env:pro', []],
  ['tags=env:.*', []],
  ['tags=(', []],
  ['page=0&page_size=2', [0, 1]],
  ['page=1&page_size=2', [2, 3]],
  ['page=9&page_size=2', []],
  ['page_size=3', [0, 1, 2]],
  ['name=cpu&page=0&page_size=1', [0]],
  ['unknown=x', [0, 1, 2, 3]],
])('GET /api/v1/monitor?%s', async (query, expected) => {
  const { status, body } = await api.send('GET', `/api/v1/monitor?${query}`)
  expect(status).toBe(200)
  expect(body.map((monitor: { id: number }) => ids.indexOf(monitor.id))).toEqual(expected)
})

test('id_offset goes on after an id', async () => {
  const { body } = await api.send('GET', `/api/v1/monitor?id_offset=${ids[1]}&page_size=1`)
  expect(body).toMatchObject([{ id: ids[2], matching_downtimes: [] }])
})

test('parts come on request only', async () => {
  const [plain] = (await api.send('GET', '/api/v1/monitor')).body
  expect(plain).not.toHaveProperty('assets')
  const { body } = await api.send('GET', `/api/v1/monitor/${ids[0]}?with_assets=true&with_downtimes=true&with_restricted_roles=false`)
  expect(body).toMatchObject({ assets: [], matching_downtimes: [] })
  expect(body).not.toHaveProperty('restricted_roles')
})

test.each([
  'page=-1',
  'page=x',
  'page=1.5',
  'page_size=0',
  'page_size=1001',
  'page=99999999999999999999',
  'page=1&page=2',
  'name=%00',
  'with_assets=maybe',
])('%s is refused', async (query) => {
  const answer = await api.send('GET', `/api/v1/monitor?${query}`)
  expect(answer.status, answer.text).toBe(400)
})
