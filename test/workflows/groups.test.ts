/** Very many groups in one monitor, through the real workflow with compressed payloads. */
import type { WorkflowHandle } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import { taskQueues } from '../../core/schedule/queues.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { memoryPorts, type Script } from '../support/memory-ports.ts'
import { simulate } from '../support/simulate.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'

const taskQueue = 'monitors-groups'
const evaluationsPerRun = 4
/** The goal for what a run of 10,000 groups hands on. */
const snapshotBytesMax = 1_000_000

let environment: TestWorkflowEnvironment
let bundle: WorkflowBundleWithSourceMap
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  // Notifications that never end: on this server a child must not end after its parent went on in a new run.
  bundle = await bundleWorkflows([], new URL('../support/scenario-workflow.ts', import.meta.url).pathname)
})
beforeEach(async () => {
  environment = await timeSkippingEnvironment()
  closers.push(() => environment.teardown())
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(spec: MonitorSpec, script: Script): Promise<WorkflowHandle> {
  const ports = memoryPorts(script, { evaluationsPerRun })
  ports.monitors.define(spec)
  const common = { connection: environment.nativeConnection, workflowBundle: bundle, activities: createActivities(ports), dataConverter }
  const workers = await Promise.all([taskQueue, taskQueues.notify].map((queue) => Worker.create({ ...common, taskQueue: queue })))
  const running = Promise.all(workers.map((worker) => worker.run()))
  const handle = environment.client.workflow.getHandle(workflowIdOf(spec.monitorId))
  closers.push(async () => {
    await handle.terminate('the test is over').catch(() => {})
    for (const worker of workers) worker.shutdown()
    await running
  })
  const args = [{ monitorId: spec.monitorId }]
  await environment.client.workflow.start('monitor', { args, taskQueue, workflowId: workflowIdOf(spec.monitorId) })
  return handle
}

/** 1 % of the groups change their level at each slot. */
function busy(count: number): Script {
  return (slot) => {
    const tick = Math.floor(slot / 60_000)
    return Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`host:web-${n},service:checkout-${n % 40}`, (tick + n) % 200 < 10 ? 95.123 : 20 + (n % 7)]),
    )
  }
}

test('10,000 groups are decided about as step alone decides, and carried over in less than a megabyte', async () => {
  const spec = specOf({ monitorId: 7, groupsMax: 20_000, groupBy: ['host', 'service'] })
  const startedAt = await environment.currentTimeMs()
  const handle = await start(spec, busy(10_000))
  await environment.sleep('10m')
  const { state, ledger } = await handle.query(stateQuery)
  const truth = simulate(spec, startedAt, state.lastSlot, busy(10_000))
  expect(state).toEqual(truth.state)
  expect(ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)

  const { events } = await handle.fetchHistory()
  const begun = events?.[0]?.workflowExecutionStartedEventAttributes
  const [snapshot] = begun?.input?.payloads ?? []
  expect(begun?.continuedExecutionRunId).toMatch(/\w/)
  expect(Buffer.from(snapshot?.metadata?.encoding ?? []).toString()).toBe('binary/zstd')
  expect(snapshot?.data?.length).toBeLessThan(snapshotBytesMax)
})

test('of 20,500 groups 20,000 are watched, the others are refused, and the health says so', async () => {
  const spec = specOf({ monitorId: 8, groupsMax: 20_000, groupBy: ['host', 'service'] })
  const handle = await start(spec, busy(20_500))
  await environment.sleep('3m')
  const { state } = await handle.query(stateQuery)
  expect(Object.keys(state.groups)).toHaveLength(20_000)
  expect(state.health).toMatchObject({ kind: 'groups-refused', refused: 500, groupsMax: 20_000 })
})
