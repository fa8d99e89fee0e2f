import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type Json, rowCounts, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const cpu = {
  type: 'metric alert',
  name: 'CPU is high',
  query: 'avg(last_5m):avg:system.cpu.user{env:prod} by {host} > 90',
  message: 'CPU of {{host.name}} @webhook-ops',
  tags: ['team:core', 'env:prod'],
  options: { thresholds: { critical: 90, warning: 80 } },
}

const create = async (changes: object = {}): Promise<Json> => {
  const answer = await api.send('POST', '/api/v1/monitor', { ...cpu, ...changes })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

describe('creating a monitor', () => {
  test('answers the definition with Datadog’s defaults, and its workflow is started', async () => {
    const monitor = await create()
    expect(monitor).toMatchObject({
      ...cpu,
      options: { ...cpu.options, notify_no_data: false, notify_audit: false, new_host_delay: 300, include_tags: true, silenced: {} },
      multi: true,
      overall_state: 'No Data',
      overall_state_modified: null,
      deleted: null,
      priority: null,
      restricted_roles: null,
      draft_status: 'published',
      assets: [],
    })
    expect(monitor.id).toBeGreaterThan(0)
    expect(monitor.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
    expect(monitor.created_at % 1_000).toBe(0)
    expect(api.control.running.get(monitor.id)).toMatchObject({ version: 1, name: cpu.name, tags: cpu.tags })
  })

  test('writes thresholds as floats', async () => {
    const answer = await api.send('POST', '/api/v1/monitor', cpu)
    expect(answer.text).toContain('"critical":90.0')
  })

  test('stores the first version and an audit event with it', async () => {
    const { id } = await create()
    const versions = await api.pool.query('select version, definition, changed_by from monitor_versions where monitor_id = $1', [id])
    expect(versions.rows).toMatchObject([{ version: 1, changed_by: 'default', definition: { name: cpu.name, draft_status: 'published' } }])
    const audit = await api.pool.query('select actor, action, detail from audit_events where monitor_id = $1', [id])
    expect(audit.rows).toEqual([{ actor: 'default', action: 'monitor.created', detail: { version: 1 } }])
  })

  test('keeps a threshold that only the query names out of the echo', async () => {
    const monitor = await create({ options: {} })
    expect(monitor.options.thresholds).toBeUndefined()
  })

  test('stores a type that nothing evaluates yet', async () => {
    const monitor = await create({ type: 'log alert', query: 'logs("x").index("*").rollup("count").by("host").last("5m") > 90' })
    expect(monitor).toMatchObject({ type: 'log alert', multi: true })
  })
})

describe('what is refused, with its reason, and stores nothing', () => {
  const cases: [string, unknown, RegExp][] = [
    ['no type', { ...cpu, type: undefined }, /^type: /],
    ['a type that doesn’t exist', { ...cpu, type: 'metric' }, /^type: /],
    ['no query', { ...cpu, query: undefined }, /^query: /],
    ['no name', { ...cpu, name: undefined }, /^name: /],
    [
      'a query that ends early',
      { ...cpu, query: 'avg(last_5m):avg:system.cpu.user{*}' },
      /^query: syntax error: expected .* line 1, column \d+/,
    ],
    ['an unknown field', { ...cpu, colour: 'red' }, /^unknown field 'colour'$/],
    ['an unknown option', { ...cpu, options: { renotify: 5 } }, /^unknown field 'renotify' in options$/],
    ['a wrong type', { ...cpu, options: { notify_no_data: 'yes' } }, /^options.notify_no_data: expected true or false, not a text$/],
    [
      'a threshold other than the query’s',
      { ...cpu, options: { thresholds: { critical: 91 } } },
      /critical is 91 but the query compares with 90/,
    ],
    ['a warning beyond critical', { ...cpu, options: { thresholds: { critical: 90, warning: 95 } } }, /warning is 95: it must lie below/],
    [
      'a recovery on the wrong side',
      { ...cpu, options: { thresholds: { critical: 90, critical_recovery: 99 } } },
      /critical_recovery is 99/,
    ],
    ['a recovery without its warning', { ...cpu, options: { thresholds: { warning_recovery: 5 } } }, /warning_recovery needs a warning/],
    [
      'both kinds of no-data options',
      { ...cpu, options: { notify_no_data: true, on_missing_data: 'resolve' } },
      /notify_no_data can’t stand/,
    ],
    ['a NUL byte', { ...cpu, message: 'a\u0000b' }, /^message: text must not contain the NUL/],
    ['a NUL byte deep inside', { ...cpu, options: { variables: [{ a: { 'b\u0000': 1 } }] } }, /^options.variables.0.a.b.*NUL/],
    ['half a surrogate pair', { ...cpu, name: 'x\ud800' }, /^name: text must not contain half/],
    ['too many tags', { ...cpu, tags: Array.from({ length: 101 }, (_, n) => `t:${n}`) }, /^tags: /],
    ['too long a tag', { ...cpu, tags: ['x'.repeat(201)] }, /^tags.0: /],
    ['too long a name', { ...cpu, name: 'x'.repeat(1_001) }, /^name: /],
    ['too long a message', { ...cpu, message: 'x'.repeat(100_001) }, /^message: /],
    ['a priority of 6', { ...cpu, priority: 6 }, /^priority: /],
    ['a list', [cpu], /^body: /],
    ['a number', 5, /^body: /],
    ['nothing', undefined, /^type: /],
    ['null', null, /^body: /],
    ['a retention of 4 days', { ...cpu, options: { group_retention_duration: '4d' } }, /72h/],
  ]
  test.each(cases)('%s', async (_name, body, reason) => {
    const before = await rowCounts(api.pool)
    for (const [method, path] of [
      ['POST', '/api/v1/monitor'],
      ['POST', '/api/v1/monitor/validate'],
      ['PUT', '/api/v2/monitor/by-key/refused'],
    ] as const) {
      const answer = await api.send(method, path, body)
      expect(answer.status, answer.text).toBe(400)
      expect(answer.body.errors[0]).toMatch(reason)
    }
    expect(await rowCounts(api.pool)).toEqual(before)
  })
})

describe('changing a monitor', () => {
  test('replaces options as a whole and keeps other fields that are left out', async () => {
    const { id } = await create({ options: { ...cpu.options, evaluation_delay: 60 }, priority: 2 })
    const { status, body } = await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'New name', options: { timeout_h: 3 } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'New name', query: cpu.query, tags: cpu.tags, priority: 2 })
    expect(body.options).toEqual({
      timeout_h: 3,
      notify_no_data: false,
      notify_audit: false,
      new_host_delay: 300,
      include_tags: true,
      silenced: {},
    })
    expect(api.control.running.get(id)).toMatchObject({ version: 2, name: 'New name' })
  })

  test('takes back everything that was read', async () => {
    const { id } = await create()
    const read = await api.send('GET', `/api/v1/monitor/${id}?group_states=all&with_assets=true&with_downtimes=true`)
    const answer = await api.send('PUT', `/api/v1/monitor/${id}`, read.body)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.modified).toBe(read.body.modified)
  })

  test('the same definition again is no new version', async () => {
    const { id } = await create({ options: { ...cpu.options, variables: [{ b: 1, a: [{ x: -0 }] }] } })
    const before = await rowCounts(api.pool)
    await api.send('PUT', `/api/v1/monitor/${id}`, { ...cpu, options: { ...cpu.options, variables: [{ a: [{ x: -0 }], b: 1 }] } })
    expect(await rowCounts(api.pool)).toEqual(before)
  })

  test('can’t change the type', async () => {
    const { id } = await create()
    const answer = await api.send('PUT', `/api/v1/monitor/${id}`, { type: 'log alert' })
    expect(answer).toMatchObject({ status: 400, body: { errors: [expect.stringMatching(/metric alert can’t become log alert/)] } })
  })

  test('checks what a change would leave: a query without its threshold', async () => {
    const { id } = await create()
    const answer = await api.send('PUT', `/api/v1/monitor/${id}`, { query: cpu.query.replace('90', '95') })
    expect(answer.status).toBe(400)
  })

  test('many changes at once become as many versions', async () => {
    const { id } = await create()
    const names = Array.from({ length: 8 }, (_, n) => `name ${n}`)
    const answers = await Promise.all(names.map((name) => api.send('PUT', `/api/v1/monitor/${id}`, { name })))
    expect(answers.map((answer) => answer.status)).toEqual(names.map(() => 200))
    const { rows } = await api.pool.query('select version from monitor_versions where monitor_id = $1 order by version', [id])
    expect(rows.map((row) => row.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('deleting a monitor', () => {
  test('answers its id, stops it, and it can’t be found afterwards', async () => {
    const { id } = await create()
    expect(await api.send('DELETE', `/api/v1/monitor/${id}`)).toMatchObject({ status: 200, body: { deleted_monitor_id: id } })
    expect(api.control.running.has(id)).toBe(false)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { name: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/validate', cpu],
      ['POST', '/mute', {}],
      ['POST', '/unmute', {}],
      ['POST', '/resolve', {}],
    ] as const) {
      const answer = await api.send(method, `/api/v1/monitor/${id}${path}`, body)
      expect(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { errors: ['Monitor not found'] } })
    }
    expect((await create()).id).toBeGreaterThan(id)
  })
})

describe('monitors kept in files', () => {
  test('are created once, changed when the file changes, and left alone otherwise', async () => {
    const first = await api.send('PUT', '/api/v2/monitor/by-key/cpu', cpu)
    const again = await api.send('PUT', '/api/v2/monitor/by-key/cpu', cpu)
    expect(again.body).toEqual(first.body)
    const changed = await api.send('PUT', '/api/v2/monitor/by-key/cpu', { ...cpu, tags: undefined, name: 'Changed' })
    expect(changed.body).toMatchObject({ id: first.body.id, name: 'Changed', tags: [] })
    const { rows } = await api.pool.query('select version, external_key from monitors where id = $1', [first.body.id])
    expect(rows).toEqual([{ version: 2, external_key: 'cpu' }])
  })

  test('applied by many at once there is still one', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => api.send('PUT', '/api/v2/monitor/by-key/folder/many', cpu)))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  })

  test('a deleted one is created anew', async () => {
    const first = await api.send('PUT', '/api/v2/monitor/by-key/again', cpu)
    await api.send('DELETE', `/api/v1/monitor/${first.body.id}`)
    const second = await api.send('PUT', '/api/v2/monitor/by-key/again', cpu)
    expect(second.body.id).toBeGreaterThan(first.body.id)
  })

  test('need a plain key', async () => {
    const answer = await api.send('PUT', '/api/v2/monitor/by-key/a%00b', cpu)
    expect(answer).toMatchObject({ status: 400, body: { errors: [expect.stringMatching(/^key: /)] } })
  })
})

describe('ids that no monitor can have', () => {
  test.each([
    ['0', 404],
    ['9007199254740993', 404],
    ['99999999999999999999999999', 404],
    ['-1', 400],
    ['1.5', 400],
    ['abc', 400],
    ['1%00', 400],
    ['%E0%A4%A', 400],
  ])('%s → %i', async (id, status) => {
    const answer = await api.send('GET', `/api/v1/monitor/${id}`)
    expect(answer.status).toBe(status)
    expect(answer.body.errors).toHaveLength(1)
  })
})
