import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type Answer, type Api, bothKeys, startApi } from './harness.ts'

let api: Api
afterEach(() => api.close())

/** Requests that read monitors wait until the answer is called. */
async function lockMonitors(): Promise<() => Promise<void>> {
  const client = await api.pool.connect()
  await client.query('begin')
  await client.query('lock table monitors, series in access exclusive mode')
  return async () => {
    await client.query('rollback')
    client.release()
  }
}
const waiting = (count: number): Promise<unknown> =>
  until(`${count} requests to wait`, async () => {
    const { rows } = await api.pool.query<{ many: number }>(
      `select count(*)::integer as many from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`,
      [api.database],
    )
    return (rows[0]?.many ?? 0) >= count
  })
const list = (): Promise<Answer> => api.send('GET', '/api/v1/monitor')
const push = (bytes = 0): Promise<Answer> => {
  const points = [{ timestamp: Math.floor(Date.now() / 1_000), value: 1 }]
  const series = [{ metric: 'a.b', type: 3, points, resources: [], tags: [`pad:${'x'.repeat(bytes)}`] }]
  return api.send('POST', '/api/v2/series', { series })
}

test('requests beyond the bound are told to come back; probes and pushes are answered; room comes back', async () => {
  api = await startApi({ admission: { requests: 2, bytes: 1_000_000 } })
  const unlock = await lockMonitors()
  const held = [list(), list()]
  await waiting(2)
  const refused = await list()
  expect(refused).toMatchObject({ status: 503, body: { errors: ['Too many requests are being dealt with: try again later'] } })
  expect(refused.headers.get('retry-after')).toBe('1')
  expect((await api.send('GET', '/health')).status).toBe(200)
  expect((await api.send('POST', '/api/v2/series', { series: 'nonsense' })).status).toBe(400)
  await unlock()
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200])
  expect((await list()).status).toBe(200)
})

test('pushes whose bodies together would be too much are told to slow down; one alone is taken, however large', async () => {
  api = await startApi({ admission: { requests: 10, bytes: 100 } })
  expect((await push(150)).status).toBe(202)
  const unlock = await lockMonitors()
  // Another metric: what is known already needs no lock.
  const held = api.send('POST', '/api/v2/series', {
    series: [{ metric: 'c.d', type: 3, points: [{ timestamp: Math.floor(Date.now() / 1_000), value: 1 }], resources: [] }],
  })
  await waiting(1)
  const refused = await push()
  expect(refused).toMatchObject({ status: 429, body: { errors: ['Too many bytes are being dealt with: try again later'] } })
  expect(refused.headers.get('retry-after')).toBe('1')
  await unlock()
  expect((await held).status).toBe(202)
  expect((await push()).status).toBe(202)
})

test('a client that goes away leaves its room to others', async () => {
  api = await startApi({ admission: { requests: 1, bytes: 1_000_000 } })
  const unlock = await lockMonitors()
  const gone = new AbortController()

  const held = fetch(`${api.url}/api/v1/monitor`, { headers: bothKeys, signal: gone.signal })
  await waiting(1)
  gone.abort()
  await expect(held).rejects.toThrow()
  await until('room again', async () => (await api.send('GET', '/api/v1/validate')).status === 200)
  await unlock()
})
