import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlannedDelivery, Receiver } from '../../activities/notification-ports.ts'
import { laneStore } from '../../adapters/postgres/queries/lanes.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import {
  createReceiver,
  deleteReceiver,
  findReceivers,
  getReceiver,
  listReceivers,
  sealReceivers,
  updateReceiver,
} from '../../adapters/postgres/queries/receivers.ts'
import { notificationStoreConformance } from '../conformance/notification-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertJob } from '../support/insert-job.ts'
import { notificationJob } from '../support/notification-job.ts'
import { testSecrets } from '../support/secrets.ts'

const planned: PlannedDelivery = {
  receiver: 'log',
  form: 'single',
  transitionSequence: 1,
  transitionSequences: [],
  chain: '',
  opens: true,
  title: 't',
  body: 'b',
  priority: null,
  episode: null,
  fallbackFor: null,
  bundle: null,
}

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

notificationStoreConformance('PostgreSQL', async (jobs, receivers) => {
  for (const job of jobs) await insertJob(database.pool, job)
  for (const receiver of receivers) await createReceiver(database.pool, receiver)
  return { notifications: notificationStore(database.pool), lanes: laneStore(database.pool) }
})

test('a plan of a thousand messages is one transaction', async () => {
  const groups = Array.from({ length: 1_000 }, (_, index) => `host:${index}`)
  await insertJob(database.pool, notificationJob(groups, { monitorId: 43 }))
  const store = notificationStore(database.pool)
  const deliveries = groups.map((_, index) => ({ ...planned, transitionSequence: index + 1 }))
  const broken = [...deliveries, { ...planned, transitionSequence: 1, receiver: 'bad', title: '\0' }]
  const count = async () => (await database.pool.query('select 1 from deliveries where monitor_id = 43')).rowCount
  await expect(store.plan(43, 1_000, { deliveries: broken, episodes: [] }, [])).rejects.toThrow()
  expect(await count()).toBe(0)
  expect(await store.unplanned(43, 1_000, 1)).toEqual([1_000])
  await store.plan(43, 1_000, { deliveries, episodes: [] }, ['nobody', 'user@example.com'])
  expect(await count()).toBe(1_000)
  const { rows } = await database.pool.query('select unknown_handles, planned_at from notifications where monitor_id = 43')
  expect(rows).toEqual([{ unknown_handles: ['nobody', 'user@example.com'], planned_at: expect.any(Date) }])
})

test('receivers are created, read, changed, listed and deleted', async () => {
  const { pool } = database
  const receiver: Receiver = { name: 'webhook-a', kind: 'webhook', config: { url: 'https://example.com' }, policy: { concurrency: 2 } }
  expect(await createReceiver(pool, receiver)).toBe(true)
  expect(await createReceiver(pool, { ...receiver, config: {} })).toBe(false)
  expect(await getReceiver(pool, 'webhook-a')).toMatchObject(receiver)
  expect(await createReceiver(pool, { ...receiver, name: 'webhook-b' })).toBe(true)
  expect(await updateReceiver(pool, 'webhook-a', { ...receiver, name: 'webhook-b' })).toBe('name-taken')
  expect(await updateReceiver(pool, 'webhook-a', { ...receiver, name: 'webhook-c' })).toBe('updated')
  expect(await updateReceiver(pool, 'webhook-a', receiver)).toBe('missing')
  expect((await listReceivers(pool)).map(({ name }) => name)).toEqual(expect.arrayContaining(['webhook-b', 'webhook-c']))
  expect(await deleteReceiver(pool, 'webhook-c')).toBe(true)
  expect(await deleteReceiver(pool, 'webhook-c')).toBe(false)
})

test('the log receiver is there without a row and stays as it is', async () => {
  const { pool } = database
  expect(await findReceivers(pool, ['log'])).toEqual([{ name: 'log', kind: 'log', config: {} }])
  expect(await createReceiver(pool, { name: 'log', kind: 'webhook', config: {} })).toBe(false)
  expect(await updateReceiver(pool, 'webhook-b', { name: 'log', kind: 'webhook', config: {} })).toBe('name-taken')
  expect(await deleteReceiver(pool, 'log')).toBe(false)
})

test('with a key a receiver is stored sealed; what was stored before there was one is sealed afterwards', async () => {
  const { pool } = database
  const config = {
    url: 'https://example.com/token-1234',
    customHeaders: '{"Authorization": "Bearer hunter2"}',
    encodeAs: 'json',
    secret: null,
  }
  await createReceiver(pool, { name: 'webhook-old', kind: 'webhook', config })
  await createReceiver(pool, { name: 'webhook-new', kind: 'webhook', config }, testSecrets)
  expect(await findReceivers(pool, ['webhook-old'], testSecrets)).toMatchObject([{ config }])
  if (testSecrets === null) throw new Error('no key')
  await sealReceivers(pool, testSecrets)
  expect(await sealReceivers(pool, testSecrets)).toBe(0)
  const { rows } = await pool.query("select config from receivers where name in ('webhook-old', 'webhook-new')")
  expect(JSON.stringify(rows)).not.toMatch(/hunter2|token-1234/)
  expect(await notificationStore(pool, testSecrets).receivers(['webhook-new', 'webhook-old'])).toMatchObject([{ config }, { config }])
})

test('a receiver whose key is missing says so, and is tried again later', async () => {
  await createReceiver(database.pool, { name: 'webhook-keyless', kind: 'webhook', config: { url: 'https://example.com' } }, testSecrets)
  const [receiver] = await notificationStore(database.pool).receivers(['webhook-keyless'])
  expect(receiver?.config).toEqual({ unreadable: "the configuration of webhook-keyless can't be read: TOCSIN_SECRET_KEY is not set" })
})
