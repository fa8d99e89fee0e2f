/** The workflows notify and deliver over activities that follow a script; what activities do is in test/activities/lanes.test.ts. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { ApplicationFailure } from '@temporalio/common'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DrainAnswer } from '../../activities/drain.ts'
import { wakeSignal } from '../../workflows/messages.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'

let environment: TestWorkflowEnvironment
let workflowBundle: WorkflowBundleWithSourceMap
beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))
  const logger = new DefaultLogger('WARN')
  ;[environment, workflowBundle] = await Promise.all([timeSkippingEnvironment(), bundleWorkflowCode({ workflowsPath, logger })])
})
afterAll(() => environment.teardown())

/** Works while `play` does. */
async function withWorker<Result>(activities: object, play: (taskQueue: string) => Promise<Result>): Promise<Result> {
  const taskQueue = randomUUID()
  const worker = await Worker.create({ connection: environment.nativeConnection, taskQueue, workflowBundle, activities })
  return worker.runUntil(() => play(taskQueue))
}

type Wake = () => Promise<void>

/** Plays a lane whose drains answer in this order; each may wake the lane while it runs. Resolves with the times of the drains. */
async function lane(drains: readonly ((wake: Wake) => Promise<DrainAnswer>)[]): Promise<number[]> {
  const times: number[] = []
  const workflowId = `deliver-${randomUUID()}`
  const start = async (taskQueue: string): Promise<void> => {
    await environment.client.workflow.signalWithStart('deliver', { workflowId, taskQueue, args: [{ receiver: 'ops' }], signal: wakeSignal })
  }
  return withWorker(
    {
      drain: async () => {
        times.push(await environment.currentTimeMs())
        const drain = drains[times.length - 1]
        const wake = (): Promise<void> => environment.client.workflow.getHandle(workflowId).signal(wakeSignal)
        return drain === undefined ? nothingOpen : drain(wake)
      },
    },
    async (taskQueue) => {
      await start(taskQueue)
      await environment.client.workflow.getHandle(workflowId).result()
      return times
    },
  )
}

const nothingOpen: DrainAnswer = { waitMs: null, delivered: 0 }
const waits = (waitMs: number | null) => async (): Promise<DrainAnswer> => ({ waitMs, delivered: 0 })
const wokenMeanwhile =
  (waitMs: number | null) =>
  async (wake: Wake): Promise<DrainAnswer> => {
    await wake()
    return { waitMs, delivered: 0 }
  }

const gapsOf = (times: readonly number[]): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0))

test('a notification is planned, also where the store is away for a while', async () => {
  let tries = 0
  const planNotification = async (input: unknown) => {
    tries += 1
    if (tries < 4) throw new Error('PostgreSQL is away')
    expect(input).toEqual({ monitorId: 7, sequence: 3 })
    return { woken: ['log'] }
  }
  const answer = await withWorker({ planNotification }, (taskQueue) =>
    environment.client.workflow.execute('notify', { workflowId: randomUUID(), taskQueue, args: [{ monitorId: 7, sequence: 3 }] }),
  )
  expect(answer).toEqual({ woken: ['log'] })
  expect(tries).toBe(4)
})

test('a lane sleeps as long as the drain says, and ends when nothing is open', async () => {
  const times = await lane([waits(90_000), waits(0), waits(null)])
  expect(times).toHaveLength(3)
  const [first = 0, second = 0] = gapsOf(times)
  expect(first).toBeGreaterThanOrEqual(90_000)
  expect(second).toBeLessThan(60_000)
})

test('a wake-up during a drain is answered by another one, whatever the drain said', async () => {
  expect(await lane([wokenMeanwhile(null), waits(null)])).toHaveLength(2)
  const times = await lane([wokenMeanwhile(3_600_000), waits(null)])
  expect(gapsOf(times)[0]).toBeLessThan(600_000)
})

test('a drain that fails is tried again, and a wake-up meanwhile is not lost', async () => {
  const away = async (wake: Wake): Promise<DrainAnswer> => {
    await wake()
    throw ApplicationFailure.create({ message: 'PostgreSQL is away' })
  }
  expect(await lane([away, waits(null), waits(null)])).toHaveLength(3)
})

test('a lane with many drains goes on in new runs', async () => {
  const drains = Array.from({ length: 150 }, () => waits(1_000))
  expect(await lane(drains)).toHaveLength(151)
})
