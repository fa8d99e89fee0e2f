/**
 * A real PostgreSQL is stopped and started again under a running engine: what can be judged without it is judged meanwhile, what can't waits
 * and is judged by its own time, and every decision is stored. Read next: workflows/outbox.ts, test/workflows/postgres-away.test.ts.
 */
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createPool, type Pool } from '../../adapters/postgres/pool.ts'
import { freePort } from '../../cli/up/port.ts'
import { type RunningPostgres, startPostgres } from '../../cli/up/postgres.ts'
import { type StateAnswer, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { baseUrlOf } from '../support/address.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let folder: ReturnType<typeof temporaryFolder>
let port: number
let postgres: RunningPostgres
let pool: Pool
let namespace: TestNamespace
let engine: Engine
let site: Server
let siteUrl: string
let status = 200

beforeAll(async () => {
  quietRuntime()
  folder = temporaryFolder()
  port = await freePort()
  await start()
  pool = createPool(postgres.url)
  await migrate(pool)
  namespace = await createTestNamespace()
  engine = await startEngine({ url: postgres.url, pool, drop: async () => {} }, namespace)
  site = createServer((_, res) => void res.writeHead(status).end()).listen(0, '127.0.0.1')
  siteUrl = await baseUrlOf(site)
})
afterAll(async () => {
  await engine?.close()
  await namespace?.close()
  await pool?.end()
  await postgres?.stop()
  site?.close()
  folder?.remove()
})

async function start(): Promise<void> {
  postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), port, database: 'tocsin' })
}

const stateOf = (monitorId: number): Promise<StateAnswer> => namespace.client.workflow.getHandle(workflowIdOf(monitorId)).query(stateQuery)

const options = { interval: 1, thresholds: { critical: 200 } }

async function createCheck(): Promise<number> {
  const query = `http("${siteUrl}/health").status() != 200`
  const { id } = await engine.api.send('POST', '/api/v1/monitor', { name: 'site', type: 'http alert', query, message: '', options })
  return id
}

async function createMetric(): Promise<number> {
  const query = 'max(last_1m):avg:away.load{*} by {host} > 90'
  const { id } = await engine.api.send('POST', '/api/v1/monitor', {
    name: 'load',
    type: 'query alert',
    query,
    message: '',
    options: { interval: 1, thresholds: { critical: 90 } },
  })
  return id
}

test('checks go on, pushes wait, and all that was decided is stored in its order once it is back', async () => {
  const check = await createCheck()
  const metric = await createMetric()
  await engine.api.push('away.load', 'web-1', [{ value: 95 }])
  await until('both at work', async () => {
    const [one, other] = await Promise.all([stateOf(check), stateOf(metric)].map((state) => state.catch(() => null)))
    return one?.state.overall === 'OK' && other?.state.overall === 'Alert'
  })
  await postgres.stop()
  const before = await stateOf(check)
  const waiting = await stateOf(metric)
  for (const [answered, overall] of [
    [500, 'Alert'],
    [200, 'OK'],
    [500, 'Alert'],
  ] as const) {
    status = answered
    await until(`${overall} while nobody can store it`, async () => (await stateOf(check)).state.overall === overall, 60_000)
  }
  const refused = await fetch(`${engine.url}/ready`)
  expect([refused.status, await refused.json()]).toMatchObject([503, { postgres: 'unreachable' }])
  const during = await stateOf(check)
  expect(during.state.sequence - before.state.sequence).toBe(3)

  await start()
  const stored = await until(
    'what was decided',
    async () => {
      const { rows } = await pool.query<{ to_status: string; slot: number }>(
        'select to_status, slot from transitions where monitor_id = $1 and sequence > $2 order by sequence',
        [check, before.state.sequence],
      )
      return rows.length >= 3 && rows
    },
    60_000,
  )
  expect(stored.map(({ to_status }) => to_status)).toEqual(['Alert', 'OK', 'Alert'])
  expect(Math.max(...stored.map(({ slot }) => slot))).toBeLessThanOrEqual(during.state.lastSlot)
  const caughtUp = await until(
    'the slots that waited',
    async () => {
      const answer = await stateOf(metric)
      return answer.state.lastSlot >= during.state.lastSlot && answer
    },
    60_000,
  )
  expect(caughtUp.ledger).toMatchObject({ failed: 0, skipped: 0 })
  // On a busy machine a second is soon over, and nobody can ask a check about the one before.
  expect((await stateOf(check)).ledger.failed).toBe(0)
  expect(caughtUp.ledger.evaluated + caughtUp.ledger.caughtUp).toBeGreaterThan(waiting.ledger.evaluated + waiting.ledger.caughtUp + 3)
  expect(caughtUp.state.groups['host:web-1']?.status).toBe('Alert')
})
