import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lazyTemporalClient } from '../../adapters/temporal/connect.ts'
import { MonitorNotRunning, MonitorRefused, RuntimeUnavailable } from '../../adapters/temporal/errors.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import type { RuntimeMonitor } from '../../core/monitor/spec-types.ts'
import { loadTemporalConfig, type TemporalConfig, taskQueues } from '../../temporal.config.ts'
import { searchAttributes, workflowIdOf } from '../../workflows/messages.ts'
import { heardQuery } from '../support/monitor-workflow.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let namespace: TestNamespace
let config: TemporalConfig
let runtime: TemporalMonitorRuntime
let stopWorkers: () => Promise<void>

beforeAll(async () => {
  quietRuntime()
  namespace = await createTestNamespace()
  config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  runtime = createMonitorRuntime(namespace.client, config)
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../support/monitor-workflow.ts', import.meta.url)),
  })
  const queues = [...config.cells[0].served.map(taskQueues.monitors), taskQueues.notify]
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({ connection: namespace.nativeConnection, namespace: namespace.name, taskQueue, workflowBundle, reuseV8Context: true }),
    ),
  )
  const runs = workers.map((worker) => worker.run())
  stopWorkers = async () => {
    for (const worker of workers) worker.shutdown()
    await Promise.all(runs)
  }
})
afterAll(async () => {
  await stopWorkers()
  await namespace.close()
})

const monitor = (monitorId: number, change: Partial<RuntimeMonitor> = {}): RuntimeMonitor => ({
  monitorId,
  version: 1,
  type: 'query alert',
  name: 'CPU of the web hosts',
  priority: 2,
  tags: ['team:web', 'env:prod'],
  ...change,
})
const heard = (monitorId: number) => namespace.client.workflow.getHandle(workflowIdOf(monitorId)).query(heardQuery)

test('a started monitor carries its search attributes, priority, summary and task queue, and starting it again does nothing', async () => {
  await runtime.start(monitor(1))
  await runtime.start(monitor(1))
  const description = await namespace.client.workflow.getHandle(workflowIdOf(1)).describe()
  expect(description.typedSearchAttributes.get(searchAttributes.monitorId)).toBe('1')
  expect(description.typedSearchAttributes.get(searchAttributes.monitorType)).toBe('query alert')
  expect(description.typedSearchAttributes.get(searchAttributes.monitorTags)).toEqual(['team:web', 'env:prod'])
  expect(description.typedSearchAttributes.get(searchAttributes.monitorPriority)).toBe(2)
  expect(description.priority?.priorityKey).toBe(2)
  expect(await description.staticSummary()).toBe('CPU of the web hosts')
  expect(config.cells[0].served.map(taskQueues.monitors)).toContain(description.taskQueue)
  expect((await heard(1)).monitorId).toBe(1)
})

test('the longest names and tag lists are cut to what the server takes, with a note', async () => {
  const tags = Array.from({ length: 100 }, (_, index) => `tag-${index}:${'😀"'.repeat(60)}`)
  await runtime.start(monitor(2, { name: '😀'.repeat(1_000), tags, priority: null }))
  const description = await namespace.client.workflow.getHandle(workflowIdOf(2)).describe()
  expect(await description.staticSummary()).toMatch(/^😀{99}…$/u)
  expect(await description.staticDetails()).toMatch(/^\d+ of 100 tags are not searchable/)
  expect(description.priority?.priorityKey).toBe(3)
})

test('respecify tells a running workflow the version, and starts one that is missing', async () => {
  await runtime.start(monitor(3))
  await runtime.respecify(monitor(3, { version: 2 }))
  await runtime.respecify(monitor(4, { version: 7 }))
  expect(await heard(3)).toMatchObject({ versions: [2] })
  expect(await heard(4)).toMatchObject({ monitorId: 4, versions: [7] })
})

