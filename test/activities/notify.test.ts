/** Planned and drained with the notifiers of production, over HTTP. What lanes do beyond that is in lanes.test.ts. */
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { logNotifier } from '../../adapters/notifiers/log.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { searchDeliveries } from '../../adapters/postgres/queries/delivery-log.ts'
import { createReceiver, deleteReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { answer, type Behaviour, type HookServer, startHookServer } from '../support/hook-server.ts'
import { type Lane, openLane } from '../support/lane.ts'
import { quietRuntime } from '../support/temporal.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

let database: TestDatabase
let server: HookServer
let behave: Behaviour
let lane: Lane
const logged: unknown[] = []

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  behave = answer(200)
  logged.splice(0)
  server = await startHookServer((res, attempt, req) => behave(res, attempt, req))
  const config = { url: server.url, customHeaders: null, encodeAs: 'json', secret }
  await createReceiver(database.pool, { name: 'webhook-ops', kind: 'webhook', config })
  await database.pool.query('truncate receiver_lanes')
  lane = await openLane(database.pool, {
    subject: { message: '{{host.name}} {{value}} @webhook-ops @nobody' },
    ports: { notifiers: [logNotifier({ info: (fields) => logged.push(fields) }), webhookNotifier(Date.now)] },
  })
})
afterEach(async () => {
  await deleteReceiver(database.pool, 'webhook-ops')
  await server.close()
})

test('a commit is planned, signed, delivered and recorded', async () => {
  await lane.commit('host:a Alert', 'host:b Alert')
  expect(lane.woken).toEqual(['log', 'webhook-ops'])
  expect(await lane.drain('webhook-ops')).toEqual({ delivered: 2, waitMs: null })
  await lane.drain('log')
  const messages = server.hooks().map(({ body, headers }) => new Webhook(secret).verify(body, { ...headers }))
  expect(messages).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ body: 'a 95 @webhook-ops @nobody' }),
      expect.objectContaining({ body: 'b 95 @webhook-ops @nobody' }),
    ]),
  )
  expect(logged.length).toBeGreaterThanOrEqual(2)
  expect(await lane.statuses('webhook-ops')).toEqual(['1 single delivered 1', '2 single delivered 1'])
  expect(await lane.statuses('log')).toEqual(['1 single delivered 1', '2 single delivered 1'])
  const { rows } = await database.pool.query('select unknown_handles from notifications where monitor_id = $1', [lane.monitorId])
  expect(rows).toEqual([{ unknown_handles: ['nobody'] }])
})

test('a plan that is made twice sends nothing twice', async () => {
  const sequence = await lane.write('host:a Alert', 'host:b Alert')
  await Promise.all([lane.plan(sequence), lane.plan(sequence)])
  await lane.drain('webhook-ops')
  await lane.plan(sequence)
  await lane.drain('webhook-ops')
  expect(server.hooks()).toHaveLength(2)
})

test('what a receiver answers is kept without its secrets', async () => {
  behave = answer(400, {}, `bad key ${secret}, at ${server.url}`)
  await lane.commit('host:a Alert')
  await lane.drain('webhook-ops')
  const [found] = await searchDeliveries(database.pool, { monitorId: lane.monitorId, receiver: 'webhook-ops', limit: 5 })
  expect(found).toMatchObject({ status: 'dead', detail: 'HTTP 400: bad key [redacted], at [redacted]' })
})

test('a pause that the receiver asks for is kept to', async () => {
  behave = answer(429, { 'retry-after': '60' })
  await lane.commit('host:a Alert')
  const { waitMs } = await lane.drain('webhook-ops')
  expect(waitMs).toBeGreaterThan(55_000)
  expect(waitMs).toBeLessThanOrEqual(72_000)
})

test('while one receiver hangs, another gets its messages', async () => {
  behave = () => {}
  const policy = { timeoutMs: 300, concurrency: 4 }
  await database.pool.query("update receivers set policy = $1 where name = 'webhook-ops'", [JSON.stringify(policy)])
  await lane.commit(...Array.from({ length: 15 }, (_, index) => `host:${index} Alert`))
  const hanging = lane.drain('webhook-ops')
  await lane.drain('log')
  expect((await lane.statuses('log')).every((line) => line.includes('delivered'))).toBe(true)
  // Five in a row, and what was on its way with them: then it is left alone, and takes nobody's place.
  expect((await hanging).waitMs).toBeGreaterThan(2_000)
  expect(server.hooks().length).toBeLessThanOrEqual(8)
})
