import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { deliverActivities } from '../../activities/deliver.ts'
import { planNotificationActivities } from '../../activities/plan-notification.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { logNotifier } from '../../adapters/notifiers/log.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import { createReceiver, deleteReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { answer, type Behaviour, type HookServer, startHookServer } from '../support/hook-server.ts'
import { insertJob } from '../support/insert-job.ts'
import { notificationJob } from '../support/notification-job.ts'
import { quietRuntime } from '../support/temporal.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const metrics = { evaluation: () => {}, transition: () => {}, commitDiverged: () => {}, slotsMissed: () => {}, delivery: () => {} }

let database: TestDatabase
let server: HookServer
let behave: Behaviour
let monitorId = 7_000
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
  monitorId += 1
  await insertJob(
    database.pool,
    notificationJob(['host:a', 'host:b'], { monitorId, message: '{{host.name}} {{value}} @webhook-ops @nobody' }),
  )
})
afterEach(async () => {
  await deleteReceiver(database.pool, 'webhook-ops')
  await server.close()
})

function activities() {
  const notifications = notificationStore(database.pool)
  const log = logNotifier({ info: (fields) => logged.push(fields) })
  const { planNotification } = planNotificationActivities({ notifications, renderer: messageRenderer() })
  const { deliver, abandonDelivery } = deliverActivities({
    notifications,
    notifiers: [log, webhookNotifier(Date.now)],
    metrics,
    clock: Date.now,
  })
  const environment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  return {
    plan: () => environment().run(planNotification, { monitorId, sequence: 2 }),
    deliver: (receiver: string) => environment().run(deliver, { monitorId, sequence: 2, receiver }),
    abandon: (receiver: string) => environment().run(abandonDelivery, { monitorId, sequence: 2, receiver, reason: 'given up' }),
  }
}

async function statuses(): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    'select receiver, transition_sequence as sequence, status, attempts from deliveries where monitor_id = $1 order by 1, 2',
    [monitorId],
  )
  return rows.map((row) => Object.values(row).join(' '))
}

test('a commit is planned, signed, delivered and recorded', async () => {
  const { plan, deliver } = activities()
  expect(await plan()).toEqual({ receivers: ['log', 'webhook-ops'] })
  expect(await deliver('webhook-ops')).toEqual({ delivered: 2, more: false })
  expect(await deliver('log')).toEqual({ delivered: 2, more: false })
  const messages = server.hooks().map(({ body, headers }) => new Webhook(secret).verify(body, { ...headers }))
  expect(messages).toEqual([
    expect.objectContaining({ body: 'a 95 @webhook-ops @nobody' }),
    expect.objectContaining({ body: 'b 95 @webhook-ops @nobody' }),
  ])
  expect(logged).toHaveLength(2)
  expect(await statuses()).toEqual(['log 1 delivered 1', 'log 2 delivered 1', 'webhook-ops 1 delivered 1', 'webhook-ops 2 delivered 1'])
  const { rows } = await database.pool.query('select unknown_handles from notifications where monitor_id = $1', [monitorId])
  expect(rows).toEqual([{ unknown_handles: ['nobody'] }])
})

test('a call that fails half-way carries on where it was, with the same id', async () => {
  const { plan, deliver } = activities()
  await plan()
  behave = (res, attempt, req) => answer(attempt === 2 ? 503 : 200, { 'retry-after': '60' })(res, attempt, req)
  await expect(deliver('webhook-ops')).rejects.toMatchObject({ type: 'DeliveryRetry', nonRetryable: false })
  expect(await statuses()).toContain('webhook-ops 2 retrying 1')
  expect(await deliver('webhook-ops')).toEqual({ delivered: 1, more: false })
  const ids = server.hooks().map((hook) => hook.headers['webhook-id'])
  expect(ids[1]).toBe(ids[2])
  expect(new Set(ids).size).toBe(2)
  expect(await statuses()).toEqual(expect.arrayContaining(['webhook-ops 1 delivered 1', 'webhook-ops 2 delivered 2']))
})

test('a pause that the receiver asks for is passed on, spread and bounded', async () => {
  const { plan, deliver } = activities()
  await plan()
  for (const [seconds, leastMs, mostMs] of [
    [60, 60_000, 72_000],
    [999_999, 3_600_000, 4_320_000],
  ] as const) {
    behave = answer(429, { 'retry-after': String(seconds) })
    const failure: unknown = await deliver('webhook-ops').catch((error: unknown) => error)
    const delayMs = failure instanceof Error && 'nextRetryDelay' in failure ? Number(failure.nextRetryDelay) : Number.NaN
    expect(delayMs).toBeGreaterThanOrEqual(leastMs)
    expect(delayMs).toBeLessThanOrEqual(mostMs)
  }
})

test('a receiver that was deleted in the meantime gets nothing, and its messages are dead', async () => {
  const { plan, deliver } = activities()
  await plan()
  await deleteReceiver(database.pool, 'webhook-ops')
  expect(await deliver('webhook-ops')).toEqual({ delivered: 0, more: false })
  expect(server.hooks()).toEqual([])
  expect(await statuses()).toEqual(expect.arrayContaining(['webhook-ops 1 dead 1', 'webhook-ops 2 dead 1']))
})

test('what is given up is dead, what was delivered before stays delivered', async () => {
  const { plan, deliver, abandon } = activities()
  await plan()
  behave = (res, attempt, req) => answer(attempt === 1 ? 200 : 500)(res, attempt, req)
  await expect(deliver('webhook-ops')).rejects.toThrow('HTTP 500')
  await abandon('webhook-ops')
  expect(await statuses()).toEqual(expect.arrayContaining(['webhook-ops 1 delivered 1', 'webhook-ops 2 dead 2']))
  expect(await deliver('webhook-ops')).toEqual({ delivered: 0, more: false })
})

test('a plan that is made twice sends nothing twice', async () => {
  const { plan, deliver } = activities()
  await Promise.all([plan(), plan()])
  await deliver('webhook-ops')
  await plan()
  await deliver('webhook-ops')
  expect(server.hooks()).toHaveLength(2)
})
