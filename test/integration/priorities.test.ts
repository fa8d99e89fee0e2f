import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { loadTemporalConfig, monitorTaskQueue, type TemporalConfig, taskQueues } from '../../temporal.config.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let namespace: TestNamespace
let config: TemporalConfig
let runtime: TemporalMonitorRuntime

beforeAll(async () => {
  quietRuntime()
  namespace = await createTestNamespace()
  config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  runtime = createMonitorRuntime(namespace.client, config)
})
afterAll(() => namespace.close())

/** Ids of monitors whose home is this shard. */
function idsOfShard(shard: number, count: number): number[] {
  const [cell] = config.cells
  const ids: number[] = []
  for (let id = 1 + shard * 100_000; ids.length < count; id += 1)
    if (monitorTaskQueue(cell, id) === taskQueues.monitors(shard)) ids.push(id)
  return ids
}

type Wanted = Readonly<{ monitorId: number; priority: number; tags: readonly string[] }>

/** Starts all of them while nobody serves the queue; then one worker, one task at a time. Answers in which order they got their turn. */
async function served(shard: number, wanted: readonly Wanted[]): Promise<number[]> {
  for (const one of wanted) await runtime.start({ ...one, version: 1, type: 'query alert', name: 'CPU' })
  const order: number[] = []
  const worker = await Worker.create({
    connection: namespace.nativeConnection,
    namespace: namespace.name,
    taskQueue: taskQueues.monitors(shard),
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../support/turn-workflow.ts', import.meta.url)),
    }),
    activities: { turn: async (monitorId: number) => void order.push(monitorId) },
    maxCachedWorkflows: 0,
    maxConcurrentWorkflowTaskExecutions: 1,
    maxConcurrentWorkflowTaskPolls: 1,
  })
  const running = worker.run()
  await until('all have had their turn', async () => order.length >= wanted.length)
  worker.shutdown()
  await running
  return order
}

/** The first tasks are handed out before the rest of the queue is read: so many may come before their betters. */
const headStart = 3

test('where a queue is behind, monitors of P1 are served before those of P5 that have waited for longer', async () => {
  const ids = idsOfShard(0, 40)
  const low = ids.slice(0, 30).map((monitorId) => ({ monitorId, priority: 5, tags: [] }))
  const high = ids.slice(30).map((monitorId) => ({ monitorId, priority: 1, tags: [] }))
  const order = await served(0, [...low, ...high])
  const lastHigh = Math.max(...high.map(({ monitorId }) => order.indexOf(monitorId)))
  expect(lastHigh).toBeLessThan(high.length + headStart)
})

test('a team with few monitors has its turn among those of a team with many', async () => {
  const ids = idsOfShard(1, 44)
  const many = ids.slice(0, 40).map((monitorId) => ({ monitorId, priority: 3, tags: ['team:many'] }))
  const few = ids.slice(40).map((monitorId) => ({ monitorId, priority: 3, tags: ['team:few'] }))
  const order = await served(1, [...many, ...few])
  const lastOfFew = Math.max(...few.map(({ monitorId }) => order.indexOf(monitorId)))
  expect(lastOfFew).toBeLessThan(2 * few.length + headStart + many.length / 4)
})

test('an edit of the priority or the team is an edit of the running workflow', async () => {
  const [monitorId = 0] = idsOfShard(2, 1)
  const monitor = { monitorId, version: 1, type: 'query alert', name: 'CPU', priority: 4, tags: ['team:web'] }
  await runtime.start(monitor)
  await runtime.respecify({ ...monitor, version: 2, priority: 1, tags: ['team:db'] })
  const { priority } = await namespace.client.workflow.getHandle(workflowIdOf(monitorId)).describe()
  expect(priority).toMatchObject({ priorityKey: 1, fairnessKey: 'team:db' })
})
