import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDelivery, searchDeliveries } from '../../adapters/postgres/queries/delivery-log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { down, openLane, taken } from '../support/lane.ts'
import { quietRuntime } from '../support/temporal.ts'

let database: TestDatabase
beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const many = (count: number, to: string): string[] => Array.from({ length: count }, (_, index) => `host:${index + 1} ${to}`)

test('what is planned is sent in order, with a link, and then nothing is open', async () => {
  const lane = await openLane(database.pool)
  await lane.commit('host:a Alert', 'host:b Alert')
  await lane.commit('host:a OK')
  lane.behave(() => taken)
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  // The alert of host:a hadn't been sent when its recovery came.
  expect(lane.told().sort()).toEqual(['merged host:a Alert host:a OK', 'single host:b Alert'])
  expect(lane.sent[0]?.message.link).toBe(`https://tocsin.example/monitors/${lane.monitorId}`)
  expect(await lane.statuses()).toEqual(['1 single merged 0', '2 single delivered 1', '3 merged delivered 1'])
})

test('a message that failed is tried again later under the same id, and its answer is kept without secrets', async () => {
  const lane = await openLane(database.pool)
  await lane.commit('host:a Alert')
  lane.behave((_, attempt) => (attempt === 1 ? down : taken))
  const { waitMs } = await lane.drain()
  expect(waitMs).toBeGreaterThan(0)
  expect(waitMs).toBeLessThanOrEqual(1_300)
  expect(await lane.statuses()).toEqual(['1 single retrying 1'])
  await lane.skipWaits()
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(new Set(lane.sent.map(({ message }) => message.id)).size).toBe(1)
  const [found] = await searchDeliveries(database.pool, { receiver: lane.receiver, limit: 10 })
  const whole = await readDelivery(database.pool, found?.id ?? 0)
  expect(whole).toMatchObject({ status: 'delivered', attempts: 2, failures: 1, group: 'host:a', nextAttemptAt: null })
  expect(whole?.tries.map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ['retry', 'HTTP 503'],
    ['delivered', 'ok'],
  ])
})

test('an alert that waits for its next try and the recovery that comes meanwhile are one message', async () => {
  const lane = await openLane(database.pool)
  await lane.commit('host:a Alert')
  lane.behave(() => down)
  await lane.drain()
  await lane.commit('host:a OK')
  lane.behave(() => taken)
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(lane.told()).toEqual(['single host:a Alert', 'merged host:a Alert host:a OK'])
  const last = lane.sent.at(-1)?.message
  expect(last?.transition.to).toBe('OK')
  expect(last?.title).toMatch(/^\[Recovered on \{host:a\}\] CPU is high \(Alert at .*Z, OK at .*Z\)$/)
})

test('a repeat that was overtaken by a recovery is told with it; a repeat alone takes the place of what it repeats', async () => {
  const lane = await openLane(database.pool)
  lane.behave(() => down)
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:a Alert')
  await lane.skipWaits()
  await lane.drain()
  lane.behave(() => taken)
  await lane.commit('host:a OK')
  await lane.drain()
  expect(lane.told()).toEqual(['single host:a Alert', 'merged host:a Alert host:a Alert', 'merged host:a Alert host:a Alert host:a OK'])
})

test('a receiver with incidents is told an alert and then its recovery, never one without the other', async () => {
  const lane = await openLane(database.pool, { kind: 'incident' })
  lane.behave(() => down)
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:a OK')
  await lane.commit('host:a Alert')
  await lane.drain()
  lane.behave(() => taken)
  await lane.skipWaits()
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(lane.told().slice(-3)).toEqual(['single host:a Alert', 'single host:a OK', 'single host:a Alert'])
  expect(new Set(lane.sent.map(({ message }) => message.episode.key))).toEqual(new Set([`tocsin-${lane.monitorId}-host:a`]))
})

