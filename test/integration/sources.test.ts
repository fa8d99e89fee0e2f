/** Monitors that ask configured sources, the whole way: API, workflow, worker, source, status. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine, startWorkers } from '../support/engine.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let namespace: TestNamespace
let engine: Engine
let prometheus: HookServer
let value = 7

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  engine = await startEngine(database, namespace)
  prometheus = await startHookServer((res, attempt) => {
    const query = new URLSearchParams(prometheus.hooks()[attempt - 1]?.body)
    const metric = { host: 'web-1' }
    const at = Number(query.get('time') ?? query.get('end'))
    const isRange = query.has('end')
    const [start, step] = [Number(query.get('start')), Number(query.get('step'))]
    const times = isRange ? Array.from({ length: Math.round((at - start) / step) + 1 }, (_, n) => start + n * step) : []
    const values = times.map((time) => [time, String(value)])
    const result = isRange
      ? { resultType: 'matrix', result: [{ metric, values }] }
      : { resultType: 'vector', result: [{ metric, value: [at, String(value)] }] }
    res.writeHead(200).end(JSON.stringify({ status: 'success', data: result }))
  })
  const source = { name: 'prod', kind: 'prometheus', config: { url: new URL(prometheus.url).origin }, secrets: { bearer_token: 'hunter2' } }
  await engine.api.send('POST', '/api/v2/source', source)
})
afterAll(async () => {
  await engine?.close()
  await prometheus?.close()
  await namespace?.close()
  await database?.drop()
})

const create = async (fields: Readonly<Record<string, unknown>>): Promise<number> => {
  const monitor = { name: 'x', message: '', tags: [], ...fields, options: { interval: 1, ...Object(fields.options) } }
  return (await engine.api.send('POST', '/api/v1/monitor', monitor)).id
}

const isIn = (id: number, group: string, status: string) =>
  until(`${group} of monitor ${id} is ${status}`, async () => (await engine.api.groups(id))[group] === status)

test('PromQL and a metric query are asked of Prometheus, with its token, and alert and recover', { timeout: 120_000 }, async () => {
  value = 7
  const promql = await create({ type: 'promql alert', query: 'max by (host) (app_load) > 5', options: { thresholds: { critical: 5 } } })
  const metric = await create({ type: 'query alert', query: 'min(last_1m):max:app.load{*} by {host} > 5', options: { datasource: 'prod' } })
  await isIn(promql, 'host:web-1', 'Alert')
  await isIn(metric, 'host:web-1', 'Alert')
  value = 3
  await isIn(promql, 'host:web-1', 'OK')
  await isIn(metric, 'host:web-1', 'OK')
  expect(prometheus.hooks().every(({ headers }) => headers.authorization === 'Bearer hunter2')).toBe(true)
  const sent = prometheus.hooks().map(({ body }) => new URLSearchParams(body).get('query'))
  expect([...new Set(sent)].sort()).toEqual(['max by (host) (app_load)', 'max by (host) (avg_over_time(app_load{}[59s999ms]))'])
})

test('a monitor whose source is missing is stored, and says what is missing', { timeout: 120_000 }, async () => {
  const id = await create({ type: 'sql alert', query: 'select 1 as value; > 0' })
  const reason = await until('the reason', async () => {
    // 503 until its workflow runs.
    const answer = await engine.api.send('GET', `/api/v2/monitor/${id}/state`).catch(() => null)
    return answer?.state.health.kind === 'failing' && answer.state.health.reason
  })
  expect(reason).toContain('no source evaluates monitors of the type sql alert: configure one of the kind postgres')
})

test('a source with a task queue of its own is asked by the workers that serve it, and by nobody else', { timeout: 120_000 }, async () => {
  value = 7
  const config = { url: new URL(prometheus.url).origin }
  await engine.api.send('POST', '/api/v2/source', { name: 'far', kind: 'prometheus', config, task_queue: 'office' })
  const id = await create({
    type: 'promql alert',
    query: 'max by (host) (far_load) > 5',
    options: { datasource: 'far', thresholds: { critical: 5 } },
  })
  const asked = () => prometheus.hooks().filter(({ body }) => body.includes('far_load')).length
  await until('a failing evaluation', async () => {
    // 503 until its workflow runs.
    const answer = await engine.api.send('GET', `/api/v2/monitor/${id}/state`).catch(() => null)
    return answer?.state.health.kind === 'failing'
  })
  expect(asked()).toBe(0)
  const stop = await startWorkers(database, namespace, {
    ...loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name, TOCSIN_SHARDS: 'none' }),
    sourceQueues: ['office'],
  })
  try {
    await isIn(id, 'host:web-1', 'Alert')
    expect(asked()).toBeGreaterThan(0)
  } finally {
    await stop()
  }
})
