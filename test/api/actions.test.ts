import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
let path: string
let id: number
beforeAll(async () => {
  api = await startApi({ clock: () => 1_000_000_000_000 })
})
afterAll(() => api.close())
beforeEach(async () => {
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, options: { timeout_h: 2 } })
  id = body.id
  path = `/api/v1/monitor/${id}`
})

describe('mute and unmute', () => {
  const steps: [string, [string, object | undefined][], object][] = [
    ['everything, until unmuted', [['mute', undefined]], { '*': null }],
    ['everything, until a time', [['mute', { end: 1_000_000_060 }]], { '*': 1_000_000_060 }],
    [
      'a scope beside another',
      [
        ['mute', { scope: 'host:a' }],
        ['mute', { scope: 'host:b, env:prod', end: 1_000_000_060 }],
      ],
      { 'host:a': null, 'host:b,env:prod': 1_000_000_060 },
    ],
    [
      'the same scope again: the last end counts',
      [
        ['mute', { scope: 'host:a' }],
        ['mute', { scope: 'host:a', end: 1_000_000_060 }],
      ],
      { 'host:a': 1_000_000_060 },
    ],
    [
      'unmute everything',
      [
        ['mute', undefined],
        ['unmute', undefined],
      ],
      {},
    ],
    [
      'unmute one scope',
      [
        ['mute', { scope: 'host:a' }],
        ['mute', { scope: 'host:b' }],
        ['unmute', { scope: 'host:a' }],
      ],
      { 'host:b': null },
    ],
    [
      'unmute all scopes',
      [
        ['mute', { scope: 'host:a' }],
        ['mute', { scope: 'host:b' }],
        ['unmute', { all_scopes: true }],
      ],
      {},
    ],
    ['unmute what isn’t muted', [['unmute', { scope: 'host:a' }]], {}],
  ]
  test.each(steps)('%s', async (_name, actions, silenced) => {
    for (const [action, body] of actions) {
      const answer = await api.send('POST', `${path}/${action}`, body)
      expect(answer.status, answer.text).toBe(200)
    }
    const { body } = await api.send('GET', path)
    expect(body.options).toMatchObject({ silenced, timeout_h: 2 })
    expect(Object.keys(body.options.silenced)).toEqual(Object.keys(silenced))
  })

  test('are versions of the definition, audited as what they are, told to the workflow', async () => {
    await api.send('POST', `${path}/mute`, {})
    await api.send('POST', `${path}/unmute`, {})
    await api.send('POST', `${path}/unmute`, {})
    const { rows } = await api.pool.query('select action, detail from audit_events where monitor_id = $1 order by id', [id])
    expect(rows.slice(1)).toEqual([
      {
        action: 'monitor.muted',
        detail: { version: 2, previous_version: 1, changes: [{ field: 'options.silenced', from: {}, to: { '*': null } }] },
      },
      {
        action: 'monitor.unmuted',
        detail: { version: 3, previous_version: 2, changes: [{ field: 'options.silenced', from: { '*': null }, to: {} }] },
      },
    ])
    expect(api.control.running.get(id)?.version).toBe(3)
  })

  test.each([
    [{ end: 999_999_999 }, /^end: expected a time to come/],
    [{ end: 'tomorrow' }, /^end: /],
    [{ scope: 'no tag' }, /^scope: /],
    [{ scope: 'host:a,' }, /^scope: /],
    [{ skope: 'host:a' }, /^unknown field 'skope'/],
    [[], /^body: /],
  ])('mute refuses %j', async (body, reason) => {
    const answer = await api.send('POST', `${path}/mute`, body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0]).toMatch(reason)
  })
})

