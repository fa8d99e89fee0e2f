import type { WorkflowHandle } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { afterEach, beforeAll, beforeEach } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import { taskQueues } from '../../core/schedule/queues.ts'
import { type StateAnswer, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { type MemoryPorts, memoryPorts, type Script } from './memory-ports.ts'
import { timeSkippingEnvironment } from './temporal.ts'
import { until } from './until.ts'

/** A monitor at work, where time passes as fast as it can. */
export type RunningMonitor = Readonly<{
  spec: MonitorSpec
  ports: MemoryPorts
  handle: WorkflowHandle
  startedAt: number
  restart: () => Promise<WorkflowHandle>
}>

export type MonitorRuns = Readonly<{
  /** Runs a monitor whose source follows the script, over ports in memory; `change` puts others in their place. */
  run: (
    script: Script,
    changes?: Partial<MonitorSpec>,
    bounds?: Parameters<typeof memoryPorts>[1],
    change?: (ports: MemoryPorts) => MemoryPorts,
  ) => Promise<RunningMonitor>
  /** Lets time pass. */
  sleep: (duration: string) => Promise<void>
}>

/** Of a test file: a server for each test, since one that saw a workflow end in the middle of a task may let no time pass any more. */
export function monitorRuns(): MonitorRuns {
  let environment: TestWorkflowEnvironment
  let bundle: WorkflowBundleWithSourceMap
  const closers: (() => Promise<void>)[] = []
  let lastId = 1_000

  beforeAll(async () => {
    bundle = await bundleWorkflowCode({ workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname })
  })
  beforeEach(async () => {
    environment = await timeSkippingEnvironment()
    closers.push(() => environment.teardown())
    // Notifications have nothing to tell here; time passes only while somebody takes their tasks.
    const notifyWorker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: taskQueues.notify,
      workflowBundle: bundle,
      activities: createActivities(memoryPorts(() => ({}))),
    })
    const notifying = notifyWorker.run()
    closers.push(async () => {
      notifyWorker.shutdown()
      await notifying
    })
  })
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  const run: MonitorRuns['run'] = async (script, changes = {}, bounds = {}, change = (ports) => ports) => {
    lastId += 1
    const spec = specOf({ monitorId: lastId, ...changes })
    const ports = change(memoryPorts(script, bounds))
    ports.monitors.define(spec)
    const taskQueue = `monitors-${lastId}`
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue,
      workflowBundle: bundle,
      activities: createActivities(ports),
      // Each workflow task replays the whole history, so what is not deterministic fails here. (With a cache this server also
      // hangs when an abandoned child ends after its parent has continued as new; the real server does not.)
      maxCachedWorkflows: 0,
    })
    const running = worker.run()
    // Follows the chain of runs, not the first one only.
    const handle = environment.client.workflow.getHandle(workflowIdOf(spec.monitorId))
    closers.push(async () => {
      // The server lets no time pass while a workflow's task waits for a worker that is gone.
      await handle.terminate('the test is over').catch(() => {})
      worker.shutdown()
      await running
    })
    const start = (): Promise<WorkflowHandle> =>
      environment.client.workflow.start('monitor', {
        args: [{ monitorId: spec.monitorId }],
        taskQueue,
        workflowId: workflowIdOf(spec.monitorId),
      })
    const startedAt = await environment.currentTimeMs()
    await start()
    return { spec, ports, handle, startedAt, restart: start }
  }

  return { run, sleep: (duration) => environment.sleep(duration) }
}

/** The state once all that it decided is stored. */
export async function settled(handle: WorkflowHandle, ports: MemoryPorts): Promise<StateAnswer> {
  return until('the commits', async () => {
    const answer = await handle.query(stateQuery)
    return ports.monitors.transitions(answer.state.spec.monitorId).length === answer.state.sequence && answer
  })
}

/** Rises over the threshold and falls again every few minutes, each group at its own pace; some values are missing. */
export const waves: Script = (slot) => {
  const minute = Math.floor(slot / 60_000)
  const values: Record<string, number> = {}
  for (const [index, period] of [7, 11, 13].entries()) {
    const phase = (minute + index) % period
    if (phase !== 5) values[`host:${index}`] = phase < 3 ? 95 : phase === 3 ? 85 : 10
  }
  return values
}
