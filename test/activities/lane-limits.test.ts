import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDelivery, receiverHealth, redriveDeliveries, searchDeliveries } from '../../adapters/postgres/queries/delivery-log.ts'
import { deleteReceiver } from '../../adapters/postgres/queries/receivers.ts'
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

test('after five failures in a row a receiver is left alone, tried with one message, and sent the rest once it answers', async () => {
  const lane = await openLane(database.pool)
  lane.behave(() => down)
  await lane.commit(...many(12, 'Alert'))
  const { waitMs } = await lane.drain()
  expect(lane.sent.length).toBeLessThanOrEqual(9)
  expect(waitMs).toBeGreaterThan(2_000)
  const tried = lane.sent.length
  expect(await receiverHealth(database.pool, [lane.receiver])).toMatchObject([{ breaker: { state: 'open' }, open: 12 }])
  await database.pool.query('update receiver_lanes set breaker_until = now() where receiver = $1', [lane.receiver])
  await lane.drain()
  expect(lane.sent.length).toBe(tried + 1)
  lane.behave(() => taken)
  await database.pool.query('update receiver_lanes set breaker_until = now() where receiver = $1', [lane.receiver])
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(await receiverHealth(database.pool, [lane.receiver])).toMatchObject([
    { breaker: { state: 'closed' }, open: 0, lastFailure: 'HTTP 503', lastSuccessAt: expect.any(Date) },
  ])
})

test('one message that a receiver always chokes on holds up nobody else', async () => {
  const lane = await openLane(database.pool)
  lane.behave((message) => (message.transition.group === 'host:bad' ? down : taken))
  await lane.commit('host:bad Alert')
  for (let time = 0; time < 6; time += 1) {
    await lane.drain()
    await lane.skipWaits()
  }
  await lane.commit('host:good Alert')
  await lane.skipWaits()
  await lane.drain()
  expect(lane.told()).toContain('single host:good Alert')
})

test('a pause that the receiver asks for holds all its messages, and is bounded', async () => {
  const lane = await openLane(database.pool)
  lane.behave(() => ({ kind: 'retry', reason: 'HTTP 429', afterMs: 99_999_999 }))
  await lane.commit('host:a Alert')
  const { waitMs } = await lane.drain()
  expect(waitMs).toBeGreaterThan(3_500_000)
  await lane.commit('host:b Alert')
  await lane.drain()
  expect(lane.sent).toHaveLength(1)
})

test('what was given up is dead, and can be taken up again', async () => {
  const lane = await openLane(database.pool, { policy: { giveUpAfterMs: 60_000 } })
  lane.behave(() => down)
  await lane.commit('host:a Alert')
  await lane.drain()
  await database.pool.query("update deliveries set open_since = now() - interval '61 seconds' where receiver = $1", [lane.receiver])
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(await searchDeliveries(database.pool, { receiver: lane.receiver, statuses: ['dead'], limit: 5 })).toMatchObject([
    { status: 'dead', detail: 'given up after 1 min: HTTP 503' },
  ])
  expect(await redriveDeliveries(database.pool, { receiver: lane.receiver })).toEqual({ receivers: [lane.receiver], count: 1 })
  lane.behave(() => taken)
  await lane.drain()
  expect(await lane.statuses()).toEqual(['1 single delivered 2'])
  expect(new Set(lane.sent.map(({ message }) => message.id)).size).toBe(1)
  expect(await redriveDeliveries(database.pool, { receiver: lane.receiver })).toEqual({ receivers: [], count: 0 })
})

test('what a receiver refuses is dead at once, and the next is sent', async () => {
  const lane = await openLane(database.pool)
  lane.behave(({ transition }) => (transition.group === 'host:a' ? { kind: 'refused', reason: 'HTTP 400' } : taken))
  await lane.commit('host:a Alert', 'host:b Alert')
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(await lane.statuses()).toEqual(['1 single dead 1', '2 single delivered 1'])
})

test('a receiver that was deleted leaves what was open dead, with the reason', async () => {
  const lane = await openLane(database.pool)
  await lane.commit('host:a Alert')
  await deleteReceiver(database.pool, lane.receiver)
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(await searchDeliveries(database.pool, { receiver: lane.receiver, limit: 5 })).toMatchObject([
    { status: 'dead', detail: `there is no receiver ${lane.receiver} any more` },
  ])
})

test('a receiver of a kind that this worker does not know is tried later', async () => {
  const lane = await openLane(database.pool)
  await lane.commit('host:a Alert')
  await database.pool.query("update receivers set kind = 'newer' where name = $1", [lane.receiver])
  expect(await lane.drain()).toMatchObject({ waitMs: 15_000 })
  expect(await lane.statuses()).toEqual(['1 single pending 0'])
})

test('a notifier that hangs or throws is a failed try, within the time of the policy', async () => {
  const lane = await openLane(database.pool, { policy: { timeoutMs: 50, concurrency: 1 } })
  lane.behave((_, attempt) => {
    if (attempt === 2) throw new Error('a mistake')
    return new Promise(() => {})
  })
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.skipWaits()
  await lane.drain()
  const [found] = await searchDeliveries(database.pool, { receiver: lane.receiver, limit: 1 })
  expect((await readDelivery(database.pool, found?.id ?? 0))?.tries.map(({ detail }) => detail)).toEqual([
    'timeout: no answer within 0.05 s',
    'the notifier failed: a mistake',
  ])
})

