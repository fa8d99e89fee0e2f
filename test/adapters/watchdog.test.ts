import { fileURLToPath } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ReconcileReport, reconcileActivities } from '../../activities/reconcile.ts'
import type { Progress } from '../../activities/watch-ports.ts'
import { progressWriter } from '../../adapters/postgres/progress-writer.ts'
import { savePulse } from '../../adapters/postgres/queries/engine.ts'
import { findProgress, findPunctuality, saveProgress } from '../../adapters/postgres/queries/progress.ts'
import { reconcileStore } from '../../adapters/postgres/queries/reconcile.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { loadTemporalConfig, taskQueues } from '../../temporal.config.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let namespace: TestNamespace
let database: TestDatabase
let runtime: TemporalMonitorRuntime
let stopWorkers: () => Promise<void>

beforeAll(async () => {
  quietRuntime()
  namespace = await createTestNamespace()
  database = await createTestDatabase()
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  runtime = createMonitorRuntime(namespace.client, config)
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../support/deaf-workflow.ts', import.meta.url)),
  })
  const workers = await Promise.all(
    config.cells[0].served.map((shard) =>
      Worker.create({
        connection: namespace.nativeConnection,
        namespace: namespace.name,
        taskQueue: taskQueues.monitors(shard),
        workflowBundle,
      }),
    ),
  )
  const runs = workers.map((worker) => worker.run())
  stopWorkers = async () => {
    for (const worker of workers) worker.shutdown()
    await Promise.all(runs)
  }
})
afterAll(async () => {
  await stopWorkers()
  await namespace.close()
  await database.drop()
})
beforeEach(async () => {
  await database.pool.query('delete from engine_workers')
  await database.pool.query('delete from monitor_progress')
  await database.pool.query('update monitors set deleted_at = now(), stopped_at = now()')
})

const minute = 60_000
let nowMs = Date.now()

function reconciler(): (full: boolean) => Promise<ReconcileReport> {
  const activities = reconcileActivities({ reconcile: reconcileStore(database.pool), runtime, clock: () => nowMs })
  return (full) => new MockActivityEnvironment().run(activities.reconcile, { full })
}

const workerSince = (startedAt: number, shards: readonly number[] = [0, 1, 2, 3]): Promise<void> =>
  savePulse(database.pool, {
    worker: 'w',
    startedAt: new Date(startedAt),
    shards,
    stretchLevel: 0,
    evaluationsPerSecond: 1,
    lagP50: 1,
    lagP99: 2,
    lagP1P99: null,
  })

