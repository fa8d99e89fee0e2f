/** Downtimes over both versions of the API, on a real PostgreSQL. Read next: downtime-refusals.test.ts, recordings.test.ts, downtime-fuzz.test.ts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, type Api, startApi } from './harness.ts'

/** A Tuesday. */
const noon = Date.parse('2026-11-24T12:00:00Z')
let now = noon
let api: Api
let monitorId: number
beforeAll(async () => {
  api = await startApi({ clock: () => now, rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, tags: ['team:shop', 'env:prod'] })
  monitorId = body.id
})
afterAll(() => api.close())
beforeEach(async () => {
  now = noon
  await api.pool.query('delete from downtimes')
})

const everything = { monitor_tags: ['*'] }
const created = (attributes: object): Promise<Answer> => api.send('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes } })
const patched = (id: string, attributes: object): Promise<Answer> =>
  api.send('PATCH', `/api/v2/downtime/${id}`, { data: { type: 'downtime', id, attributes } })

async function idOf(attributes: object): Promise<string> {
  const { status, text, body } = await created(attributes)
  expect(status, text).toBe(200)
  return body.data.id
}

describe('version 2', () => {
  test('the least that is said holds from now on until it is canceled', async () => {
    const { status, body } = await created({ monitor_identifier: everything, scope: 'env:prod' })
    expect(status).toBe(200)
    expect(body.data).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'downtime',
      attributes: {
        monitor_identifier: everything,
        scope: 'env:prod',
        schedule: { start: '2026-11-24T12:00:00+00:00', end: null },
        display_timezone: 'UTC',
        message: null,
        mute_first_recovery_notification: false,
        notify_end_states: ['alert', 'no data', 'warn'],
        notify_end_types: ['expired'],
        status: 'active',
        created: '2026-11-24T12:00:00.000000+00:00',
        modified: '2026-11-24T12:00:00.000000+00:00',
        canceled: null,
      },
      relationships: { created_by: { data: { id: expect.stringMatching(/^\d+$/), type: 'users' } }, monitor: { data: null } },
    })
    expect((await api.send('GET', `/api/v2/downtime/${body.data.id}`)).body).toEqual(body)
  })

  test('one that comes again shows when it comes next', async () => {
    const recurrences = [
      { start: '2026-11-01T22:00', duration: '8h', rrule: 'FREQ=DAILY' },
      { start: '2026-11-01T09:00', duration: '90m', rrule: 'FREQ=WEEKLY;BYDAY=WE' },
    ]
    const { body } = await created({
      monitor_identifier: { monitor_id: monitorId },
      scope: '*',
      schedule: { timezone: 'Europe/Berlin', recurrences },
      display_timezone: 'Europe/Berlin',
      message: ' Backups ',
    })
    expect(body.data.attributes).toMatchObject({
      schedule: {
        timezone: 'Europe/Berlin',
        recurrences,
        current_downtime: { start: '2026-11-24T21:00:00+00:00', end: '2026-11-25T05:00:00+00:00' },
      },
      message: 'Backups',
      status: 'scheduled',
    })
    expect(body.data.relationships.monitor).toEqual({ data: { id: String(monitorId), type: 'monitors' } })
  })

  test('a change keeps what it leaves out', async () => {
    const id = await idOf({ monitor_identifier: everything, scope: 'env:prod', message: 'x', schedule: { end: '2026-11-24T13:00:00Z' } })
    now += 60_000
    const { body } = await patched(id, {
      schedule: { end: '2026-11-24T14:00:00+01:00' },
      scope: 'env:dev',
      notify_end_types: ['canceled', 'expired'],
    })
    expect(body.errors).toBeUndefined()
    const same = await patched(id, { schedule: { end: '2026-11-24T15:00:00+01:00' }, notify_end_states: [] })
    expect(same.body.data.attributes).toMatchObject({
      scope: 'env:dev',
      message: 'x',
      schedule: { start: '2026-11-24T12:00:00+00:00', end: '2026-11-24T14:00:00+00:00' },
      notify_end_types: ['expired', 'canceled'],
      notify_end_states: [],
      created: '2026-11-24T12:00:00.000000+00:00',
      modified: '2026-11-24T12:01:00.000000+00:00',
    })
    const weekly = { recurrences: [{ duration: '1d', rrule: 'FREQ=WEEKLY' }] }
    expect((await patched(id, { schedule: weekly })).body.data.attributes.schedule).toMatchObject({
      timezone: 'UTC',
      recurrences: [{ start: '2026-11-24T12:01:00', duration: '1d', rrule: 'FREQ=WEEKLY' }],
    })
    expect((await patched(id, { schedule: { end: null } })).body.data.attributes.schedule).toEqual({
      start: '2026-11-24T12:01:00+00:00',
      end: null,
    })
  })

  test('canceling twice is canceling once; what is canceled or over stays as it is', async () => {
    const id = await idOf({ monitor_identifier: everything, scope: '*' })
    expect((await api.send('DELETE', `/api/v2/downtime/${id}`)).status).toBe(204)
    now += 60_000
    expect((await api.send('DELETE', `/api/v2/downtime/${id}`)).status).toBe(204)
    const { body } = await api.send('GET', `/api/v2/downtime/${id}`)
    expect(body.data.attributes).toMatchObject({ status: 'canceled', canceled: '2026-11-24T12:00:00.000000+00:00' })
    expect(await patched(id, { message: 'x' })).toMatchObject({
      status: 400,
      body: { errors: ['this downtime was canceled: create another one'] },
    })
    const short = await idOf({ monitor_identifier: everything, scope: '*', schedule: { end: '2026-11-24T12:02:00Z' } })
    now += 60_000
    expect((await api.send('GET', `/api/v2/downtime/${short}`)).body.data.attributes.status).toBe('ended')
    expect(await patched(short, { message: 'x' })).toMatchObject({
      status: 400,
      body: { errors: ['this downtime has ended: create another one'] },
    })
  })

  test('a list has what is planned and what was over lately, newest first, in pages, with details where asked', async () => {
    const ids: string[] = []
    for (const end of ['2026-11-24T12:01:00Z', '2026-11-28T00:00:00Z', null])
      ids.unshift(await idOf({ monitor_identifier: end === null ? { monitor_id: monitorId } : everything, scope: '*', schedule: { end } }))
    const list = async (query: string) => {
      const { status, text, body } = await api.send('GET', `/api/v2/downtime?${query}`)
      expect(status, text).toBe(200)
      return { ids: body.data.map(({ id }: { id: string }) => id), total: body.meta.page.total_filtered_count, included: body.included }
    }
    expect(await list('')).toEqual({ ids, total: 3, included: undefined })
    expect(await list('page[offset]=1&page[limit]=1')).toEqual({ ids: [ids[1]], total: 3, included: undefined })
    now += 120_000
    expect(await list('current_only=true&include=created_by,monitor')).toEqual({
      ids: ids.slice(0, 2),
      total: 2,
      included: [
        { id: expect.any(String), type: 'users', attributes: { name: 'default', handle: 'default@localhost', email: 'default@localhost' } },
        { id: monitorId, type: 'monitors', attributes: { name: 'Load' } },
      ],
    })
    now += 3 * 86_400_000
    expect(await list('')).toMatchObject({ ids: ids.slice(0, 2) })
    expect((await api.send('GET', '/api/v2/downtime?include=everything')).status).toBe(400)
  })

  test('each change leaves an audit event; what is refused leaves none', async () => {
    await api.pool.query('delete from audit_events')
    const id = await idOf({ monitor_identifier: { monitor_id: monitorId }, scope: 'host:a' })
    await created({ monitor_identifier: everything, scope: 'host:a AND' })
    await patched(id, { scope: 'host:b' })
    await api.send('DELETE', `/api/v2/downtime/${id}`)
    await api.send('DELETE', `/api/v2/downtime/${id}`)
    await patched(id, { scope: 'host:c' })
    const { rows } = await api.pool.query('select actor, action, monitor_id, detail from audit_events order by id')
    const event = (action: string, scope: string) => ({ actor: 'default', action, monitor_id: monitorId, detail: { downtime: id, scope } })
    expect(rows).toEqual([event('downtime.created', 'host:a'), event('downtime.updated', 'host:b'), event('downtime.canceled', 'host:b')])
  })
})

