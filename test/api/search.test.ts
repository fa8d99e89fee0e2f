/** The two searches: what each word of their language finds, counts, pages, order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type Json, startApi } from './harness.ts'

let api: Api
const ids: Record<string, number> = {}

const monitors = {
  cpu: {
    name: 'CPU of web-1 is busy',
    query: 'avg(last_5m):avg:system.cpu.user{env:prod,service:web} by {host} > 4',
    tags: ['team:core', 'Env:Prod', 'service:web'],
    priority: 1,
  },
  disk: {
    name: 'Disk is full',
    query: 'avg(last_5m):avg:system.disk.in_use{*} by {host,device} > 0.9',
    tags: ['team:core', 'env:dev', 'plain'],
    priority: 3,
    message: 'call @slack-ops now',
  },
  odd: {
    name: '100% odd (postgresql)',
    query: "avg(last_4h):anomalies(avg:pg.queries{env:prod}, 'basic', 2) >= 1",
    tags: [],
    message: 'see PostgreSQL_12 @ops@example.com',
  },
  check: {
    type: 'service check',
    name: 'Web can be reached',
    query: '"http.can_connect".over("env:prod").by("host").last(3).count_by_status()',
    tags: ['env:prod-2'],
    draft_status: 'draft',
  },
} as const

beforeAll(async () => {
  api = await startApi()
  for (const [key, monitor] of Object.entries(monitors)) {
    const answer = await api.send('POST', '/api/v1/monitor', { type: 'query alert', message: 'x', ...monitor })
    expect(answer.status, answer.text).toBe(200)
    ids[key] = answer.body.id
  }
  const gone = await api.send('POST', '/api/v1/monitor', { type: 'query alert', message: 'x', ...monitors.cpu })
  await api.send('DELETE', `/api/v1/monitor/${gone.body.id}`)
  for (const [key, state] of [
    ['cpu', 'Alert'],
    ['disk', 'OK'],
  ] as const) {
    await api.pool.query('update monitors set overall_state = $2 where id = $1', [ids[key], state])
  }
  for (const [key, group, status, at] of [
    ['cpu', 'host:a', 'Alert', 1_700_000_000_000],
    ['cpu', 'host:b', 'OK', null],
    ['disk', 'device:sda,host:a', 'OK', 1_600_000_000_000],
    ['disk', 'device:sdb,host:b', 'No Data', null],
    ['odd', '*', 'OK', null],
  ] as const) {
    const state = { status, lastTriggeredAt: at, since: 1_700_000_001_000 }
    await api.pool.query('insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, $2, $3, 0, $4)', [
      ids[key],
      group,
      status,
      state,
    ])
  }
  await api.send('POST', `/api/v1/monitor/${ids.disk}/mute`)
  await api.send('POST', '/api/v2/downtime', {
    data: { type: 'downtime', attributes: { monitor_identifier: { monitor_tags: ['service:web'] }, scope: '*' } },
  })
})
afterAll(() => api.close())

const search = (query: string, more = ''): Promise<Json> =>
  api.send('GET', `/api/v1/monitor/search?query=${encodeURIComponent(query)}${more}`)
const groups = (query: string, more = ''): Promise<Json> =>
  api.send('GET', `/api/v1/monitor/groups/search?query=${encodeURIComponent(query)}${more}`)
const nameOf = (id: number): string => Object.keys(ids).find((key) => ids[key] === id) ?? String(id)

describe('monitors', () => {
  test.each([
    ['', ['cpu', 'disk', 'odd', 'check']],
    ['*', ['cpu', 'disk', 'odd', 'check']],
    ['cpu', ['cpu']],
    ['web', ['cpu', 'check']],
    ['busy cpu', ['cpu']],
    ['"busy cpu"', []],
    ['"of web"', ['cpu']],
    ['postgresql', ['odd']],
    ['*postgres*', ['odd']],
    ['title:postgresql', ['odd']],
    ['message:postgresql', []],
    ['message:postgresql_12', ['odd']],
    ['message:cpu', []],
    ['title:"is full"', ['disk']],
    ['status:alert', ['cpu']],
    ['status:"no data"', ['odd', 'check']],
    ['status:(alert OR ok)', ['cpu', 'disk']],
    ['-status:"no data"', ['cpu', 'disk']],
    ['type:metric', ['cpu', 'disk']],
    ['type:anomaly', ['odd']],
    ['type:network', ['check']],
    ['type:"service check"', ['check']],
    ['team:core', ['cpu', 'disk']],
    ['tag:"team:core"', ['cpu', 'disk']],
    ['tag:team:core', ['cpu', 'disk']],
    ['env:prod', ['cpu']],
    ['ENV:PROD', ['cpu']],
    ['env:prod*', ['cpu', 'check']],
    ['env:*', ['cpu', 'disk', 'check']],
    ['tag:plain', ['disk']],
    ['NOT tag:*', ['odd']],
    ['service:(web OR db)', ['cpu']],
    ['muted:true', ['cpu', 'disk']],
    ['muted:false', ['odd', 'check']],
    ['priority:p1', ['cpu']],
    ['priority:>1', ['disk']],
    ['-priority:1', ['disk', 'odd', 'check']],
    ['draft_status:draft', ['check']],
    ['creator:default', ['cpu', 'disk', 'odd', 'check']],
    ['creator:default@localhost', ['cpu', 'disk', 'odd', 'check']],
    ['creator:nobody', []],
    ['metric:system.cpu.user', ['cpu']],
    ['metric:system.*', ['cpu', 'disk']],
    ['metric:system.cpu', []],
    ['scope:service:web', ['cpu']],
    ['notification:slack-ops', ['disk']],
    ['notification:ops@example.com', ['odd']],
    ['notification:slack', []],
    ['group_status:"no data"', ['disk']],
    ['team:core AND (status:alert OR priority:3) -title:disk', ['cpu']],
    ['title:(', null],
    ['@attribute:1', null],
    ['env:>3', null],
  ])('%s', async (query, expected) => {
    const answer = await search(query)
    expect(answer.status, answer.text).toBe(expected === null ? 400 : 200)
    if (expected === null) return expect(answer.body.errors[0]).toMatch(/^query: /)
    expect(answer.body.monitors.map(({ id }: Json) => nameOf(id))).toEqual(expected)
    expect(answer.body.metadata.total_count).toBe(expected.length)
  })

  test('a number is an id, too', async () => {
    for (const query of [`${ids.disk}`, `id:${ids.disk}`])
      expect((await search(query)).body.monitors.map(({ id }: Json) => id)).toEqual([ids.disk])
  })

  test('all that a client reads of a monitor is there', async () => {
    const [found] = (await search('cpu')).body.monitors
    expect(found).toMatchObject({
      id: ids.cpu,
      ...{ name: monitors.cpu.name, type: 'query alert', classification: 'metric', status: 'Alert', tags: monitors.cpu.tags },
      ...{ metrics: ['system.cpu.user'], scopes: ['env:prod,service:web'], last_triggered_ts: 1_700_000_000, muted: true },
      ...{ notifications: [], creator: { name: 'default' }, quality_issues: [], priority: 1 },
    })
    const [odd] = (await search('odd')).body.monitors
    expect(odd).toMatchObject({ last_triggered_ts: null, notifications: [{ handle: 'ops@example.com', name: 'ops@example.com' }] })
  })

  test('what is found is counted, on whichever page', async () => {
    const { body } = await search('', '&per_page=1&page=9')
    expect(body.monitors).toEqual([])
    expect(body.metadata).toEqual({ total_count: 4, page_count: 4, page: 9, per_page: 1 })
    expect(body.counts).toMatchObject({
      status: [
        { name: 'No Data', count: 2 },
        { name: 'Alert', count: 1 },
        { name: 'OK', count: 1 },
      ],
      muted: [
        { name: false, count: 2 },
        { name: true, count: 2 },
      ],
      type: [
        { name: 'metric', count: 2 },
        { name: 'anomaly', count: 1 },
        { name: 'network', count: 1 },
      ],
    })
    expect(body.counts.tag[0]).toEqual({ name: 'team:core', count: 2 })
    expect(body.counts.tag).toHaveLength(6)
  })

  test.each([
    ['name', ['odd', 'cpu', 'disk', 'check']],
    ['name,desc', ['check', 'disk', 'cpu', 'odd']],
    ['status,asc', ['cpu', 'odd', 'check', 'disk']],
    ['id,desc', ['check', 'odd', 'disk', 'cpu']],
    ['tags,asc', ['odd', 'check', 'disk', 'cpu']],
  ])('sorted by %s', async (sort, expected) => {
    const { body } = await search('', `&sort=${sort}`)
    expect(body.monitors.map(({ id }: Json) => nameOf(id))).toEqual(expected)
  })

  test.each(['page=-1', 'per_page=0', 'per_page=1001', 'sort=message', 'sort=name,up', 'query=%00'])('%s is refused', async (wrong) => {
    expect((await api.send('GET', `/api/v1/monitor/search?${wrong}`)).status).toBe(400)
  })
})

describe('groups', () => {
  test.each([
    ['', ['cpu host:a', 'cpu host:b', 'disk device:sda,host:a', 'disk device:sdb,host:b', 'odd *']],
    ['group_status:alert', ['cpu host:a']],
    ['group_status:"no data"', ['disk device:sdb,host:b']],
    ['host:a', ['cpu host:a', 'disk device:sda,host:a']],
    ['host:a status:alert', ['cpu host:a']],
    ['device:sd*', ['disk device:sda,host:a', 'disk device:sdb,host:b']],
    ['group:"host:a"', ['cpu host:a']],
    ['type:anomaly', ['odd *']],
    ['team:core -host:b', ['cpu host:a', 'disk device:sda,host:a']],
    ['muted:false', ['odd *']],
  ])('%s', async (query, expected) => {
    const { body } = await groups(query)
    expect(body.groups.map((found: Json) => `${nameOf(found.monitor_id)} ${found.group}`)).toEqual(expected)
    expect(body.metadata.total_count).toBe(expected.length)
  })

  test('a group is shown with its tags and times, and counted', async () => {
    const { body } = await groups('title:disk', '&sort=status,desc')
    expect(body.groups).toEqual([
      {
        ...{ monitor_id: ids.disk, monitor_name: 'Disk is full', group: 'device:sda,host:a', group_tags: ['device:sda', 'host:a'] },
        ...{ status: 'OK', last_triggered_ts: 1_600_000_000, last_nodata_ts: null },
      },
      {
        ...{ monitor_id: ids.disk, monitor_name: 'Disk is full', group: 'device:sdb,host:b', group_tags: ['device:sdb', 'host:b'] },
        ...{ status: 'No Data', last_triggered_ts: null, last_nodata_ts: 1_700_000_001 },
      },
    ])
    expect(body.counts).toEqual({
      status: [
        { name: 'No Data', count: 1 },
        { name: 'OK', count: 1 },
      ],
      type: [{ name: 'metric', count: 2 }],
    })
  })
})
