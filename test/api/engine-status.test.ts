import { afterAll, beforeAll, expect, test } from 'vitest'
import { savePulse } from '../../adapters/postgres/queries/engine.ts'
import { saveProgress } from '../../adapters/postgres/queries/progress.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ cells: { all: [{ name: 'default', shards: 4 }], answers: async () => true, follow: async () => true } })
})
afterAll(() => api.close())

async function createMonitor(priority: number): Promise<number> {
  const query = 'avg(last_5m):avg:system.load.1{*} > 4'
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, message: 'x', priority })
  await api.pool.query(
    `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health, updated_at)
     values ($1, 1, 1, 1, false, 'OK', '{"kind": "ok"}', now() - interval '1 day')`,
    [body.id],
  )
  return body.id
}

test('an engine without workers says so', async () => {
  const { status, body } = await api.send('GET', '/api/v2/engine/status')
  expect(status).toBe(200)
  expect(body).toMatchObject({ on_time: false, reason: 'no worker says that it lives', workers: [], evaluations_per_second: 0 })
  expect(body.shards).toEqual([0, 1, 2, 3].map((shard) => ({ cell: 'default', shard, served_by: [] })))
})

test('workers, shards, lag, overdue and stretched monitors are told', async () => {
  const [late, stretched] = [await createMonitor(2), await createMonitor(5)]
  const now = Date.now()
  const pulse = { startedAt: new Date(now), stretchLevel: 2, evaluationsPerSecond: 12.5, lagP50: 4, lagP99: 800, lagP1P99: 90 }
  await savePulse(api.pool, { ...pulse, worker: 'a:1', shards: [0, 1] })
  await savePulse(api.pool, { ...pulse, worker: 'b:2', shards: [1, 2], stretchLevel: 0 })
  await saveProgress(api.pool, [
    { monitorId: late, priority: 2, slot: 1, dueAt: now - 600_000, intervalMs: 60_000, stretch: 1, lagMs: 10, at: now },
    { monitorId: stretched, priority: 5, slot: now, dueAt: now + 240_000, intervalMs: 240_000, stretch: 4, lagMs: 30, at: now },
  ])
  await api.pool.query(`update monitor_state set health = '{"kind": "failing", "since": 1, "reason": "x"}' where monitor_id = $1`, [late])
  const { body } = await api.send('GET', '/api/v2/engine/status')
  expect(body).toMatchObject({
    on_time: false,
    reason: '1 of 2 monitors are overdue',
    monitors: { live: 2, overdue: 1, stretched: 1, unapplied: 2, failing: 1 },
    schedule_lag_ms: { p50: 20 },
    evaluations_per_second: 25,
    stretch_level: 2,
    overdue_monitors: [{ id: late, name: 'Load', priority: 2 }],
    failing_monitors: [{ id: late, name: 'Load' }],
    dead_letters: 0,
    breakers_open: { receivers: [], sources: [] },
    deadman_told_at: null,
  })
  expect(body.shards).toEqual([
    { cell: 'default', shard: 0, served_by: ['a:1'] },
    { cell: 'default', shard: 1, served_by: ['a:1', 'b:2'] },
    { cell: 'default', shard: 2, served_by: ['b:2'] },
    { cell: 'default', shard: 3, served_by: [] },
  ])
  const one = await api.send('GET', `/api/v2/monitor/${stretched}/status`)
  expect(one.body).toMatchObject({ stretched: 4, next_evaluation_at: new Date(now + 240_000).toISOString() })
})

test('receivers and sources that are left alone, and dead messages, are told', async () => {
  await api.pool.query(`insert into receiver_lanes (receiver, breaker_state) values ('pager', 'open'), ('log', 'closed')`)
  await api.pool.query(
    `insert into source_states (source, worker, state) values ('prom', 'a:1', '{"circuit": "open"}'), ('pg', 'a:1', '{"circuit": "closed"}')`,
  )
  const { body } = await api.send('GET', '/api/v2/engine/status')
  expect(body.breakers_open).toEqual({ receivers: ['pager'], sources: ['prom'] })
})

test('without keys nothing is told', async () => {
  expect((await api.send('GET', '/api/v2/engine/status', undefined, {})).status).toBe(401)
})