describe('which downtimes hold a monitor', () => {
  beforeEach(async () => {
    await api.pool.query('delete from monitor_groups')
    for (const group of ['host:a', 'host:b'])
      await api.pool.query(`insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, $2, 'OK', 0, '{}')`, [
        monitorId,
        group,
      ])
  })

  test.each<[string, object, string, readonly string[] | null]>([
    ['every monitor, every group', everything, '*', ['host:a', 'host:b']],
    ['by its id, one group', { monitor_id: 0 }, 'host:a', ['host:a']],
    ['by all of its tags', { monitor_tags: ['env:prod', 'TEAM:shop'] }, 'host:*', ['host:a', 'host:b']],
    ['by a tag that it lacks', { monitor_tags: ['env:prod', 'team:web'] }, '*', null],
    ['groups that it lacks', everything, 'host:c', null],
  ])('%s', async (_what, identifier, scope, groups) => {
    const named = 'monitor_id' in identifier ? { monitor_id: monitorId } : identifier
    const id = await idOf({ monitor_identifier: named, scope, schedule: { end: '2026-11-25T00:00:00Z' } })
    const { body } = await api.send('GET', `/api/v2/monitor/${monitorId}/downtime_matches`)
    const attributes = { scope, groups, start: '2026-11-24T12:00:00+00:00', end: '2026-11-25T00:00:00+00:00' }
    const data = groups === null ? [] : [{ id, type: 'downtime_match', attributes }]
    expect(body).toEqual({ data, meta: { page: { total_filtered_count: data.length } } })
  })

  test('monitors show those of their id and tags while they are in force', async () => {
    await idOf({ monitor_identifier: everything, scope: 'host:a', schedule: { start: '2026-11-24T12:05:00Z' } })
    const shown = async () => {
      const [{ body: one }, { body: all }] = await Promise.all([
        api.send('GET', `/api/v1/monitor/${monitorId}?with_downtimes=true`),
        api.send('GET', '/api/v1/monitor'),
      ])
      expect(all[0].matching_downtimes).toEqual(one.matching_downtimes)
      return one.matching_downtimes
    }
    expect(await shown()).toEqual([])
    expect((await api.send('GET', `/api/v1/monitor/${monitorId}/downtimes`)).body).toEqual([])
    now += 300_000
    const [number] = (await api.send('GET', `/api/v1/monitor/${monitorId}/downtimes`)).body.map(({ id }: { id: number }) => id)
    expect(await shown()).toEqual([{ id: number, scope: ['host:a'], start: noon / 1_000 + 300, end: null }])
  })
})

