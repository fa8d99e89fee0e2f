import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { Commit, GroupState, Transition } from '../../core/monitor/types.ts'
import { type Api, startApi } from './harness.ts'

const slot = 1_700_000_000_000
let api: Api
let id: number
beforeAll(async () => {
  api = await startApi()
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, message: 'x' })
  id = body.id
  await monitorStore(api.pool).commit(alerting)
  await api.pool.query(
    `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body)
     select $1, 3, s, r, 'title', 'body' from unnest(array[1, 2, 3]) as s, unnest(array['log', 'webhook-ops']) as r`,
    [id],
  )
})
afterAll(() => api.close())

const group = (status: Status): GroupState => ({
  status,
  since: slot,
  level: status === 'OK' ? 'ok' : 'alert',
  alertSince: slot,
  warnSince: slot,
  judgedFrom: slot,
  value: 5,
  missingSince: null,
  firstTriggeredAt: status === 'OK' ? null : slot,
  lastTriggeredAt: status === 'OK' ? null : slot,
  told: true,
  toldAt: status === 'OK' ? null : slot,
  repeats: 0,
  held: false,
  beforeFailure: null,
})

const transition = (sequence: number): Transition => ({
  sequence,
  group: `host:${sequence}`,
  from: 'OK',
  to: 'Alert',
  slot,
  value: 5,
  threshold: 4,
  reason: 'threshold-crossed',
  version: 1,
  firstTriggeredAt: slot,
  lastTriggeredAt: slot,
  notify: { send: true, reason: 'entered-alert' },
  bundle: null,
})

const alerting: Commit = {
  get monitorId() {
    return id
  },
  version: 1,
  sequence: 3,
  slot,
  overall: 'Alert',
  paused: false,
  health: { kind: 'healthy' },
  transitions: [transition(1), transition(2), transition(3)],
  groups: { 'host:1': group('Alert'), 'host:4': group('OK'), 'host:5': group('No Data') },
  removed: [],
  memory: null,
}

describe('what was decided can be read', () => {
  test('the overall state, and when it changed', async () => {
    const { body } = await api.send('GET', `/api/v1/monitor/${id}`)
    expect(body.overall_state).toBe('Alert')
    expect(body.overall_state_modified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
    expect(body).not.toHaveProperty('state')
  })

  test.each([
    ['all', ['host:1', 'host:4', 'host:5']],
    ['alert', ['host:1']],
    ['alert,no data', ['host:1', 'host:5']],
    ['warn', []],
  ])('groups in the states %s', async (states, keys) => {
    for (const path of [`/api/v1/monitor/${id}`, '/api/v1/monitor']) {
      const { body } = await api.send('GET', `${path}?group_states=${encodeURIComponent(states)}`)
      expect(Object.keys((Array.isArray(body) ? body[0] : body).state.groups).sort()).toEqual(keys)
    }
  })

  test('a group as Datadog shows it, times in seconds', async () => {
    const { body } = await api.send('GET', `/api/v1/monitor/${id}?group_states=all`)
    expect(body.state.groups['host:1']).toEqual({
      name: 'host:1',
      status: 'Alert',
      last_triggered_ts: slot / 1_000,
      last_nodata_ts: null,
      last_resolved_ts: null,
    })
    expect(body.state.groups['host:5']).toMatchObject({ status: 'No Data', last_nodata_ts: slot / 1_000 })
  })

  test('a group state that doesn’t exist is refused', async () => {
    expect(await api.send('GET', '/api/v1/monitor?group_states=sad')).toMatchObject({ status: 400 })
  })
})

describe('history in pages, newest first', () => {
  const pages = async (path: string): Promise<object[][]> => {
    const found: object[][] = []
    let before: string | null = null
    do {
      const cursor: string = before === null ? '' : `&before=${encodeURIComponent(before)}`
      const { body } = await api.send('GET', `/api/v2/monitor/${id}/${path}?limit=2${cursor}`)
      found.push(body[path])
      before = body.next
    } while (before !== null)
    return found
  }

  test('transitions', async () => {
    const found = await pages('transitions')
    expect(found.map((page) => page.length)).toEqual([2, 1])
    expect(found.flat()).toMatchObject([{ sequence: 3 }, { sequence: 2 }, { ...transition(1), at: new Date(slot).toISOString() }])
  })

  test('deliveries', async () => {
    const found = await pages('deliveries')
    expect(found.flat()).toMatchObject(
      [3, 2, 1].flatMap((sequence) => ['webhook-ops', 'log'].map((receiver) => ({ sequence, receiver, status: 'pending', attempts: 0 }))),
    )
  })

  test('of a deleted monitor too; of one that never was, 404', async () => {
    await api.send('DELETE', `/api/v1/monitor/${id}`)
    expect((await api.send('GET', `/api/v2/monitor/${id}/transitions`)).body.transitions).toHaveLength(3)
    expect(await api.send('GET', '/api/v2/monitor/999999/transitions')).toMatchObject({ status: 404 })
    expect(await api.send('GET', '/api/v2/monitor/999999/deliveries')).toMatchObject({ status: 404 })
  })

  test.each(['limit=0', 'limit=1001', 'limit=x', 'before=-1', 'before=0', 'limit=1&limit=2'])('%s is refused', async (query) => {
    expect(await api.send('GET', `/api/v2/monitor/${id}/transitions?${query}`)).toMatchObject({ status: 400 })
  })
})
