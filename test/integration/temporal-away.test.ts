/**
 * Temporal comes late, and later loses its database together with the worker: PostgreSQL alone says what must run, which
 * states and numbers go on, and what is still to be told. Read next: activities/reconcile.ts.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { lazyTemporalClient, type TemporalClient } from '../../adapters/temporal/connect.ts'
import { freePort } from '../../cli/up/port.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { searchAttributeTypes, workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngineApi } from '../support/engine.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { toldTransition } from '../support/notification-job.ts'
import { executableOf, quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

let database: TestDatabase
let hooks: HookServer
let client: TemporalClient
let engine: Engine
let port: number
let temporal: TestWorkflowEnvironment | undefined
let worker: WorkerProcess | undefined
let receiverStatus = 200

beforeAll(async () => {
  quietRuntime()
  port = await freePort()
  database = await createTestDatabase()
  hooks = await startHookServer((res) => void res.writeHead(receiverStatus).end())
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` })
  client = lazyTemporalClient(config.cells[0])
  engine = await startEngineApi(database, client.client, config)
  await engine.api.send('POST', '/api/v1/integration/webhooks/configuration/webhooks', { name: 'ops', url: hooks.url })
})
afterAll(async () => {
  worker?.child.kill('SIGKILL')
  await engine?.close()
  await client?.close()
  await temporal?.teardown()
  await hooks?.close()
  await database?.drop()
})

/** A server without any memory, on the same address. */
async function startTemporal(): Promise<TestWorkflowEnvironment> {
  const extraArgs = Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`])
  return TestWorkflowEnvironment.createLocal({ server: { ...executableOf(inject('temporalPath')), port, extraArgs } })
}

async function startWorker(): Promise<WorkerProcess> {
  return startWorkerProcess({ TEMPORAL_ADDRESS: `127.0.0.1:${port}`, DATABASE_URL: database.url })
}

async function create(metric: string): Promise<number> {
  const { id } = await engine.api.send('POST', '/api/v1/monitor', {
    name: metric,
    type: 'query alert',
    query: `min(last_1m):avg:${metric}{*} by {host} > 90`,
    message: 'see @webhook-ops',
    options: { interval: 1, new_group_delay: 0, thresholds: { critical: 90 } },
  })
  return id
}

const group = async (id: number, name: string, status: string): Promise<void> => {
  await until(`${name} of monitor ${id} is ${status}`, async () => (await engine.api.groups(id))[name] === status, 60_000)
}

async function transitionsOf(id: number): Promise<string[]> {
  const { transitions } = await engine.api.send('GET', `/api/v2/monitor/${id}/transitions`)
  return [...transitions].reverse().map(({ sequence, from, to }: Transition) => `${sequence} ${from}→${to}`)
}

const isRunning = async (id: number): Promise<boolean> =>
  client.client.workflow
    .getHandle(workflowIdOf(id))
    .describe()
    .then(
      ({ status }) => status.name === 'RUNNING',
      () => false,
    )

const hookIds = (): string[] => hooks.hooks().map(({ headers }) => headers['webhook-id'] ?? '')

test('what was defined while Temporal was away runs when it comes, and goes on when it comes back empty', {
  timeout: 240_000,
}, async () => {
  const early = await create('away.early')
  const edited = await create('away.edited')
  const deleted = await create('away.deleted')
  await engine.api.send('PUT', `/api/v1/monitor/${edited}`, { name: 'renamed while away' })
  await engine.api.send('DELETE', `/api/v1/monitor/${deleted}`)
  await engine.api.push('away.early', 'web-1', [{ value: 95 }])
  await engine.api.push('away.edited', 'web-1', [{ value: 5 }])

  worker = await startWorker()
  temporal = await startTemporal()
  await group(early, 'host:web-1', 'Alert')
  await group(edited, 'host:web-1', 'OK')
  await until('the first message', () => hookIds().length === 1)
  expect(await isRunning(deleted)).toBe(false)

  receiverStatus = 503
  await engine.api.push('away.early', 'web-2', [{ value: 96 }])
  const retried = await until('a message that is refused', () => hookIds()[1], 60_000)
  await until('its retry', () => hookIds().filter((id) => id === retried).length >= 2)
  worker.child.kill('SIGKILL')
  await temporal.teardown()

  // Long after: nobody tries the delivery any more, and another commit's notification was never begun.
  await database.pool.query("update deliveries set next_attempt_at = now() - interval '1 minute' where status = 'retrying'")
  await database.pool.query('update receiver_lanes set draining_until = null, waits_until = null')
  await insertUntold(edited)
  receiverStatus = 200
  const seen = hooks.hooks().length
  temporal = await startTemporal()
  worker = await startWorker()
  const lateIds = await until('the messages that were lost', () => hookIds().length >= seen + 2 && hookIds().slice(seen), 90_000)
  expect(new Set(lateIds)).toEqual(new Set([retried, `msg_${edited}_1000_${untold.slot}_webhook-ops`]))

  expect(await isRunning(early)).toBe(true)
  expect(await isRunning(edited)).toBe(true)
  await engine.api.push('away.early', 'web-1', [{ value: 10 }])
  await group(early, 'host:web-1', 'OK')
  expect(await transitionsOf(early)).toEqual(['1 OK→Alert', '2 OK→Alert', '3 Alert→OK'])
  expect(await engine.api.groups(early)).toEqual({ 'host:web-1': 'OK', 'host:web-2': 'Alert' })
  await until('every delivery', async () => {
    const { rows } = await database.pool.query("select 1 from deliveries where status <> 'delivered'")
    return rows.length === 0
  })
})

const untold = toldTransition({ sequence: 1_000 })

/** A commit whose worker died, and whose workflow was lost, before the notification began. */
async function insertUntold(monitorId: number): Promise<void> {
  const { sequence, group: key, from, to, slot, reason } = untold
  await database.pool.query(
    `insert into transitions (monitor_id, sequence, group_key, from_status, to_status, slot, reason, version, notify, detail)
     values ($1, $2, $3, $4, $5, $6, $7, 1, true, $8)`,
    [monitorId, sequence, key, from, to, slot, reason, JSON.stringify(untold)],
  )
  await database.pool.query(
    `insert into notifications (monitor_id, sequence, version, transition_sequences, created_at)
     values ($1, $2, 1, array[$2::bigint], now() - interval '31 seconds')`,
    [monitorId, sequence],
  )
}