describe('what the running monitor is asked', () => {
  test('resolve all groups, or some', async () => {
    expect(await api.send('POST', `${path}/resolve`)).toMatchObject({ status: 200, body: { id, resolved: ['*'] } })
    expect(await api.send('POST', `${path}/resolve`, { groups: ['host:a'] })).toMatchObject({ body: { resolved: ['host:a'] } })
    expect(await api.send('POST', `${path}/resolve`, { groups: 'host:a' })).toMatchObject({ status: 400 })
  })

  test('pause, resume, evaluate, state', async () => {
    const v2 = `/api/v2/monitor/${id}`
    expect(await api.send('POST', `${v2}/pause`)).toMatchObject({ status: 202, body: { id, paused: true } })
    expect((await api.send('GET', `${v2}/state`)).body.state).toMatchObject({ paused: true })
    expect(await api.send('POST', `${v2}/resume`)).toMatchObject({ status: 202, body: { id, paused: false } })
    expect(await api.send('POST', `${v2}/evaluate`)).toMatchObject({ status: 200, body: { id, outcome: 'evaluated', overall: 'OK' } })
  })

  test('of a monitor that doesn’t exist: 404', async () => {
    for (const action of ['pause', 'resume', 'evaluate']) {
      expect(await api.send('POST', `/api/v2/monitor/999999/${action}`)).toMatchObject({ status: 404 })
    }
    expect(await api.send('GET', '/api/v2/monitor/999999/state')).toMatchObject({ status: 404 })
  })
})

describe('ack and unack', () => {
  const ack = (body?: object) => api.send('POST', `/api/v2/monitor/${id}/ack`, body)

  test.each([
    [{ group: 'host:a' }, { acknowledged: ['host:a'], until: null, note: null }],
    [
      { groups: ['host:a', 'host:b'], by: 'ann', note: ' on it ' },
      { acknowledged: ['host:a', 'host:b'], by: 'ann', note: 'on it' },
    ],
    [{ group: '*' }, { acknowledged: ['host:a', 'host:b'] }],
    [{ groups: ['host:c', '*'] }, { acknowledged: ['host:a', 'host:b'] }],
    [{ group: 'host:a,env:p' }, { acknowledged: ['env:p,host:a'] }],
    [{ group: 'host:a', until: 1_000_000_060 }, { until: '2001-09-09T01:47:40.000Z' }],
    [{ group: 'host:a', until: '2001-09-09T03:47:40+02:00' }, { until: '2001-09-09T01:47:40.000Z' }],
  ])('%j', async (body, answer) => {
    expect(await ack(body)).toMatchObject({ status: 200, body: { id, ...answer } })
  })

  test('without `by` it is the name of the key', async () => {
    const { body } = await ack({ group: 'host:a' })
    const { rows } = await api.pool.query('select actor, action, detail from audit_events where monitor_id = $1 order by id desc limit 1', [
      id,
    ])
    expect(rows[0]).toMatchObject({
      actor: body.by,
      action: 'monitor.acknowledged',
      detail: { groups: ['host:a'], by: body.by, outcome: 'done' },
    })
  })

  test.each<[object | undefined, RegExp]>([
    [undefined, /^/],
    [{}, /^group: say which/],
    [{ group: 'host:a', groups: ['host:a'] }, /^group: say which/],
    [{ groups: [] }, /^groups: /],
    [{ group: 'host:a', until: 999_999_999 }, /^until: expected a time to come/],
    [{ group: 'host:a', until: 'tomorrow' }, /^until: /],
    [{ group: 'host:a', note: 'x'.repeat(501) }, /^note: /],
    [{ group: 'host:a', who: 'me' }, /^unknown field 'who'/],
  ])('refuses %j', async (body, reason) => {
    const answer = await ack(body)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body.errors[0]).toMatch(reason)
  })

  test('what the monitor refuses is 409 with its sentence, and the audit says so', async () => {
    const answer = await ack({ group: 'host:ok' })
    expect(answer).toMatchObject({ status: 409, body: { errors: ['host:ok is OK: there is nothing to acknowledge'] } })
    const { rows } = await api.pool.query('select detail from audit_events where monitor_id = $1 order by id desc limit 1', [id])
    expect(rows[0].detail).toMatchObject({ outcome: 'refused' })
  })

  test('is taken back by DELETE, with a body or a query, or by POST', async () => {
    const taken = { status: 200, body: { id, unacknowledged: ['host:a'] } }
    expect(await api.send('DELETE', `/api/v2/monitor/${id}/ack`, { group: 'host:a' })).toMatchObject(taken)
    expect(await api.send('DELETE', `/api/v2/monitor/${id}/ack?group=host:a`)).toMatchObject(taken)
    expect(await api.send('POST', `/api/v2/monitor/${id}/unack`, { groups: ['host:a'] })).toMatchObject(taken)
    expect(await api.send('DELETE', `/api/v2/monitor/${id}/ack`)).toMatchObject({ status: 400 })
    expect(await api.send('POST', '/api/v2/monitor/999999/ack', { group: '*' })).toMatchObject({ status: 404 })
  })
})
