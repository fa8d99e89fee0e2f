import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { taskQueues } from '../../core/schedule/queues.ts'
import { evaluateNowUpdate, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { memoryPorts } from '../support/memory-ports.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let namespace: TestNamespace
const spec = specOf({ monitorId: 1_001, intervalMs: 1_000, windowMs: 1_000 })
// Every run ends after one evaluation: messages meet the border between runs as often as can be.
const ports = memoryPorts(() => ({ 'host:a': 95 }), { evaluationsPerRun: 1 })
let worker: Worker
let running: Promise<void>

beforeAll(async () => {
  quietRuntime()
  namespace = await createTestNamespace()
  ports.monitors.define(spec)
  const workflowsPath = new URL('../../workflows/index.ts', import.meta.url).pathname
  const connection = { connection: namespace.nativeConnection, namespace: namespace.name }
  worker = await Worker.create({ ...connection, taskQueue: taskQueues.monitors(0), workflowsPath, activities: createActivities(ports) })
  running = worker.run()
  await namespace.client.workflow.start('monitor', {
    args: [{ monitorId: spec.monitorId }],
    taskQueue: taskQueues.monitors(0),
    workflowId: workflowIdOf(spec.monitorId),
  })
})
afterAll(async () => {
  worker.shutdown()
  await running
  await namespace.close()
})

test('no message is lost where runs end: signals are carried over, updates are answered first', async () => {
  const rounds = 12
  const handle = namespace.client.workflow.getHandle(workflowIdOf(spec.monitorId))
  const resolvedByHand = (): number =>
    ports.monitors.transitions(spec.monitorId).filter(({ reason }) => reason === 'resolved-by-hand').length
  const alerting = async (): Promise<boolean> => (await handle.query(stateQuery)).state.overall === 'Alert'
  // It answers once it has loaded its definition.
  await until('a monitor that answers', () =>
    handle.query(stateQuery).then(
      () => true,
      () => false,
    ),
  )
  const currentRun = async (): Promise<string> => (await handle.describe()).runId
  const runs = new Set<string>()
  for (let round = 1; round <= rounds; round += 1) {
    runs.add(await currentRun())
    await until('Alert', alerting)
    ports.monitors.define({ ...spec, version: round + 1 })
    const [answer] = await Promise.all([
      handle.executeUpdate(evaluateNowUpdate),
      handle.signal('respecify', { version: round + 1 }),
      handle.signal('resolve', { groups: ['host:a'] }),
    ])
    expect(answer.outcome).toBe('ok')
    await until(`resolve ${round}`, () => resolvedByHand() === round)
    // A run doesn't end while somebody waits for an answer. So every other round lets it end, and the others meet it as it is.
    if (round % 2 === 0) await until(`a run after round ${round}`, async () => !runs.has(await currentRun()))
  }
  const { state, ledger } = await until('the last version', async () => {
    const answer = await handle.query(stateQuery)
    return answer.state.spec.version === rounds + 1 && answer
  })
  expect(ledger.onDemand).toBe(rounds)
  expect(state.sequence).toBe(ports.monitors.transitions(spec.monitorId).length)
  expect(runs.size).toBeGreaterThanOrEqual(rounds / 2)
})
