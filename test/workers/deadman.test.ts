import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { httpClient } from '../../adapters/http/fetch.ts'
import { savePulse } from '../../adapters/postgres/queries/engine.ts'
import { deadman } from '../../workers/deadman.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type JsonServer, jsonServer } from '../support/json-server.ts'

let database: TestDatabase
let server: JsonServer
let status = 200
const { request: send, close } = httpClient({ guard: null })

beforeAll(async () => {
  database = await createTestDatabase()
  server = await jsonServer(() => ({ status, body: {} }))
})
afterAll(async () => {
  await close()
  await server.close()
  await database.drop()
})
beforeEach(async () => {
  status = 200
  await database.pool.query('delete from engine_marks')
  await database.pool.query('delete from engine_workers')
})

const look = (path = '/ping', pool = database.pool) =>
  deadman({ pool, log: { warn: () => {} }, send, url: `${server.url}${path}`, publicUrl: null, clock: Date.now })()
const aWorker = (): Promise<void> =>
  savePulse(database.pool, {
    worker: 'w',
    startedAt: new Date(),
    shards: [0],
    stretchLevel: 0,
    evaluationsPerSecond: 0,
    lagP50: null,
    lagP99: null,
    lagP1P99: null,
  })

test('while all is on time, one of all looks of a minute tells', async () => {
  await aWorker()
  const before = server.seen.length
  const outcomes = await Promise.all([look(), look(), look()])
  expect(outcomes.toSorted()).toEqual(['not-its-turn', 'not-its-turn', 'told'])
  expect(server.seen.slice(before)).toMatchObject([{ method: 'GET', url: '/ping' }])
})

test('where nobody works, nobody is told', async () => {
  const before = server.seen.length
  expect(await look()).toBe('silent')
  expect(server.seen.length).toBe(before)
})

test('an Alertmanager gets an alert that ends by itself', async () => {
  await aWorker()
  expect(await look('/api/v2/alerts')).toBe('told')
  const [alert] = [server.seen.at(-1)?.body].flat()
  expect(alert).toMatchObject({ labels: { alertname: 'Watchdog', service: 'tocsin' } })
  const endsAt = Reflect.get(Object(alert), 'endsAt')
  expect(Date.parse(String(endsAt))).toBeGreaterThan(Date.now() + 60_000)
})

test('what the other side refuses is said to be refused', async () => {
  await aWorker()
  status = 500
  expect(await look()).toBe('refused')
})
