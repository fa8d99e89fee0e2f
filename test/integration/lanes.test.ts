/** Lanes on a real Temporal and a real PostgreSQL, with receivers over HTTP: one that works, one that fails, one that hangs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { answer, type Behaviour, type HookServer, startHookServer } from '../support/hook-server.ts'
import { insertCommit, insertJob } from '../support/insert-job.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

const names = ['well', 'failing', 'hanging'] as const
type Name = (typeof names)[number]

let database: TestDatabase
let namespace: TestNamespace
let engine: Engine
let runtime: TemporalMonitorRuntime
const servers = new Map<Name, HookServer>()
const behaviours = new Map<Name, Behaviour>()

beforeAll(async () => {
  quietRuntime()
  ;[database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()])
  engine = await startEngine(database, namespace)
  runtime = createMonitorRuntime(
    namespace.client,
    loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name }),
  )
  for (const name of names) {
    const server = await startHookServer((res, attempt, req) => (behaviours.get(name) ?? answer(200))(res, attempt, req))
    servers.set(name, server)
    const config = { url: server.url, customHeaders: null, encodeAs: 'json', secret: null }
    await createReceiver(database.pool, { name: `webhook-${name}`, kind: 'webhook', config, policy: { timeoutMs: 500 } })
  }
})
afterAll(async () => {
  await engine?.close()
  for (const server of servers.values()) await server.close()
  await namespace?.close()
  await database?.drop()
})

const idsAt = (name: Name): string[] => (servers.get(name)?.hooks() ?? []).map(({ headers }) => headers['webhook-id'] ?? '')

/** Commits of a monitor that names these receivers, notified as its workflow would. */
async function commits(monitorId: number, receivers: readonly Name[]) {
  const subject = notificationSubject({ monitorId, message: receivers.map((name) => `@webhook-${name}`).join(' ') })
  let sequence = 0
  return async (groups: readonly string[], to: 'Alert' | 'OK'): Promise<void> => {
    const first = sequence === 0
    const transitions = groups.map((group) => {
      sequence += 1
      return toldTransition({ sequence, group, to, from: to === 'OK' ? 'Alert' : 'OK' })
    })
    await (first ? insertJob : insertCommit)(database.pool, { monitorId, sequence, subject, transitions })
    await runtime.startNotify(monitorId, sequence)
  }
}

async function finished(monitorId: number, receiver: Name): Promise<void> {
  await until(`the deliveries of ${monitorId} to ${receiver}`, async () => {
    const { rows } = await database.pool.query<{ open: number; all: number }>(
      `select count(*) as all, count(*) filter (where status in ('pending', 'retrying')) as open
       from deliveries where monitor_id = $1 and receiver = $2`,
      [monitorId, `webhook-${receiver}`],
    )
    return rows[0] !== undefined && rows[0].all > 0 && rows[0].open === 0
  })
}

test('a receiver that hangs and one that fails delay no other', async () => {
  behaviours.set('hanging', () => {})
  behaviours.set('failing', answer(500))
  const commit = await commits(90_001, names)
  for (let round = 0; round < 10; round += 1) await commit([`host:${round}`, `host:${round}b`], 'Alert')
  await until('all messages of the one that is well', () => idsAt('well').length >= 20)
  await finished(90_001, 'well')
  expect(new Set(idsAt('well')).size).toBe(20)
  expect(idsAt('well')).toHaveLength(20)
  await until('the breakers of the others', async () => {
    const { rows } = await database.pool.query("select 1 from receiver_lanes where breaker_state <> 'closed'")
    return rows.length === 2
  })
})

test('once they are back, they get what they missed, alerts and recoveries in order', { timeout: 120_000 }, async () => {
  const commit = await commits(90_002, ['failing'])
  await commit(['host:a', 'host:b'], 'Alert')
  await commit(['host:a'], 'OK')
  for (const name of names) behaviours.set(name, answer(200))
  for (const name of ['failing', 'hanging'] as const) await finished(90_001, name)
  await finished(90_002, 'failing')
  const { rows } = await database.pool.query<{ line: string }>(
    `select concat_ws(' ', transition_sequence, form, status) as line from deliveries
     where monitor_id = 90002 and receiver = 'webhook-failing' order by transition_sequence`,
  )
  expect(rows.map(({ line }) => line)).toEqual(['1 single merged', '2 single delivered', '3 merged delivered'])
})

test('many commits one after the other lose no wake-up', { timeout: 120_000 }, async () => {
  const before = idsAt('well').length
  const commit = await commits(90_003, ['well'])
  // Pauses about as long as a lane looks by itself: commits fall on its end again and again.
  for (let round = 0; round < 25; round += 1) {
    await commit([`host:${round}`], 'Alert')
    await new Promise((resolve) => setTimeout(resolve, 450 + (round % 10) * 20))
  }
  await until('all of them', () => idsAt('well').length - before >= 25, 10_000)
  expect(new Set(idsAt('well').slice(before)).size).toBe(25)
})
