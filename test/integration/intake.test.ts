/**
 * What clients push, each kind of it, through the API to a monitor that decides: metrics with arithmetic and functions, service checks,
 * logs, events, heartbeats. Read next: test/support/engine.ts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let namespace: TestNamespace
let engine: Engine

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  engine = await startEngine(database, namespace)
})
afterAll(async () => {
  await engine?.close()
  await namespace?.close()
  await database?.drop()
})

async function create(
  type: string,
  query: string,
  thresholds: Readonly<Record<string, number>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const options = { interval: 1, new_group_delay: 0, thresholds, ...more }
  return (await engine.api.send('POST', '/api/v1/monitor', { name: query, type, query, message: '', options })).id
}

const group = async (id: number, name: string, status: string): Promise<void> => {
  await until(`${name} of monitor ${id} is ${status}`, async () => (await engine.api.groups(id))[name] === status)
}

/** Changes only: a busy machine is late, and then says so beside. */
async function transitionsOf(id: number): Promise<string[]> {
  const { transitions } = await engine.api.send('GET', `/api/v2/monitor/${id}/transitions`)
  return [...transitions]
    .reverse()
    .filter(({ from, to }: { from: string; to: string }) => from !== to)
    .map((one: { group: string; from: string; to: string }) => `${one.group} ${one.from}→${one.to}`)
}

const nowS = (): number => Math.floor(Date.now() / 1_000)

/** Minutes of points up to when the tests began, as counts of a minute each: pushed again, they are the same points. */
const begunS = nowS()
async function pushCounts(metric: string, host: string, values: readonly number[]): Promise<void> {
  const points = values.map((value, index) => ({ timestamp: begunS - (values.length - 1 - index) * 60, value }))
  const series = [{ metric, type: 1, interval: 60, points, resources: [{ type: 'host', name: host }] }]
  await engine.api.send('POST', '/api/v2/series', { series })
}

test('a share of failed requests: counts as rates, arithmetic between series, groups joined', async () => {
  await pushCounts('shop.requests', 'a', [100, 100, 100])
  await pushCounts('shop.requests', 'b', [100, 100, 100])
  await pushCounts('shop.errors', 'a', [50, 50, 50])
  await pushCounts('shop.errors', 'b', [1, 1, 1])
  const share = '100 * sum:shop.errors{*} by {host}.as_rate() / sum:shop.requests{*} by {host}.as_rate()'
  const id = await create('query alert', `avg(last_5m):${share} > 10`, { critical: 10, warning: 5 })
  await group(id, 'host:a', 'Alert')
  await group(id, 'host:b', 'OK')
  await pushCounts('shop.errors', 'a', [0, 0, 0])
  await group(id, 'host:a', 'OK')
  expect(await transitionsOf(id)).toEqual(['host:a OK→Alert', 'host:a Alert→OK'])
})

test('the top of many, and a level that is off what it was', async () => {
  for (const [host, value] of [
    ['a', 5],
    ['b', 50],
    ['c', 500],
  ] as const)
    await pushCounts('shop.queue', host, [value, value])
  const top = await create('query alert', "avg(last_5m):top(avg:shop.queue{*} by {host}, 1, 'mean', 'desc') > 100", { critical: 100 })
  await group(top, 'host:c', 'Alert')
  expect(Object.keys(await engine.api.groups(top))).toEqual(['host:c'])
  const quiet = Array.from({ length: 240 }, (_, index) => 100 + (index % 7))
  await pushCounts('shop.visits', 'a', [...quiet, ...Array.from({ length: 30 }, () => 900)])
  const anomalies = "avg(last_4h):anomalies(avg:shop.visits{*}, 'basic', 3, direction='both', interval=60, alert_window='last_15m') >= 0.8"
  const off = await create('query alert', anomalies, { critical: 0.8 })
  await group(off, '*', 'Alert')
})

test('a service check needs its results in a row, both ways', async () => {
  const run = (status: number, ago = 0) =>
    engine.api.send('POST', '/api/v1/check_run', [
      { check: 'shop.up', host_name: 'web-1', status, timestamp: nowS() - ago, tags: ['env:prod'] },
    ])
  await run(0, 60)
  const id = await create('service check', '"shop.up".over("env:prod").by("host").last(3).count_by_status()', {
    critical: 2,
    warning: 1,
    ok: 1,
  })
  await group(id, 'host:web-1', 'OK')
  await run(2, 30)
  await run(2, 15)
  await group(id, 'host:web-1', 'Alert')
  await run(0)
  await group(id, 'host:web-1', 'OK')
  expect(await transitionsOf(id)).toEqual(['host:web-1 OK→Alert', 'host:web-1 Alert→OK'])
})

test('logs and events are counted by what they say, and what is gone reads as 0', async () => {
  const logs = await create(
    'log alert',
    'logs("service:shop @http.status:>=500").index("*").rollup("count").by("@http.path").last("5m") > 1',
    { critical: 1 },
  )
  const none = await create('log alert', 'logs("service:shop status:ok").index("*").rollup("count").last("5m") < 1', { critical: 1 })
  await group(none, '*', 'Alert')
  const failed = { service: 'shop', message: 'upstream failed', http: { status: 502, path: '/pay' } }
  await engine.api.send('POST', '/api/v2/logs', [failed, failed, { ...failed, http: { status: 200, path: '/' } }])
  await group(logs, '@http.path:/pay', 'Alert')
  await engine.api.send('POST', '/api/v2/logs', [{ service: 'shop', status: 'ok', message: 'well' }])
  await group(none, '*', 'OK')
  const events = await create('event-v2 alert', 'events("source:ci deploy").rollup("count").last("5m") > 0', { critical: 0 })
  await engine.api.send('POST', '/api/v1/events', { title: 'Deploy of shop', text: 'v7', source_type_name: 'ci' })
  await group(events, '*', 'Alert')
})

test('a formula over what was found', async () => {
  const variable = (name: string, query: string) => ({
    ...{ name, data_source: 'logs', indexes: ['*'], search: { query }, compute: { aggregation: 'count' } },
    group_by: [{ facet: 'host', limit: 10, sort: { aggregation: 'count', order: 'desc' } }],
  })
  const variables = [variable('failed', 'service:mail status:error'), variable('sent', 'service:mail')]
  const id = await create('log alert', 'formula("failed / sent * 100").last("5m") > 40', { critical: 40 }, { variables })
  const mail = (hostname: string, status: string) => ({ service: 'mail', hostname, status, message: 'mail' })
  await engine.api.send('POST', '/api/v2/logs', [mail('a', 'error'), mail('a', 'ok'), mail('b', 'ok')])
  await group(id, 'host:a', 'Alert')
  await group(id, 'host:b', 'OK')
  await engine.api.send('POST', '/api/v2/logs', [mail('a', 'ok'), mail('a', 'ok')])
  await group(id, 'host:a', 'OK')
})

test('a heartbeat that stays out alerts, and the next ping ends it', async () => {
  const id = await create('heartbeat alert', 'heartbeat("a-key-of-the-tests").every("6s")', {})
  await engine.api.send('POST', '/api/v2/heartbeat/a-key-of-the-tests', undefined)
  await group(id, '*', 'OK')
  await group(id, '*', 'Alert')
  await engine.api.send('POST', '/api/v2/heartbeat/a-key-of-the-tests', undefined)
  await group(id, '*', 'OK')
})