test('pause and resume reach the workflow', async () => {
  await runtime.start(monitor(5))
  await runtime.pause(5)
  expect(await heard(5)).toMatchObject({ paused: true })
  await runtime.resume(5)
  expect(await heard(5)).toMatchObject({ paused: false })
})

test('resolve and evaluate now come back with the answer of the workflow', async () => {
  await runtime.start(monitor(6))
  expect(await runtime.resolve(6, ['host:a'])).toEqual({ resolved: ['host:a'] })
  expect(await runtime.evaluateNow(6)).toMatchObject({ outcome: 'ok' })
})

test('what is acknowledged comes back, and what is refused rejects with all reasons', async () => {
  await runtime.start(monitor(8))
  const said = { by: 'ann', until: null, note: null }
  expect(await runtime.acknowledge(8, { groups: ['host:a'], said })).toEqual(['host:a'])
  const refused = await runtime.acknowledge(8, { groups: '*', said }).catch((cause: unknown) => cause)
  expect(refused).toBeInstanceOf(MonitorRefused)
  expect(refused).toMatchObject({ code: 'monitor-refused', message: 'all is OK; really' })
})

test('a stopped monitor is not running any more, and stopping it again, or one that never was, is fine', async () => {
  await runtime.start(monitor(7))
  expect(await runtime.isRunning(7)).toBe(true)
  await runtime.stop(7)
  await until('monitor 7 gone', async () => !(await runtime.isRunning(7)))
  await runtime.stop(7)
  await runtime.stop(999_999)
  expect(await runtime.isRunning(999_999)).toBe(false)
})

test('asking a monitor that is not there, or not any more, says so with a stable code', async () => {
  for (const ask of [() => runtime.state(404), () => runtime.resolve(404, '*'), () => runtime.evaluateNow(404), () => runtime.pause(404)]) {
    const error = await ask().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(MonitorNotRunning)
    expect(error).toMatchObject({ code: 'monitor-not-running', message: 'monitor 404 has no running workflow yet' })
  }
})

test('asking a monitor that runs and has not loaded its definition yet says the same', async () => {
  // The workflow of this file never answers `state`, as the real one doesn't while it loads.
  await runtime.start(monitor(8))
  const error = await runtime.state(8).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(MonitorNotRunning)
})

test('running lists the monitors that run and nothing else', async () => {
  await runtime.start(monitor(8))
  await runtime.start(monitor(9))
  await runtime.startNotify(8, 1)
  await runtime.startNotify(8, 1)
  const ids = await until('monitors 8 and 9 in the list', async () => {
    const found: number[] = []
    for await (const { monitorId } of runtime.running()) found.push(monitorId)
    return found.includes(8) && found.includes(9) && found
  })
  expect(ids).not.toContain(7)
})

test('while Temporal is away every call rejects with a stable code within its deadline, and nothing blocks before', async () => {
  const away = lazyTemporalClient({ name: 'away', address: '127.0.0.1:1', namespace: 'default', shards: 4, served: [] })
  const absent = createMonitorRuntime(away.client, config)
  const started = Date.now()
  expect(await absent.start(monitor(1)).catch((error: unknown) => error)).toBeInstanceOf(RuntimeUnavailable)
  expect(await absent.respecify(monitor(1)).catch((error: unknown) => error)).toMatchObject({ code: 'runtime-unavailable' })
  expect(Date.now() - started).toBeLessThan(8_000)
  expect(await away.reachable()).toBe(false)
  await away.close()
})

test('a namespace that is not there is as good as away', async () => {
  const lost = lazyTemporalClient({ name: 'lost', address: namespace.address, namespace: 'no-such-namespace', shards: 4, served: [] })
  const absent = createMonitorRuntime(lost.client, config)
  expect(await absent.start(monitor(1)).catch((error: unknown) => error)).toMatchObject({ code: 'runtime-unavailable' })
  expect(await lost.reachable()).toBe(true)
  await lost.close()
})
