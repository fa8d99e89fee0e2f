/** How a monitor was over a time: pieces of one status, by group, and the downtimes that held it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertCommit } from '../support/insert-job.ts'
import { toldTransition } from '../support/notification-job.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
let id: number
const fromMs = 1_700_000_000_000
const at = (minutes: number): number => fromMs + minutes * 60_000
const iso = (minutes: number): string => new Date(at(minutes)).toISOString()

beforeAll(async () => {
  api = await startApi()
  const query = 'avg(last_5m):avg:load{*} by {host} > 4'
  id = (await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, message: 'x' })).body.id
  let sequence = 0
  const change = (group: string, minutes: number, from: 'OK' | 'Alert', to: 'OK' | 'Alert') => {
    sequence += 1
    return toldTransition({ sequence, group, from, to, slot: at(minutes) })
  }
  const transitions = [
    change('host:a', -30, 'OK', 'Alert'),
    change('host:a', 10, 'Alert', 'OK'),
    change('host:b', 20, 'OK', 'Alert'),
    // A reminder changes nothing.
    change('host:b', 25, 'Alert', 'Alert'),
    change('host:b', 90, 'Alert', 'OK'),
    ...Array.from({ length: 300 }, (_, n) => change('host:flaps', 1 + n / 10, n % 2 === 0 ? 'OK' : 'Alert', n % 2 === 0 ? 'Alert' : 'OK')),
  ]
  await insertCommit(api.pool, { monitorId: id, sequence, transitions })
  await api.pool.query(`insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, 'host:quiet', 'OK', $2, $3)`, [
    id,
    at(0),
    JSON.stringify({ since: at(30) }),
  ])
  await api.pool.query(`delete from monitor_groups where monitor_id = $1 and group_key = 'host:b'`, [id])
  await api.pool.query(
    `insert into downtimes (scope, scopes, monitor_id, monitor_tags, starts_at, ends_at, timezone, display_timezone, mute_first_recovery,
       notify_end_states, notify_end_types, creator, created_at, modified_at, over_at)
     values ('*', '{*}', $1, '{*}', $2, $3, 'UTC', 'UTC', false, '{}', '{}', '{}', now(), now(), $3)`,
    [id, new Date(at(-10)), new Date(at(15))],
  )
})
afterAll(() => api.close())

const history = (parameters: string) => api.send('GET', `/api/v2/monitor/${id}/history?from=${fromMs}&to=${at(60)}&${parameters}`)
type Group = { group: string; cut: boolean; status: string | null; segments: { from: string; to: string; status: string }[] }
const pieces = ({ segments }: Group) => segments.map(({ from, to, status }) => [from, to, status])

test('each group is a row of pieces, also one that is gone and one that nobody ever heard of', async () => {
  const { body } = await history('')
  const [a, b, flaps, quiet] = body.groups
  expect(pieces(a)).toEqual([
    [iso(0), iso(10), 'Alert'],
    [iso(10), iso(60), 'OK'],
  ])
  expect(b).toMatchObject({ group: 'host:b', status: null, cut: false })
  expect(pieces(b)).toEqual([
    [iso(0), iso(20), 'OK'],
    [iso(20), iso(60), 'Alert'],
  ])
  expect(pieces(quiet)).toEqual([[iso(30), iso(60), 'OK']])
  expect(flaps).toMatchObject({ group: 'host:flaps', cut: true })
  expect(flaps.segments).toHaveLength(200)
  expect(body.next).toBeNull()
})

test('the downtimes that held it come with the first page', async () => {
  const { body } = await history('limit=1')
  expect(body.downtimes).toMatchObject([{ scope: '*', from: iso(-10), to: iso(15) }])
  expect(body.next).toBe('host:a')
  const { body: second } = await history(`limit=1&after=${encodeURIComponent(body.next)}`)
  expect(second.groups.map(({ group }: Group) => group)).toEqual(['host:b'])
  expect(second.downtimes).toEqual([])
})

test.each([
  ['from=tomorrow', 400],
  [`from=${at(10)}&to=${at(5)}`, 400],
  ['limit=0', 400],
  ['from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z', 200],
  ['', 200],
])('asked with %s it answers %i', async (parameters, status) => {
  expect((await api.send('GET', `/api/v2/monitor/${id}/history?${parameters}`)).status).toBe(status)
})

test('of a monitor that there isn’t nothing is said', async () => {
  expect(await api.send('GET', '/api/v2/monitor/999999/history')).toMatchObject({ status: 404 })
})
