import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReconcilePass } from '../../activities/reconcile.ts'
import { reconcileWorkflowId } from '../../workflows/messages.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'

let environment: TestWorkflowEnvironment
beforeAll(async () => {
  environment = await timeSkippingEnvironment()
})
afterAll(() => environment.teardown())

test('passes go on every five seconds, every twelfth in full, through failures and over a continue-as-new', async () => {
  const passes: boolean[] = []
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: 'control',
    workflowsPath: fileURLToPath(new URL('../../workflows/reconcile.ts', import.meta.url)),
    activities: {
      reconcile: async ({ full }: ReconcilePass) => {
        passes.push(full)
        if (passes.length % 7 === 0) throw new Error('PostgreSQL is away')
      },
    },
  })
  const startedMs = await environment.currentTimeMs()
  await worker.runUntil(async () => {
    const handle = await environment.client.workflow.start('reconcile', {
      workflowId: reconcileWorkflowId,
      taskQueue: 'control',
      args: [{ pass: 0 }],
    })
    await environment.sleep('620 seconds')
    const description = await handle.describe()
    expect(description.runId).not.toBe(handle.firstExecutionRunId)
    await handle.terminate('seen enough')
  })
  expect(await environment.currentTimeMs()).toBeLessThan(startedMs + 700_000)
  expect(passes.length).toBeGreaterThanOrEqual(120)
  expect(passes).toEqual(passes.map((_, index) => index % 12 === 0))
})
