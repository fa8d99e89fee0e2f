import { WithStartWorkflowOperation } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import type { Ledger } from '../../core/monitor/ledger.ts'
import { slotsBetween } from '../../core/schedule/slots.ts'
import { evaluateNowUpdate, type MonitorInput, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { memoryPorts } from '../support/memory-ports.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'

const spec = specOf({ monitorId: 3_001 })
const ports = memoryPorts(() => ({ 'host:a': 5 }), { catchUpBatchMax: 4 })
const taskQueue = 'evaluate-now'
let environment: TestWorkflowEnvironment
let worker: Worker
let running: Promise<void>

beforeAll(async () => {
  environment = await timeSkippingEnvironment()
  ports.monitors.define(spec)
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname,
    activities: createActivities(ports),
  })
  running = worker.run()
})
afterAll(async () => {
  worker.shutdown()
  await running
  await environment.teardown()
})

const handle = () => environment.client.workflow.getHandle(workflowIdOf(spec.monitorId))
const accounted = ({ evaluated, caughtUp, skipped, failed }: Ledger): number => evaluated + caughtUp + skipped + failed

test('an evaluation on demand leaves no slot out: not of those still to be caught up, and not of a pause', async () => {
  const workflowId = workflowIdOf(spec.monitorId)
  const input: MonitorInput = { monitorId: spec.monitorId }
  await environment.client.workflow.start('monitor', { workflowId, taskQueue, args: [input] })
  await environment.sleep('5m')
  await handle().terminate('lost')
  await environment.sleep('20m')

  const start = new WithStartWorkflowOperation('monitor', { workflowId, taskQueue, args: [input], workflowIdConflictPolicy: 'FAIL' })
  const behind = await environment.client.workflow.executeUpdateWithStart(evaluateNowUpdate, { startWorkflowOperation: start })
  // It answers for the slot that it has come to: judging the present first would leave out what lies between.
  expect(behind.slot).toBeLessThan((await environment.currentTimeMs()) - 10 * 60_000)
  await environment.sleep('1m')
  const caughtUp = await handle().query(stateQuery)
  expect(caughtUp.ledger).toMatchObject({ onDemand: 0, skipped: 0 })
  expect(caughtUp.ledger.caughtUp).toBeGreaterThanOrEqual(18)

  await handle().signal('pause')
  await environment.sleep('10m')
  expect((await handle().executeUpdate(evaluateNowUpdate)).slot).toBeGreaterThan((await environment.currentTimeMs()) - 5_000)
  await environment.sleep('5m')
  await handle().signal('resume')
  await environment.sleep('3m')
  const { state, ledger } = await handle().query(stateQuery)
  expect(accounted(ledger)).toBe(slotsBetween(spec.monitorId, spec.intervalMs, (ledger.firstSlot ?? 0) - spec.intervalMs, state.lastSlot))
  expect(ledger.skipped).toBeGreaterThanOrEqual(14)
})
