/** mute_all and unmute_all over the API, on a real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, type Api, startApi } from './harness.ts'

const noon = Date.parse('2026-11-24T12:00:00Z')
let now = noon
let api: Api
let monitorId: number
beforeAll(async () => {
  api = await startApi({ clock: () => now })
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, tags: ['team:shop'] })
  monitorId = body.id
})
afterAll(() => api.close())
beforeEach(async () => {
  now = noon
  await api.pool.query('delete from downtimes')
})

const everything = { monitor_tags: ['*'] }

async function idOf(attributes: object): Promise<string> {
  const { status, text, body } = await api.send('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes } })
  expect(status, text).toBe(200)
  return body.data.id
}

describe('muting everything', () => {
  const muteAll = (body?: object): Promise<Answer> => api.send('POST', '/api/v1/monitor/mute_all', body)
  const unmuteAll = (): Promise<Answer> => api.send('POST', '/api/v1/monitor/unmute_all')

  test('is a downtime of all groups of all monitors, until it is taken back', async () => {
    const { status, body } = await muteAll()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      active: true,
      scope: ['*'],
      monitor_tags: ['*'],
      monitor_id: null,
      end: null,
      recurrence: null,
      canceled: null,
    })
    const matching = async (): Promise<number> => (await api.send('GET', `/api/v2/monitor/${monitorId}/downtime_matches`)).body.data.length
    expect(await matching()).toBe(1)
    now = noon + 60_000
    expect(await unmuteAll()).toMatchObject({ status: 204, text: '' })
    expect(await matching()).toBe(0)
    expect((await api.send('GET', `/api/v1/downtime/${body.id}`)).body).toMatchObject({ active: false, canceled: now / 1_000 })
  })

  test('twice is muting it once', async () => {
    const [one, two] = [await muteAll({}), await muteAll({})]
    expect(two.body).toEqual(one.body)
    expect((await unmuteAll()).status).toBe(204)
    expect(await unmuteAll()).toMatchObject({
      status: 400,
      body: { errors: ['nothing to unmute: no downtime holds all monitors until it is canceled'] },
    })
    expect((await muteAll()).body.id).not.toBe(one.body.id)
  })

  test('is unmuted whoever planned it, and nothing else is', async () => {
    const end = '2026-11-25T00:00:00Z'
    const all = await idOf({ monitor_identifier: everything, scope: '*' })
    const others = [
      await idOf({ monitor_identifier: everything, scope: '*', schedule: { end } }),
      await idOf({ monitor_identifier: everything, scope: '*', schedule: { start: end } }),
      await idOf({ monitor_identifier: everything, scope: '*', schedule: { recurrences: [{ duration: '1d', rrule: 'FREQ=DAILY' }] } }),
      await idOf({ monitor_identifier: everything, scope: 'env:prod' }),
      await idOf({ monitor_identifier: { monitor_id: monitorId }, scope: '*' }),
      await idOf({ monitor_identifier: { monitor_tags: ['team:shop'] }, scope: '*' }),
    ]
    expect((await unmuteAll()).status).toBe(204)
    const statusOf = async (id: string): Promise<string> => (await api.send('GET', `/api/v2/downtime/${id}`)).body.data.attributes.status
    expect(await statusOf(all)).toBe('canceled')
    expect(await Promise.all(others.map(statusOf))).toEqual(['active', 'scheduled', 'active', 'active', 'active', 'active'])
  })

  test('takes no parameters', async () => {
    expect(await muteAll({ end: 1 })).toMatchObject({ status: 400, body: { errors: ["unknown field 'end'"] } })
    expect((await api.send('GET', '/api/v1/downtime')).body).toEqual([])
  })
})