describe('version 1', () => {
  test('both versions are about the same downtime', async () => {
    const written = {
      scope: ['host:a', 'env:(dev OR test)'],
      start: noon / 1_000,
      end: noon / 1_000 + 3_600,
      recurrence: { type: 'weeks', week_days: ['Tue'] },
    }
    const { body } = await api.send('POST', '/api/v1/downtime', written)
    expect(body).toMatchObject({ active: true, recurrence: { type: 'weeks', period: 1, week_days: ['Tue'] }, downtime_type: 2 })
    const { body: newer } = await api.send('GET', `/api/v2/downtime/${body.uuid}`)
    expect(newer.data.attributes).toMatchObject({
      scope: 'host:a AND (env:(dev OR test))',
      schedule: {
        timezone: 'UTC',
        recurrences: [{ start: '2026-11-24T12:00:00', duration: '1h', rrule: 'FREQ=WEEKLY;INTERVAL=1;BYDAY=TU' }],
      },
    })
    const id = await idOf({
      monitor_identifier: everything,
      scope: 'env:prod',
      schedule: { recurrences: [{ duration: '1d', rrule: 'FREQ=DAILY' }] },
    })
    const { body: list } = await api.send('GET', '/api/v1/downtime?current_only=true')
    expect(list.map(({ uuid }: { uuid: string }) => uuid)).toEqual([id, body.uuid])
    expect(list[0]).toMatchObject({ scope: ['env:prod'], recurrence: { type: 'rrule', rrule: 'FREQ=DAILY' }, end: noon / 1_000 + 86_400 })
  })

  test('a monitor by its id is kept where a client sends back what it read', async () => {
    const { body } = await api.send('POST', '/api/v1/downtime', { scope: '*', monitor_id: monitorId })
    expect((await api.send('PUT', `/api/v1/downtime/${body.id}`, { ...body, message: 'x' })).body).toMatchObject({
      monitor_id: monitorId,
      message: 'x',
    })
    const { monitor_id: _, ...rest } = body
    expect((await api.send('PUT', `/api/v1/downtime/${body.id}`, rest)).body.monitor_id).toBe(monitorId)
    expect((await api.send('PUT', `/api/v1/downtime/${body.id}`, { monitor_tags: ['a:b'] })).body).toMatchObject({
      monitor_id: null,
      monitor_tags: ['a:b'],
    })
  })

  test('all with a scope are canceled at once', async () => {
    const ids = []
    for (const scope of ['host:a', ['host:a'], 'host:b']) ids.unshift((await api.send('POST', '/api/v1/downtime', { scope })).body.id)
    const cancel = () => api.send('POST', '/api/v1/downtime/cancel/by_scope', { scope: 'host:a' })
    expect((await cancel()).body).toEqual({ cancelled_ids: ids.slice(1) })
    expect(await cancel()).toMatchObject({ status: 404, body: { errors: ['A downtime with the scope "host:a" not found'] } })
  })
})