test('more than twenty at once are one message that names some and counts all', async () => {
  const lane = await openLane(database.pool)
  await lane.commit(...many(25, 'Alert'), ...many(3, 'OK'))
  await lane.drain()
  expect(lane.told()).toEqual(['storm of 28'])
  const message = lane.sent[0]?.message
  expect(message?.title).toBe('[25 groups: 25 Alert, 3 OK] CPU is high')
  expect(message?.body.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(20)
  expect(message?.body).toContain('… and 8 more.')
  expect(message?.body).toContain(`https://tocsin.example/monitors/${lane.monitorId}`)
  expect(await lane.statuses('log')).toEqual(['28 storm pending 0'])
})

test('twenty at once are twenty messages', async () => {
  const lane = await openLane(database.pool)
  await lane.commit(...many(20, 'Alert'))
  await lane.drain()
  expect(lane.told()).toHaveLength(20)
})

test('a storm of incidents is one, and it is over with the last of its groups', async () => {
  const lane = await openLane(database.pool, { kind: 'incident' })
  await lane.commit('host:1 Alert')
  await lane.commit(...many(25, 'Alert').slice(1))
  await lane.drain()
  expect(lane.told()).toEqual(['single host:1 Alert', 'storm of 24'])
  const key = `tocsin-${lane.monitorId}-storm-25`
  await lane.commit(...many(24, 'OK'))
  await lane.drain()
  await lane.commit('host:25 OK')
  await lane.drain()
  expect(lane.sent.map(({ message }) => [message.episode.key, message.transition.to, message.episode.othersOpen])).toEqual([
    [`tocsin-${lane.monitorId}-host:1`, 'Alert', 0],
    [key, 'Alert', 0],
    [`tocsin-${lane.monitorId}-host:1`, 'OK', 0],
    [key, 'OK', 1],
    [key, 'OK', 0],
  ])
})

test('a storm takes along what was waiting before it, and what comes after it waits for it', async () => {
  const lane = await openLane(database.pool)
  lane.behave(() => down)
  await lane.commit('host:1 Alert')
  await lane.drain()
  await lane.commit(...many(25, 'Alert'))
  await lane.drain()
  await lane.commit('host:1 OK')
  await lane.drain()
  expect(lane.told()).toEqual(['single host:1 Alert', 'storm of 26'])
  lane.behave(() => taken)
  await lane.skipWaits()
  await lane.drain()
  expect(lane.told().slice(2)).toEqual(['storm of 26', 'single host:1 OK'])
})

test('what goes over a budget waits and is told as one', async () => {
  const lane = await openLane(database.pool, { policy: { budget: { messages: 3, perMs: 3_600_000 } } })
  await lane.commit(...many(3, 'Alert').slice(0, 2))
  await lane.drain()
  await lane.commit('host:3 Alert', 'host:4 Alert', 'host:5 Alert')
  lane.behave((_, attempt) => (attempt === 1 ? down : taken))
  await lane.drain()
  expect(lane.told()).toEqual(['single host:1 Alert', 'single host:2 Alert', 'digest host:3 Alert host:4 Alert host:5 Alert'])
  await lane.commit('host:6 Alert')
  await database.pool.query("update deliveries set next_attempt_at = now() where receiver = $1 and status = 'retrying'", [lane.receiver])
  const { waitMs } = await lane.drain()
  expect(lane.told().slice(3)).toEqual(['digest host:3 Alert host:4 Alert host:5 Alert'])
  expect(lane.sent.at(-1)?.message.id).toBe(lane.sent[2]?.message.id)
  // The next is due when the first of the three is an hour old.
  expect(waitMs).toBeGreaterThan(3_500_000)
  await lane.skipWaits()
  await lane.drain()
  expect(lane.told().slice(4)).toEqual(['single host:6 Alert'])
  expect(await lane.statuses()).toHaveLength(6)
})

test('a receiver that stands in is told once that it does, and hears of the end', async () => {
  const lane = await openLane(database.pool)
  const standIn = await lane.addReceiver()
  await database.pool.query('update receivers set policy = $2 where name = $1', [
    lane.receiver,
    JSON.stringify({ fallback: { receiver: standIn, afterFailures: 2 } }),
  ])
  await database.pool.query('update receivers set policy = $2 where name = $1', [
    standIn,
    JSON.stringify({ fallback: { receiver: lane.receiver, afterFailures: 1 } }),
  ])
  lane.behave(() => down)
  lane.behave(() => down, standIn)
  await lane.commit('host:a Alert')
  for (let time = 0; time < 3; time += 1) {
    await lane.drain()
    await lane.drain(standIn)
    await lane.skipWaits()
  }
  expect(await lane.statuses()).toEqual(['1 single retrying 3'])
  expect(lane.told(standIn)).toEqual(['single host:a Alert', 'single host:a Alert'])
  expect(lane.woken).toContain(standIn)
  expect(lane.sent.find(({ receiver }) => receiver === standIn)?.message.body).toMatch(
    new RegExp(`^\\(This was meant for ${lane.receiver}, which could not be reached so far.\\)`),
  )
  lane.behave(() => taken)
  lane.behave(() => taken, standIn)
  await lane.drain()
  await lane.drain(standIn)
  await lane.commit('host:a OK')
  await lane.drain()
  await lane.drain(standIn)
  expect(lane.told().at(-1)).toBe('single host:a OK')
  expect(lane.told(standIn).at(-1)).toBe('single host:a OK')
})