/** A monitor at work, which was last due so long ago. */
async function monitorDue(
  agoMs: number,
  more: Partial<Progress> & Readonly<{ paused?: boolean; committedAgoMs?: number }> = {},
): Promise<number> {
  const { paused = false, committedAgoMs = 3_600_000, ...progress } = more
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into monitors (type, name, query, message, options, multi, creator, applied_version)
     values ('query alert', 'CPU', 'q', '', '{}', false, '{}', 1) returning id`,
  )
  const monitorId = rows[0]?.id ?? 0
  await database.pool.query(
    `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health, updated_at)
     values ($1, 1, 1, 1, $2, 'OK', '{"kind": "ok"}', now() - $3 * interval '1 millisecond')`,
    [monitorId, paused, committedAgoMs],
  )
  const now = Date.now()
  const dueAt = now - agoMs
  await saveProgress(database.pool, [
    { monitorId, priority: 3, slot: dueAt - minute, dueAt, intervalMs: minute, stretch: 1, lagMs: 12, at: dueAt - minute, ...progress },
  ])
  return monitorId
}

const runOf = async (monitorId: number): Promise<string> =>
  (await namespace.client.workflow.getHandle(workflowIdOf(monitorId)).describe()).runId
const started = async (monitorId: number): Promise<string> => {
  await runtime.start({ monitorId, version: 1, type: 'query alert', name: 'CPU', priority: 3, tags: [] })
  await until('it to be listed', async () => {
    for await (const one of runtime.running()) if (one.monitorId === monitorId) return true
    return false
  })
  return runOf(monitorId)
}

test.each<[string, number, Parameters<typeof monitorDue>[1], number]>([
  ['a monitor that was due three intervals ago and longer is overdue', 3 * minute + 5_000, {}, 1],
  ['one that was due less long ago is not', 3 * minute - 5_000, {}, 0],
  ['a stretched one is judged by its stretched interval', 5 * minute, { intervalMs: 4 * minute, stretch: 4 }, 0],
  ['a quick one has a minute', 50_000, { intervalMs: 1_000 }, 0],
  ['a minute and no more', 70_000, { intervalMs: 1_000 }, 1],
  ['a paused one is never', 60 * minute, { paused: true }, 0],
  ['one that committed since has moved', 60 * minute, { committedAgoMs: 60_000 }, 0],
  ['a schedule that has come to its end is never', 60 * minute, { dueAt: null }, 0],
])('%s', async (_name, agoMs, more, overdue) => {
  await monitorDue(agoMs, more)
  expect((await findPunctuality(database.pool, Date.now())).overdue).toBe(overdue)
})

test('an overdue monitor is started again in the place of its workflow; those on time are left alone', async () => {
  const stuck = await monitorDue(10 * minute)
  const fine = await monitorDue(minute)
  const [stuckRun, fineRun] = [await started(stuck), await started(fine)]
  await workerSince(Date.now() - 10 * minute)
  expect(await reconciler()(true)).toMatchObject({ repaired: 1, failed: 0 })
  expect(await runOf(stuck)).not.toBe(stuckRun)
  expect(await runOf(fine)).toBe(fineRun)
})

test.each<[string, () => Promise<void>]>([
  ['no worker serves its shard', async () => workerSince(Date.now() - 10 * minute, [])],
  ['its worker has just started', async () => workerSince(Date.now() - 5_000)],
  [
    'most are late: then it is the engine that is',
    async () => {
      await workerSince(Date.now() - 10 * minute)
      for (let other = 0; other < 4; other += 1) await monitorDue(10 * minute)
    },
  ],
])('nothing is repaired where %s', async (_name, arrange) => {
  await monitorDue(10 * minute)
  await arrange()
  expect(await reconciler()(true)).toMatchObject({ repaired: 0 })
})

test('the workflow of a deleted monitor that does not stop is ended after five minutes', async () => {
  const monitorId = await monitorDue(0)
  await started(monitorId)
  const deletedAgo = (interval: string) =>
    database.pool.query(`update monitors set deleted_at = now() - $2::interval, stopped_at = null where id = $1`, [monitorId, interval])
  await deletedAgo('4 minutes')
  expect(await reconciler()(false)).toMatchObject({ stopped: 1, terminated: 0 })
  expect(await runtime.isRunning(monitorId)).toBe(true)
  await deletedAgo('6 minutes')
  expect(await reconciler()(false)).toMatchObject({ terminated: 1, failed: 0 })
  expect(await runtime.isRunning(monitorId)).toBe(false)
})

test('a workflow without a definition that does not stop is ended after five minutes', async () => {
  const orphan = 88_888
  await started(orphan)
  const pass = reconciler()
  const first = await pass(true)
  expect(first.stopped).toBeGreaterThanOrEqual(1)
  expect(await runtime.isRunning(orphan)).toBe(true)
  nowMs += 6 * minute
  expect((await pass(true)).terminated).toBeGreaterThanOrEqual(1)
  expect(await runtime.isRunning(orphan)).toBe(false)
})

test('of what is recorded the latest is written, and what an older process writes afterwards changes nothing', async () => {
  const monitorId = await monitorDue(0)
  const writer = progressWriter({ pool: database.pool, log: { warn: () => {} } })
  const at = Date.now() + 1_000
  const progress: Progress = { monitorId, priority: 1, slot: at, dueAt: at + 1, intervalMs: minute, stretch: 1, lagMs: 5, at }
  writer.record(progress)
  writer.record({ ...progress, dueAt: at + 2 * minute, stretch: 2, at: at + 1 })
  await writer.close()
  await saveProgress(database.pool, [{ ...progress, dueAt: 7 }])
  expect(await findProgress(database.pool, monitorId)).toEqual({ due_at: at + 2 * minute, stretch: 2, lag_ms: 5 })
})