test('no more messages a minute than the rate allows, also over drains', async () => {
  const lane = await openLane(database.pool, { policy: { ratePerMinute: 3 } })
  await lane.commit(...many(5, 'Alert'))
  const { waitMs } = await lane.drain()
  expect(lane.sent).toHaveLength(3)
  expect(waitMs).toBeGreaterThan(50_000)
  await lane.drain()
  expect(lane.sent).toHaveLength(3)
  await lane.skipWaits()
  await lane.drain()
  expect(lane.sent).toHaveLength(5)
})

test('as many at the same time as the policy says, and never two of one group', async () => {
  const lane = await openLane(database.pool, { policy: { concurrency: 3 } })
  let now = 0
  let most = 0
  lane.behave(async () => {
    now += 1
    most = Math.max(most, now)
    await new Promise((resolve) => setTimeout(resolve, 20))
    now -= 1
    return taken
  })
  await lane.commit(...many(12, 'Alert'))
  await lane.drain()
  expect(most).toBe(3)
  expect(lane.sent).toHaveLength(12)
})

test('the answer to the first message of an episode comes along with the later ones, and not with the next episode', async () => {
  const lane = await openLane(database.pool)
  lane.behave((message) => ({ kind: 'delivered', detail: 'ok', reference: { thread: String(message.transition.sequence) } }))
  for (const to of ['Alert', 'Warn', 'OK', 'Alert']) {
    await lane.commit(`host:a ${to}`)
    await lane.drain()
  }
  expect(lane.sent.map(({ message }) => message.episode.reference)).toEqual([null, { thread: '1' }, { thread: '1' }, null])
})

test('a commit is never planned before those that came before it', async () => {
  const lane = await openLane(database.pool)
  await lane.write('host:a Alert')
  const recovery = await lane.write('host:a OK')
  await Promise.all([lane.plan(recovery), lane.plan(1), lane.plan(recovery)])
  await lane.drain()
  expect(lane.told()).toEqual(['merged host:a Alert host:a OK'])
})

test('whoever plans wakes the lanes that do not look by themselves', async () => {
  const lane = await openLane(database.pool)
  const first = await lane.write('host:a Alert')
  expect(await lane.plan(first)).toEqual(['log', lane.receiver])
  lane.behave(async () => {
    lane.behave(() => taken)
    // Planned while the lane drains: it is seen, and nobody is woken for it.
    expect(await lane.plan(await lane.write('host:b Alert'))).toEqual(['log'])
    return taken
  })
  expect(await lane.drain()).toMatchObject({ waitMs: null, delivered: 2 })
  expect(await lane.plan(await lane.write('host:c Alert'))).toEqual(['log', lane.receiver])
})

test('receivers that forget are told again what is open, until it has been over for a while', async () => {
  const lane = await openLane(database.pool, { kind: 'reminded' })
  await lane.commit('host:a Alert', 'host:b Alert')
  expect((await lane.drain()).waitMs).toBeGreaterThan(50_000)
  const remindLater = () =>
    database.pool.query("update receiver_lanes set refreshed_at = refreshed_at - interval '2 minutes' where receiver = $1", [lane.receiver])
  await remindLater()
  await lane.drain()
  expect(lane.told().slice(2)).toEqual(['single host:a Alert', 'single host:b Alert'])
  await lane.commit('host:a OK')
  await lane.drain()
  await remindLater()
  // Well again, but nobody was to be told.
  await database.pool.query("update monitor_groups set status = 'OK' where monitor_id = $1", [lane.monitorId])
  await lane.drain()
  expect(lane.told().slice(5).sort()).toEqual(['single host:a OK', 'single host:b Alert'])
  await database.pool.query("update episodes set closed_at = now() - interval '6 minutes' where receiver = $1", [lane.receiver])
  await remindLater()
  expect(await lane.drain()).toMatchObject({ waitMs: null })
})

test('texts are in the markup of each receiver, and the priority is the one that the message says', async () => {
  const lane = await openLane(database.pool, { subject: { priority: 4 } })
  const html = await lane.addReceiver({}, 'html')
  await database.pool.query('update monitors set id = id where id = $1', [lane.monitorId])
  const other = await openLane(database.pool, {
    subject: { message: `{{override_priority 'P1'}}<b> @${lane.receiver} @${html}`, priority: 4 },
  })
  await other.commit('host:a Alert')
  const { rows } = await database.pool.query('select receiver, body, priority from deliveries where monitor_id = $1 order by receiver', [
    other.monitorId,
  ])
  expect(rows.filter(({ receiver }) => receiver !== 'log')).toEqual(
    expect.arrayContaining([
      { receiver: lane.receiver, body: expect.stringContaining('<b>'), priority: 1 },
      { receiver: html, body: expect.stringContaining('&lt;b&gt;'), priority: 1 },
    ]),
  )
})
