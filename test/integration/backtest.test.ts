/** The whole way of a backtest: points come in over HTTP, a worker judges their past on real servers, and nothing is stored. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'

let database: TestDatabase
let namespace: TestNamespace
let hooks: HookServer
let engine: Engine
/** A full minute, two hours ago. */
const startS = Math.floor(Date.now() / 60_000) * 60 - 7_200

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  hooks = await startHookServer(answer(200))
  engine = await startEngine(database, namespace)
  await engine.api.send('POST', '/api/v1/integration/webhooks/configuration/webhooks', { name: 'ops', url: hooks.url })
  // Fine, bad from minute 30 to 39, fine again; the other host is always fine.
  const pointsOf = (host: string) =>
    Array.from({ length: 100 }, (_, minute) => ({
      timestamp: startS + minute * 60,
      value: host === 'web-1' && minute >= 30 && minute < 40 ? 97 : 10,
    }))
  const series = ['web-1', 'web-2'].map((host) => ({
    metric: 'past.load',
    type: 3,
    points: pointsOf(host),
    resources: [{ type: 'host', name: host }],
  }))
  await engine.api.send('POST', '/api/v2/series', { series })
})
afterAll(async () => {
  await engine?.close()
  await hooks?.close()
  await namespace?.close()
  await database?.drop()
})

const monitor = {
  name: 'load of {{host.name}}',
  type: 'query alert',
  query: 'max(last_1m):avg:past.load{*} by {host} > 90',
  message: '{{host.name}} is at {{value}} @webhook-ops @nobody',
  options: { thresholds: { critical: 90 } },
}
const time = { from: startS + 600, to: startS + 90 * 60 }
const path = '/api/v2/monitor/backtest'

test('a past that was pushed is judged as it would have been, and whom it would have told is said', async () => {
  const report = await engine.api.send('POST', path, { monitor, ...time })
  expect(report.summary).toBe('would have alerted once and notified @webhook-ops twice')
  expect(report.slots).toMatchObject({ evaluated: 81, failed: 0, skipped: 0 })
  expect(report.would_have.episodes).toMatchObject([
    { group: 'host:web-1', worst: 'Alert', duration_s: 600, triggered_at: new Date((startS + 30 * 60) * 1_000).toISOString() },
  ])
  expect(report.would_have.transitions).toMatchObject([
    { group: 'host:web-1', from: 'OK', to: 'Alert', value: 97, threshold: 90, receivers: ['log', 'webhook-ops', 'nobody'] },
    { group: 'host:web-1', from: 'Alert', to: 'OK', value: 10 },
  ])
  expect(report.notifications.find(({ receiver }: { receiver: string }) => receiver === 'webhook-ops')).toMatchObject({
    known: true,
    count: 2,
    messages: [{ title: '[Triggered on {host:web-1}] load of web-1' }, { title: '[Recovered on {host:web-1}] load of web-1' }],
  })
  expect(report.at_end).toMatchObject({ overall: 'OK', groups: 2 })
})

test('nothing was stored, and nobody was told', async () => {
  const { rows } = await database.pool.query(
    `select (select count(*) from monitors) as monitors, (select count(*) from transitions) as transitions,
       (select count(*) from monitor_state) as states, (select count(*) from notifications) as notifications,
       (select count(*) from deliveries) as deliveries`,
  )
  expect(rows).toEqual([{ monitors: 0, transitions: 0, states: 0, notifications: 0, deliveries: 0 }])
  expect(hooks.hooks()).toEqual([])
})

test('a check can’t be asked about the past, and that is said', async () => {
  const check = { ...monitor, options: {}, type: 'http alert', query: 'http("http://127.0.0.1:9/").failed() > 0' }
  const report = await engine.api.send('POST', path, { monitor: check, ...time })
  expect(report.slots).toMatchObject({ evaluated: 0, skipped: 81 })
  expect(report.notes[1]).toBe('All 81 slots were skipped: a check can only be made at the time of its slot.')
})

test('what no source evaluates is refused with the reason', async () => {
  const slo = { ...monitor, options: {}, type: 'slo alert', query: 'error_budget("abc").over("7d") > 75' }
  await expect(engine.api.send('POST', path, { monitor: slo, ...time })).rejects.toThrow(/HTTP 400 .*no source .*slo alert/)
})

test('its workflow says what it is', async () => {
  const summaries: (string | undefined)[] = []
  for await (const { workflowId } of namespace.client.workflow.list({ query: "WorkflowType = 'backtest'" })) {
    const description = await namespace.client.workflow.getHandle(workflowId).describe()
    summaries.push(await description.staticSummary())
  }
  expect(summaries).toContain('would have: load of {{host.name}}')
})

test('a query is drawn as evaluations would have seen it', async () => {
  const drawing = await engine.api.send('POST', '/api/v2/monitor/draw', { monitor: { type: monitor.type, query: monitor.query }, ...time })
  expect(drawing).toMatchObject({
    start: time.from * 1_000,
    step_s: 60,
    points: 81,
    comparator: '>',
    thresholds: { critical: 90, warning: null },
    values: 'numbers',
    source: 'intake',
    groups_left_out: 0,
    notes: [],
  })
  // The worst first.
  expect(drawing.groups.map(({ group }: { group: string }) => group)).toEqual(['host:web-1', 'host:web-2'])
  const [bad] = drawing.groups
  expect(bad.values.flatMap((value: number, n: number) => (value === 97 ? [n] : []))).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
})

test('what the past says nothing of is drawn empty, with the reason', async () => {
  const check = { type: 'http alert', query: 'http("http://127.0.0.1:9/").failed() > 0' }
  const drawing = await engine.api.send('POST', '/api/v2/monitor/draw', { monitor: check, ...time })
  expect(drawing).toMatchObject({ groups: [], notes: [expect.stringContaining('a check can only be made at the time of its slot')] })
})

test('words that were pushed complete a query', async () => {
  const type = encodeURIComponent('query alert')
  const words = (rest: string) => engine.api.send('GET', `/api/v2/completion?type=${type}&${rest}`)
  expect(await words('of=name&text=LOAD')).toEqual({ source: 'intake', words: ['past.load'], more: false, note: null })
  expect(await words('of=key&name=past.load')).toMatchObject({ words: ['host'] })
  expect(await words('of=value&name=past.load&key=host&limit=1')).toMatchObject({ words: ['web-1'], more: true })
})
