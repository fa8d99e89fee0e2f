/** What isn't OK now, over all monitors: what asks for people first comes first, with who is on it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
const ids: Record<string, number> = {}
beforeAll(async () => {
  api = await startApi()
  const definition = { type: 'query alert', query: 'avg(last_5m):avg:a{*} by {host} > 4', message: 'x' }
  for (const [name, priority] of [
    ['Low', 4],
    ['High', 1],
    ['Gone', 2],
  ] as const) {
    ids[name] = (await api.send('POST', '/api/v1/monitor', { ...definition, name, priority, tags: ['team:shop'] })).body.id
  }
  await put('Low', 'host:a', 'Alert', { since: 1_000, value: 7, acknowledged: { by: 'ann', at: 2_000, until: null, note: 'on it' } })
  await put('Low', 'host:b', 'OK', {})
  await put('High', 'host:c', 'Warn', { acknowledged: { by: 'bob', at: 0, until: 1, note: null } })
  await put('High', 'host:d', 'Alert', { since: 5_000 })
  await put('High', 'host:e', 'No Data', {})
  await put('Gone', 'host:f', 'Alert', {})
  await api.send('DELETE', `/api/v1/monitor/${ids.Gone}`)
})
afterAll(() => api.close())

const state = { since: null, value: null, missingSince: null, firstTriggeredAt: null, lastTriggeredAt: null, told: true, held: false }

async function put(name: string, group: string, status: string, more: object): Promise<void> {
  await api.pool.query(`insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, $2, $3, 0, $4)`, [
    ids[name],
    group,
    status,
    JSON.stringify({ ...state, status, ...more }),
  ])
}

const groupsOf = async (search = ''): Promise<string[]> =>
  (await api.send('GET', `/api/v2/firing${search}`)).body.groups.map(({ group }: { group: string }) => group)

test('alerts come before warnings, and among them what has the higher priority; deleted monitors fire no more', async () => {
  const { body } = await api.send('GET', '/api/v2/firing')
  expect(body.total).toBe(3)
  expect(body.groups.map(({ group }: { group: string }) => group)).toEqual(['host:d', 'host:a', 'host:c'])
  expect(body.groups[1]).toMatchObject({
    monitor_name: 'Low',
    tags: ['team:shop'],
    priority: 4,
    value: 7,
    since: '1970-01-01T00:00:01.000Z',
  })
})

test('who is on it is said, until it is over', async () => {
  const { body } = await api.send('GET', '/api/v2/firing')
  const acknowledged = body.groups.map((group: { acknowledged: { by: string } | null }) => group.acknowledged?.by ?? null)
  expect(acknowledged).toEqual([null, 'ann', null])
})

test.each([
  ['?status=alert', ['host:d', 'host:a']],
  ['?status=no%20data', ['host:e']],
  ['?status=all', ['host:d', 'host:a', 'host:c', 'host:e', 'host:b']],
  ['?limit=1', ['host:d']],
])('%s are %j', async (search, groups) => {
  expect(await groupsOf(search)).toEqual(groups)
})

test('what is left out is counted', async () => {
  expect((await api.send('GET', '/api/v2/firing?limit=1')).body.total).toBe(3)
})

test.each(['?status=nonsense', '?limit=0', '?limit=x'])('%s is refused', async (search) => {
  expect((await api.send('GET', `/api/v2/firing${search}`)).status).toBe(400)
})
