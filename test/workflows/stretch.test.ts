/** A monitor that is stretched, through the real workflow: it wakes up less often, and no slot is left out. */
import type { WorkflowHandle } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import type { Progress } from '../../activities/watch-ports.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import { taskQueues } from '../../core/schedule/queues.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { memoryPorts, type Script } from '../support/memory-ports.ts'
import { simulate } from '../support/simulate.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let environment: TestWorkflowEnvironment
const closers: (() => Promise<void>)[] = []
beforeEach(async () => {
  environment = await timeSkippingEnvironment()
  closers.push(() => environment.teardown())
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Stretched = Readonly<{ handle: WorkflowHandle; progress: readonly Progress[]; missed: () => number }>

/** `factorAt`: what the pressure answers at the how manieth evaluation. */
async function start(spec: MonitorSpec, script: Script, factorAt: (evaluation: number) => number): Promise<Stretched> {
  const progress: Progress[] = []
  let missed = 0
  const slotsMissed = (count: number): void => {
    missed += count
  }
  const memory = memoryPorts(script, { evaluationsPerRun: 5 })
  const ports = {
    ...memory,
    metrics: { ...memory.metrics, slotsMissed },
    progress: { record: (one: Progress) => void progress.push(one) },
    pressure: { evaluated: () => {}, stretchOf: () => factorAt(progress.length) },
  }
  memory.monitors.define(spec)
  const common = {
    connection: environment.nativeConnection,
    workflowBundle: await bundleWorkflows([], new URL('../support/scenario-workflow.ts', import.meta.url).pathname),
    activities: createActivities(ports),
    // Each task replays its whole run, so what isn't deterministic fails here.
    maxCachedWorkflows: 0,
  }
  const workers = await Promise.all(['monitors-stretch', taskQueues.notify].map((taskQueue) => Worker.create({ ...common, taskQueue })))
  const running = Promise.all(workers.map((worker) => worker.run()))
  const workflowId = workflowIdOf(spec.monitorId)
  const handle = environment.client.workflow.getHandle(workflowId)
  closers.push(async () => {
    await handle.terminate('the test is over').catch(() => {})
    for (const worker of workers) worker.shutdown()
    await running
  })
  await environment.client.workflow.start('monitor', { args: [{ monitorId: spec.monitorId }], taskQueue: 'monitors-stretch', workflowId })
  return { handle, progress, missed: () => missed }
}

const waves: Script = (slot) => ({ 'host:a': Math.floor(slot / 60_000) % 11 < 6 ? 95 : 10 })
const minute = 60_000
/** Of evaluations, between each and the next. */
const gapsOf = (progress: readonly Progress[]): number[] => {
  const slots = progress.flatMap(({ slot, lagMs }) => (slot === null || lagMs === null ? [] : [slot]))
  return slots.slice(1).map((slot, index) => slot - (slots[index] ?? slot))
}

test('it wakes up for every fourth slot, over many runs, and judges all of them as if it had never been stretched', async () => {
  const spec = specOf({ monitorId: 31, priority: 5 })
  const startedAt = await environment.currentTimeMs()
  const { handle, progress, missed } = await start(spec, waves, () => 4)
  await environment.sleep('90m')
  const { state, ledger } = await handle.query(stateQuery)
  // Not from before its start: on a busy machine a slot may lie in between.
  const truth = simulate(spec, ledger.firstSlot ?? startedAt, state.lastSlot, waves)
  // Until its turn the first time.
  expect(gapsOf(progress)[0]).toBeLessThanOrEqual(4 * minute)
  expect(new Set(gapsOf(progress).slice(1))).toEqual(new Set([4 * minute]))
  expect(progress.length).toBeGreaterThan(15)
  expect(progress.at(-1)).toMatchObject({ stretch: 4, intervalMs: 4 * minute, dueAt: state.lastSlot + 4 * minute })
  expect(ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)
  expect(ledger).toMatchObject({ skipped: 0, failed: 0 })
  expect(Object.entries(state.groups).map(([key, { status }]) => [key, status])).toEqual(
    Object.entries(truth.state.groups).map(([key, { status }]) => [key, status]),
  )
  // What waits on purpose isn't missed.
  expect(missed()).toBe(0)
})

test('the slot that had passed when a new monitor began is no sign of a load', async () => {
  const { progress } = await start(specOf({ monitorId: 33, intervalMs: 3_600_000 }), waves, () => 1)
  await until('a first evaluation', () => progress.some(({ lagMs }) => lagMs !== null))
  const [first] = progress.filter(({ lagMs }) => lagMs !== null)
  expect(first?.lagMs).toBeLessThan(30_000)
  expect((first?.at ?? 0) - (first?.slot ?? 0)).toBeGreaterThan(0)
})

test('it is back on its own interval as soon as an answer says so', async () => {
  const spec = specOf({ monitorId: 32, priority: 5 })
  const { progress } = await start(spec, waves, (evaluation) => (evaluation < 6 ? 3 : 1))
  await environment.sleep('40m')
  const gaps = gapsOf(progress).slice(1)
  expect(gaps[0]).toBe(3 * minute)
  expect(gaps.at(-1)).toBe(minute)
  expect(gaps).toEqual(gaps.toSorted((a, b) => b - a))
})
