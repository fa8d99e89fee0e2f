import { fileURLToPath } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReconcileReport, reconcileActivities } from '../../activities/reconcile.ts'
import { reconcileStore } from '../../adapters/postgres/queries/reconcile.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { loadTemporalConfig, taskQueues } from '../../temporal.config.ts'
import { laneWorkflowIdOf, notifyWorkflowIdOf, workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { heardQuery } from '../support/monitor-workflow.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let namespace: TestNamespace
let database: TestDatabase
let runtime: TemporalMonitorRuntime
let stopWorkers: () => Promise<void>
let nowMs = Date.now()

beforeAll(async () => {
  quietRuntime()
  namespace = await createTestNamespace()
  database = await createTestDatabase()
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  runtime = createMonitorRuntime(namespace.client, config)
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../support/monitor-workflow.ts', import.meta.url)),
  })
  const workers = await Promise.all(
    [...config.cells[0].served.map(taskQueues.monitors), taskQueues.notify].map((taskQueue) =>
      Worker.create({ connection: namespace.nativeConnection, namespace: namespace.name, taskQueue, workflowBundle, reuseV8Context: true }),
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

/** A reconciler that has just started and remembers nothing. */
function reconciler(): (full: boolean) => Promise<ReconcileReport> {
  const activities = reconcileActivities({ reconcile: reconcileStore(database.pool), runtime, clock: () => nowMs })
  return (full) => new MockActivityEnvironment().run(activities.reconcile, { full })
}

async function insertMonitor(
  columns: Readonly<{ version?: number; appliedVersion?: number | null; deleted?: boolean }> = {},
): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into monitors (type, name, query, message, options, multi, creator, version, applied_version, deleted_at, modified_at)
     values ('query alert', 'CPU', 'q', '', '{}', false, '{}', $1, $2, case when $3 then now() end, now() - interval '1 minute') returning id`,
    [columns.version ?? 1, columns.appliedVersion ?? null, columns.deleted ?? false],
  )
  const [row] = rows
  if (row === undefined) throw new Error('no row')
  return row.id
}
const applied = (monitorId: number) => database.pool.query('update monitors set applied_version = version where id = $1', [monitorId])
const listed = async (monitorId: number): Promise<boolean> => {
  for await (const running of runtime.running()) if (running.monitorId === monitorId) return true
  return false
}

test('a definition whose workflow was never started is started', async () => {
  const monitorId = await insertMonitor()
  expect(await reconciler()(false)).toMatchObject({ started: 1, respecified: 0, failed: 0 })
  expect(await runtime.isRunning(monitorId)).toBe(true)
  await applied(monitorId)
  expect(await reconciler()(false)).toMatchObject({ started: 0 })
})

test('a definition that was edited is told to its workflow, once per wait rather than once per pass', async () => {
  const monitorId = await insertMonitor({ version: 2, appliedVersion: 1 })
  const pass = reconciler()
  expect(await pass(false)).toMatchObject({ respecified: 1 })
  expect(await pass(false)).toMatchObject({ respecified: 0 })
  nowMs += 5_000
  expect(await pass(false)).toMatchObject({ respecified: 1 })
  nowMs += 5_000
  expect(await pass(false)).toMatchObject({ respecified: 0 })
  expect(await namespace.client.workflow.getHandle(workflowIdOf(monitorId)).query(heardQuery)).toMatchObject({ versions: [2, 2] })
  await applied(monitorId)
})

test('a deleted monitor is stopped and marked once its workflow is gone', async () => {
  const monitorId = await insertMonitor()
  await reconciler()(false)
  await database.pool.query('update monitors set deleted_at = now() where id = $1', [monitorId])
  await until('monitor marked as stopped', async () => {
    await reconciler()(false)
    const { rows } = await database.pool.query<{ stopped: boolean }>(
      'select stopped_at is not null as stopped from monitors where id = $1',
      [monitorId],
    )
    return rows[0]?.stopped === true
  })
  expect(await runtime.isRunning(monitorId)).toBe(false)
})

test('a notification that nobody planned is started after its age, and an unripe one is left to its monitor', async () => {
  const monitorId = await insertMonitor()
  await applied(monitorId)
  await database.pool.query(
    `insert into notifications (monitor_id, sequence, version, transition_sequences, created_at)
     values ($1, 4, 1, '{4}', now() - interval '31 seconds'), ($1, 5, 1, '{5}', now())`,
    [monitorId],
  )
  expect(await reconciler()(false)).toMatchObject({ notified: 1 })
  const notification = namespace.client.workflow.getHandle(notifyWorkflowIdOf(monitorId, 4))
  expect(await notification.result()).toEqual({ monitorId, sequence: 4 })
  await database.pool.query('update notifications set planned_at = now()')
})

test('the lane of a receiver is woken once what is due has not been tried for a while', async () => {
  const monitorId = await insertMonitor()
  await applied(monitorId)
  await database.pool.query(
    `insert into notifications (monitor_id, sequence, version, transition_sequences, planned_at) values ($1, 1, 1, '{1}', now())`,
    [monitorId],
  )
  const due = "now() - interval '31 seconds'"
  await database.pool.query(
    `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, status, next_attempt_at) values
       ($1, 1, 1, 'finished', '', '', 'delivered', ${due}), ($1, 1, 1, 'forgotten', '', '', 'retrying', ${due}),
       ($1, 1, 1, 'not-yet', '', '', 'pending', now()), ($1, 1, 1, 'resting', '', '', 'pending', ${due}),
       ($1, 1, 1, 'drained', '', '', 'pending', ${due}), ($1, 1, 1, 'left', '', '', 'pending', ${due})`,
    [monitorId],
  )
  await database.pool.query(
    `insert into receiver_lanes (receiver, draining_until, waits_until) values
       ('resting', null, now() + interval '1 hour'), ('drained', now(), null), ('left', ${due}, ${due})`,
  )
  expect(await reconcileStore(database.pool).untended(30_000, 10)).toEqual(['forgotten', 'left'])
  expect(await reconciler()(false)).toMatchObject({ woken: 2 })
  const lane = namespace.client.workflow.getHandle(laneWorkflowIdOf('forgotten'))
  expect(await lane.result()).toEqual({ receiver: 'forgotten' })
  await database.pool.query("update deliveries set status = 'delivered'")
})

test('a full pass starts workflows that were lost and stops those without a definition', async () => {
  const lost = await insertMonitor()
  await reconciler()(false)
  await applied(lost)
  await namespace.client.workflow.getHandle(workflowIdOf(lost)).terminate('lost')
  const orphan = 77_777
  await runtime.start({ monitorId: orphan, version: 1, type: 'query alert', name: 'orphan', priority: null, tags: [] })
  await until('the list to show the orphan and not the lost one', async () => (await listed(orphan)) && !(await listed(lost)))
  const report = await reconciler()(true)
  expect(report).toMatchObject({ stopped: 1, failed: 0 })
  expect(report.started).toBeGreaterThanOrEqual(1)
  expect(await runtime.isRunning(lost)).toBe(true)
  await until('orphan stopped', async () => !(await runtime.isRunning(orphan)))
})

test('with fewer shards, monitors on queues that are gone are started on others; with more, nobody moves', async () => {
  const eight = loadTemporalConfig({
    TEMPORAL_ADDRESS: namespace.address,
    TEMPORAL_NAMESPACE: namespace.name,
    TOCSIN_SHARD_COUNT: '8',
  })
  const many = createMonitorRuntime(namespace.client, eight)
  const monitorIds = await Promise.all(Array.from({ length: 16 }, () => insertMonitor()))
  for (const monitorId of monitorIds) {
    await many.start({ monitorId, version: 1, type: 'query alert', name: 'CPU', priority: null, tags: [] })
    await applied(monitorId)
  }
  const homes = async (): Promise<Record<number, readonly [queue: string, runId: string]>> => {
    const described = await Promise.all(
      monitorIds.map((monitorId) => namespace.client.workflow.getHandle(workflowIdOf(monitorId)).describe()),
    )
    return Object.fromEntries(described.map(({ taskQueue, runId }, index) => [monitorIds[index] ?? 0, [taskQueue, runId]]))
  }
  const sweepOf = (of: TemporalMonitorRuntime) =>
    new MockActivityEnvironment().run(
      reconcileActivities({ reconcile: reconcileStore(database.pool), runtime: of, clock: () => nowMs }).reconcile,
      {
        full: true,
      },
    )
  await until('all to be listed', async () => (await Promise.all(monitorIds.map(listed))).every(Boolean))
  const before = await homes()
  const gone = monitorIds.filter((monitorId) => many.shardOf(monitorId) > 3)
  expect(gone.length).toBeGreaterThan(2)
  // Other tests' monitors are on the queues of four shards, and eight have those, too.
  expect(await sweepOf(many)).toMatchObject({ rehoused: 0, failed: 0 })
  expect(await homes()).toEqual(before)
  expect(await sweepOf(runtime)).toMatchObject({ rehoused: gone.length, failed: 0 })
  const after = await homes()
  for (const monitorId of monitorIds) {
    expect(after[monitorId]?.[0]).toBe(taskQueues.monitors(runtime.shardOf(monitorId)))
    if (!gone.includes(monitorId)) expect(after[monitorId]).toEqual(before[monitorId])
  }
})

test('one after the other, two full passes change nothing twice, and stop nothing that somebody defined', async () => {
  const monitorIds = await Promise.all(Array.from({ length: 5 }, () => insertMonitor()))
  const edited = await insertMonitor({ version: 3, appliedVersion: 2 })
  const pass = reconciler()
  expect(await pass(true)).toMatchObject({ respecified: 1, stopped: 0, terminated: 0, failed: 0 })
  for (const monitorId of [...monitorIds, edited]) await applied(monitorId)
  const runs = async (): Promise<string[]> => {
    const described = await Promise.all(
      [...monitorIds, edited].map((id) => namespace.client.workflow.getHandle(workflowIdOf(id)).describe()),
    )
    return described.map(({ runId, status }) => `${runId} ${status.name}`)
  }
  const before = await runs()
  expect(await pass(true)).toMatchObject({ respecified: 0, stopped: 0, terminated: 0, rehoused: 0, failed: 0 })
  expect(await runs()).toEqual(before)
  expect(before.every((run) => run.endsWith('RUNNING'))).toBe(true)
  expect(await namespace.client.workflow.getHandle(workflowIdOf(edited)).query(heardQuery)).toMatchObject({ versions: [3] })
})

test('two full passes at once do no harm', async () => {
  const monitorIds = await Promise.all(Array.from({ length: 45 }, () => insertMonitor()))
  const startedAt = Date.now()
  const reports = await Promise.all([reconciler()(true), reconciler()(true)])
  // 45 starts at 200 a second, in each.
  expect(Date.now() - startedAt).toBeGreaterThan(200)
  expect(reports.map((report) => report.failed)).toEqual([0, 0])
  for (const monitorId of monitorIds) expect(await runtime.isRunning(monitorId)).toBe(true)
})
