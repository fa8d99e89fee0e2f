import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvaluationEntry } from '../../activities/ports.ts'
import { ensureEvaluationDays, insertEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { type Api, type Json, startApi } from './harness.ts'

const slot = 1_700_000_000_000
const day = Math.floor(slot / 86_400_000)
const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
let api: Api
let id: number
let untouched: number
beforeAll(async () => {
  api = await startApi()
  const create = async (): Promise<number> =>
    (await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, message: 'x' })).body.id
  id = await create()
  untouched = await create()
  await ensureEvaluationDays(api.pool, [day - 1, day, day + 1])
  const digest = '0123456789abcdef0123456789abcdef'
  await insertEvaluations(api.pool, entries, [])
  await api.pool.query('update evaluations set query_digest = $1 where query_digest is not null', [digest])
  await api.pool.query('insert into evaluation_queries values ($1, $2, $3)', [digest, query, day])
  await api.pool.query(
    `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health)
     values ($1, 1, 3, $2, true, 'Alert', '{"kind": "failing", "since": 1, "reason": "timeout: 8 s"}')`,
    [id, slot],
  )
  await api.pool.query(
    `insert into monitor_groups select $1, 'host:' || n, case when n <= 2 then 'Alert' else 'OK' end, $2, jsonb_build_object(
       'status', case when n <= 2 then 'Alert' else 'OK' end, 'since', $2::bigint, 'value', n, 'missingSince', null,
       'firstTriggeredAt', $2::bigint, 'lastTriggeredAt', null, 'told', true, 'held', false) from generate_series(1, 5) n`,
    [id, slot],
  )
  await api.pool.query("update monitors set overall_state = 'Alert', applied_version = 1 where id = $1", [id])
})
afterAll(() => api.close())

const entry = (n: number, more: Partial<EvaluationEntry> = {}): EvaluationEntry => ({
  get monitorId() {
    return id
  },
  version: 1,
  slot: slot + n * 60_000,
  at: slot + n * 60_000 + 30,
  outcome: 'evaluated',
  reason: null,
  values: { min: n, max: n + 0.5 },
  groupsSeen: 5,
  groupsTold: 0,
  durationMs: 7,
  query,
  delayMs: 1_000,
  ...more,
})
/** Over midnight, too. */
const entries = [
  entry(-1_440),
  entry(0),
  entry(1, { outcome: 'failed', reason: 'timeout: 8 s', values: null, groupsSeen: 0, query: null }),
  entry(1_440),
]

describe('evaluations', () => {
  test('come newest first, in pages, each with what was asked and what came', async () => {
    const first = await api.send('GET', `/api/v2/monitor/${id}/evaluations?limit=3`)
    expect(first.body.evaluations).toMatchObject([
      { slot: slot + 1_440 * 60_000 },
      { slot: slot + 60_000, outcome: 'failed', reason: 'timeout: 8 s', min: null, max: null, query: null, as_of: null },
      {
        slot,
        slot_at: new Date(slot).toISOString(),
        at: new Date(slot + 30).toISOString(),
        outcome: 'evaluated',
        reason: null,
        version: 1,
        min: 0,
        max: 0.5,
        groups: 5,
        groups_told: 0,
        duration_ms: 7,
        query,
        as_of: new Date(slot - 1_000).toISOString(),
      },
    ])
    const rest = await api.send('GET', `/api/v2/monitor/${id}/evaluations?limit=3&before=${first.body.next}`)
    expect(rest.body).toMatchObject({ evaluations: [{ slot: slot - 86_400_000 }], next: null })
  })

  test('are none for a monitor that wasn’t evaluated, 404 for one that never was', async () => {
    expect((await api.send('GET', `/api/v2/monitor/${untouched}/evaluations`)).body).toEqual({ evaluations: [], next: null })
    expect(await api.send('GET', '/api/v2/monitor/999999/evaluations')).toMatchObject({ status: 404 })
  })

  test.each(['limit=0', 'limit=1001', 'limit=x', 'before=-1', 'before=1e3', 'before='])('%s is refused', async (parameters) => {
    expect(await api.send('GET', `/api/v2/monitor/${id}/evaluations?${parameters}`)).toMatchObject({ status: 400 })
  })
})

