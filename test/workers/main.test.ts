import { afterEach, expect, test } from 'vitest'
import { listEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { createMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { loadTemporalConfig, taskQueues } from '../../temporal.config.ts'
import { reconcileWorkflowId, searchAttributes, workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase } from '../support/database.ts'
import { answer, startHookServer } from '../support/hook-server.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { createTestNamespace } from '../support/namespace.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, statusOf, type WorkerProcess } from '../support/worker-process.ts'

const workers: WorkerProcess[] = []
afterEach(() => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  workers.length = 0
})

async function startWorker(environment: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const worker = await startWorkerProcess(environment)
  workers.push(worker)
  return worker
}

test('a worker serves its shards, starts the reconciler, evaluates what is stored, and ends cleanly on SIGTERM', async () => {
  const namespace = await createTestNamespace()
  const database = await createTestDatabase()
  const source = await startHookServer(answer(500))
  const worker = await startWorker({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name, DATABASE_URL: database.url })
  try {
    await until('a ready worker', async () => (await statusOf(`${worker.url}/ready`)) === 200)
    const queues = [...[0, 1, 2, 3].map(taskQueues.monitors), taskQueues.notify, taskQueues.control]
    const polling = Object.fromEntries(queues.map((queue) => [queue, 'RUNNING']))
    expect(await (await fetch(`${worker.url}/ready`)).json()).toEqual({ ready: true, postgres: true, workers: polling })
    expect(await statusOf(`${worker.url}/health`)).toBe(200)
    expect(await statusOf(`${worker.url}/other`)).toBe(404)
    // Nobody but the reconciler tells Temporal of this row.
    const monitorId = await insertMonitor(
      database.pool,
      { name: 'the API answers', type: 'http alert', query: `http("${source.url}").failed() > 0`, tags: ['team:api'], priority: 1 },
      { options: { interval: 1, thresholds: { critical: 0 } }, message: 'down' },
    )
    await until('the alert', async () => {
      const { rows } = await database.pool.query<{ overall_state: string }>('select overall_state from monitors where id = $1', [monitorId])
      return rows[0]?.overall_state === 'Alert'
    })
    await until(
      'the delivery to the log',
      () => worker.output().includes('"event":"notification"') || worker.output().includes('Triggered'),
    )
    const description = await until('Alert as a search attribute', async () => {
      const described = await namespace.client.workflow.getHandle(workflowIdOf(monitorId)).describe()
      return described.typedSearchAttributes.get(searchAttributes.monitorState) === 'Alert' && described
    })
    expect(description.priority?.priorityKey).toBe(1)
    expect((await namespace.client.workflow.getHandle(reconcileWorkflowId).describe()).status.name).toBe('RUNNING')
    const runtime = createMonitorRuntime(namespace.client, loadTemporalConfig({ TEMPORAL_NAMESPACE: namespace.name }))
    expect(await runtime.state(monitorId)).toMatchObject({ state: { overall: 'Alert' } })
    const scrape = async (): Promise<string> => (await fetch(`${worker.url}/metrics`)).text()
    await until('evaluations to be written', async () => /^tocsin_evaluation_log_written_total [1-9]/m.test(await scrape()))
    for (const queue of queues) expect(await scrape()).toMatch(new RegExp(`^tocsin_queue_served\\{queue="${queue}"\\} 1`, 'm'))
    expect(await scrape()).toMatch(/^tocsin_deliveries_open \d/m)
    const scraped = await scrape()
    expect(scraped).toMatch(/^tocsin_evaluations_total\{outcome="evaluated"\} \d/m)
    expect(scraped).toMatch(/^tocsin_transitions_total\{to="Alert"\} 1/m)
    expect(scraped).toMatch(/^tocsin_deliveries_total\{kind="log",outcome="delivered"\} 1/m)
    expect(scraped).toMatch(/^tocsin_evaluation_log_dropped_total 0/m)
    const asked = await runtime.evaluateNow(monitorId)
    expect(asked).toMatchObject({ overall: 'Alert' })
    worker.child.kill('SIGTERM')
    expect(await worker.exitCode()).toBe(0)
    expect(worker.output()).toContain('"event":"worker-stopped"')
    // What was evaluated just before the end is written down too.
    expect((await listEvaluations(database.pool, monitorId, null, 1_000)).map(({ slot }) => slot)).toContain(asked.slot)
  } catch (error) {
    throw new Error(`${String(error)}\n${worker.output().slice(-4_000)}`, { cause: error })
  } finally {
    worker.child.kill('SIGKILL')
    await source.close()
    await database.drop()
    await namespace.close()
  }
})

test('a worker without PostgreSQL and Temporal lives, says what it waits for and no password, is not ready, and stops when told', async () => {
  const worker = await startWorker({ TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgresql://me:S3CRET@127.0.0.1:1/nowhere' })
  await until('a word about waiting', () => worker.output().includes('"event":"waiting"'))
  expect(await statusOf(`${worker.url}/health`)).toBe(200)
  expect(await statusOf(`${worker.url}/ready`)).toBe(503)
  expect(worker.output()).toContain('"what":"postgres"')
  expect(worker.output()).not.toContain('S3CRET')
  worker.child.kill('SIGTERM')
  expect(await worker.exitCode()).toBe(0)
})

test('a worker with a wrong environment names the variable and ends with 2', async () => {
  const worker = await startWorker({ TOCSIN_SHARDS: '7' })
  expect(await worker.exitCode()).toBe(2)
  expect(worker.output()).toContain('TOCSIN_SHARDS: this cell has the shards 0-3, got 7')
})
