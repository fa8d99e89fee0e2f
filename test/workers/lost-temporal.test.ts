import { TestWorkflowEnvironment } from '@temporalio/testing'
import { expect, inject, test } from 'vitest'
import { freePort } from '../../cli/up/port.ts'
import { searchAttributeTypes, workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase } from '../support/database.ts'
import { answer, startHookServer } from '../support/hook-server.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { executableOf, quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'

const temporalOn = (port: number): Promise<TestWorkflowEnvironment> =>
  TestWorkflowEnvironment.createLocal({
    server: {
      ...executableOf(inject('temporalPath')),
      port,
      extraArgs: Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    },
  })

test('when Temporal comes back without its database, every monitor runs again with its state, and nothing is decided twice', async () => {
  quietRuntime()
  const port = await freePort()
  const database = await createTestDatabase()
  const source = await startHookServer(answer(500))
  let temporal = await temporalOn(port)
  const worker = await startWorkerProcess({ TEMPORAL_ADDRESS: `127.0.0.1:${port}`, DATABASE_URL: database.url })
  const monitorId = await insertMonitor(
    database.pool,
    { name: 'API', type: 'http alert', query: `http("${source.url}").failed() > 0`, tags: [], priority: null },
    { options: { interval: 1, thresholds: { critical: 0 } } },
  )
  const transitions = async (): Promise<number> =>
    (await database.pool.query('select 1 from transitions where monitor_id = $1', [monitorId])).rows.length
  try {
    await until('the alert', async () => (await transitions()) > 0, 60_000)
    await temporal.teardown()
    const asked = source.hooks().length
    temporal = await temporalOn(port)
    await until('evaluations by a new workflow', () => source.hooks().length > asked + 3, 90_000)
    const { status } = await temporal.client.workflow.getHandle(workflowIdOf(monitorId)).describe()
    expect(status.name).toBe('RUNNING')
    // No Data → Alert happened once; the new workflow carried on from Alert.
    expect(await transitions()).toBe(1)
    worker.child.kill('SIGTERM')
    expect(await worker.exitCode()).toBe(0)
  } catch (error) {
    throw new Error(`${String(error)}\n${worker.output().slice(-4_000)}`, { cause: error })
  } finally {
    worker.child.kill('SIGKILL')
    await temporal.teardown()
    await source.close()
    await database.drop()
  }
}, 200_000)