describe('status', () => {
  test('has health, last slot, pause and groups, also while Temporal is away', async () => {
    api.control.goAway()
    const { status, body } = await api.send('GET', `/api/v2/monitor/${id}/status`)
    api.control.comeBack()
    expect(status).toBe(200)
    expect(body).toEqual({
      id,
      version: 1,
      applied_version: 1,
      overall_state: 'Alert',
      overall_state_modified: null,
      paused: true,
      health: { kind: 'failing', since: 1, reason: 'timeout: 8 s' },
      last_slot: slot + 86_400_000,
      last_slot_at: new Date(slot + 86_400_000).toISOString(),
      last_evaluation: expect.objectContaining({ slot: slot + 86_400_000, outcome: 'evaluated' }),
      groups: { Alert: 2, OK: 3 },
      next_evaluation_at: null,
      stretched: 1,
      workflow: { id: `monitor-${id}`, url: null },
    })
  })

  test('of a monitor that hasn’t begun says so', async () => {
    const { body } = await api.send('GET', `/api/v2/monitor/${untouched}/status`)
    expect(body).toMatchObject({ applied_version: null, paused: false, health: null, last_slot: null, last_evaluation: null, groups: {} })
  })

  test('of a monitor that never was is 404', async () => {
    expect(await api.send('GET', '/api/v2/monitor/999999/status')).toMatchObject({ status: 404 })
    expect(await api.send('GET', '/api/v2/monitor/999999/groups')).toMatchObject({ status: 404 })
    expect(await api.send('GET', '/api/v2/monitor/abc/status')).toMatchObject({ status: 400 })
  })
})

describe('groups', () => {
  test('come by key, in pages', async () => {
    const first = await api.send('GET', `/api/v2/monitor/${id}/groups?limit=3`)
    expect(first.body.groups.map((group: Json) => group.group)).toEqual(['host:1', 'host:2', 'host:3'])
    expect(first.body.groups[0]).toEqual({
      group: 'host:1',
      status: 'Alert',
      since: new Date(slot).toISOString(),
      value: 1,
      missing_since: null,
      first_triggered_at: new Date(slot).toISOString(),
      last_triggered_at: null,
      told: true,
      held: false,
      acknowledged: null,
    })
    const rest = await api.send('GET', `/api/v2/monitor/${id}/groups?limit=3&after=${encodeURIComponent(first.body.next)}`)
    expect(rest.body.groups.map((group: Json) => group.group)).toEqual(['host:4', 'host:5'])
    expect(rest.body.next).toBeNull()
  })

  test('only those in a state, where asked for', async () => {
    const { body } = await api.send('GET', `/api/v2/monitor/${id}/groups?group_states=alert,warn`)
    expect(body.groups.map((group: Json) => group.group)).toEqual(['host:1', 'host:2'])
    expect(await api.send('GET', `/api/v2/monitor/${id}/groups?group_states=sad`)).toMatchObject({ status: 400 })
  })
})

describe('who knows of a group', () => {
  const acknowledged = { by: 'ann', at: slot, until: null, note: 'on it' }
  const shown = { by: 'ann', at: new Date(slot).toISOString(), until: null, note: 'on it' }
  const groupsNow = async (): Promise<Json> => (await api.send('GET', `/api/v2/monitor/${id}/groups?limit=2`)).body.groups
  const say = (of: object) =>
    api.pool.query(`update monitor_groups set state = state || $2 where monitor_id = $1 and group_key = 'host:1'`, [
      id,
      JSON.stringify({ acknowledged: of }),
    ])

  test('stands with it until it is over', async () => {
    await say(acknowledged)
    expect(await groupsNow()).toMatchObject([{ acknowledged: shown }, { acknowledged: null }])
    await say({ ...acknowledged, until: slot + 1 })
    expect(await groupsNow()).toMatchObject([{ acknowledged: null }, { acknowledged: null }])
  })

  test('of a bundle stands with each of its groups', async () => {
    const memory = { bundles: { '*': { status: 'Alert', told: true, held: false, acknowledged } } }
    await api.pool.query('update monitor_state set memory = $2 where monitor_id = $1', [id, JSON.stringify(memory)])
    expect(await groupsNow()).toMatchObject([{ acknowledged: shown }, { acknowledged: shown }])
  })
})
