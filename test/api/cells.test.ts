import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { places } from '../../adapters/postgres/queries/cells.ts'
import { savePulse } from '../../adapters/postgres/queries/engine.ts'
import { cellOf } from '../../core/schedule/cells.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
const away = new Set<string>()
const followed: string[] = []
beforeAll(async () => {
  api = await startApi({
    cells: {
      all: [
        { name: 'default', shards: 2 },
        { name: 'west', shards: 1 },
      ],
      answers: async (name) => !away.has(name),
      follow: async ({ monitorId }, from, to) => {
        followed.push(`${monitorId} ${from}→${to}`)
        return !away.has(from)
      },
    },
  })
})
afterAll(() => api.close())
beforeEach(async () => {
  away.clear()
  followed.length = 0
  await api.pool.query('update monitors set deleted_at = now(), stopped_at = now()')
})

const definition = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} > 4', message: 'x' }
const create = async (cell: string): Promise<number> => {
  const { body } = await api.send('POST', '/api/v1/monitor', definition)
  await api.pool.query('update monitors set cell = $2 where id = $1', [body.id, cell])
  return body.id
}
const move = (body: object) => api.send('POST', '/api/v2/cells/move', body)
const livesIn = (id: number) => places(api.pool).cellOf(id)

test('a new monitor is given to a cell, and stays there', async () => {
  const cells = new Set<string | null>()
  for (let count = 0; count < 12; count += 1) {
    const { body } = await api.send('POST', '/api/v1/monitor', definition)
    expect(await livesIn(body.id)).toBe(cellOf(String(body.id), ['default', 'west']))
    cells.add(await livesIn(body.id))
  }
  expect(cells).toEqual(new Set(['default', 'west']))
})

test('cells are listed with what lives in them, what nobody serves, and those that are not configured', async () => {
  for (const cell of ['default', 'default', 'gone']) await create(cell)
  const pulse = { startedAt: new Date(), stretchLevel: 0, evaluationsPerSecond: 1, lagP50: 1, lagP99: 1, lagP1P99: null }
  await savePulse(api.pool, { ...pulse, worker: 'a:1', shards: [1], serves: ['default/1'] })
  const { body } = await api.send('GET', '/api/v2/cells')
  expect(body.data).toEqual([
    { name: 'default', configured: true, shards: 2, unserved_shards: [0], monitors: 2 },
    { name: 'west', configured: true, shards: 1, unserved_shards: [0], monitors: 0 },
    { name: 'gone', configured: false, shards: 0, unserved_shards: [], monitors: 1 },
  ])
})

test('monitors are moved by their ids, once, and it is audited', async () => {
  const [id, there] = [await create('default'), await create('west')]
  expect((await move({ to: 'west', monitor_ids: [id, there] })).body).toEqual({ moved: [id], waiting: [], left: 0 })
  expect(followed).toEqual([`${id} default→west`])
  expect(await livesIn(id)).toBe('west')
  expect((await move({ to: 'west', monitor_ids: [id] })).body.moved).toEqual([])
  const { body } = await api.send('GET', `/api/v2/monitor/${id}/audit`)
  expect(body.audit[0]).toMatchObject({ action: 'monitor.moved', detail: { from: 'default', to: 'west' } })
})

test('all of a cell are moved in portions, also out of one that is away or not configured', async () => {
  const ids = [await create('gone'), await create('gone'), await create('gone')]
  away.add('gone')
  expect((await move({ to: 'default', from: 'gone', limit: 2 })).body).toEqual({
    moved: ids.slice(0, 2),
    waiting: ids.slice(0, 2),
    left: 1,
  })
  expect((await move({ to: 'default', from: 'gone' })).body).toMatchObject({ moved: ids.slice(2), left: 0 })
})

test('nothing is moved to a cell whose Temporal is away', async () => {
  const id = await create('default')
  away.add('west')
  const { status, body } = await move({ to: 'west', monitor_ids: [id] })
  expect([status, body]).toEqual([503, { errors: ['the Temporal of the cell west gives no answer: nothing was moved'] }])
  expect(await livesIn(id)).toBe('default')
})

test.each<[string, object, number, RegExp]>([
  ['a cell that is not there', { to: 'east', monitor_ids: [1] }, 400, /there is no cell east/],
  ['a monitor that is not there', { to: 'west', monitor_ids: [999_999] }, 404, /Monitor 999999 not found/],
  ['neither ids nor a cell', { to: 'west' }, 400, /either monitor_ids or from/],
  ['both', { to: 'west', from: 'default', monitor_ids: [1] }, 400, /either monitor_ids or from/],
  ['the same cell', { to: 'west', from: 'west' }, 400, /another cell than from/],
  ['too many at once', { to: 'west', from: 'default', limit: 1_000 }, 400, /limit/],
])('refused: %s', async (_what, body, status, reason) => {
  const answer = await move(body)
  expect(answer.status).toBe(status)
  expect(answer.body.errors.join()).toMatch(reason)
})
