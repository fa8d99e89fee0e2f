/** What notification rules gather, from the plan to the receiver, on a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../adapters/postgres/pool.ts'
import { countRuleChange, insertRule } from '../../adapters/postgres/queries/notification-rules.ts'
import type { NotificationRule } from '../../core/notification-rules/rule.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { down, type Lane, openLane, taken } from '../support/lane.ts'
import { quietRuntime } from '../support/temporal.ts'

let database: TestDatabase
beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const by = { id: 1, name: 'test', handle: 'test', email: 'test' }
const hourMs = 3_600_000
let opened = 0

/** A lane whose receiver only rules name. */
async function openGathered(
  rules: readonly (Partial<NotificationRule> & Readonly<{ scope?: string }>)[] = [{}],
  options: Parameters<typeof openLane>[1] = {},
): Promise<Lane> {
  opened += 1
  const tag = `lane:${opened}`
  const lane = await openLane(database.pool, { ...options, subject: { message: '{{value}}', tags: [tag], ...options.subject } })
  for (const { scope = '*', ...rule } of rules) {
    await transaction(database.pool, async (client) => {
      await countRuleChange(client)
      const recipients = { kind: 'always', recipients: [lane.receiver] } as const
      const filter = { kind: 'scope', scope: `${tag} AND (${scope})` } as const
      await insertRule(client, { name: tag, filter, recipients, bundleS: 3_600, ...rule }, by, Date.now())
    })
  }
  return lane
}

/** As if the time of each bundle were over. */
async function endBundles(lane: Lane): Promise<void> {
  await lane.skipWaits()
  await database.pool.query('update rule_bundles set until = now() where receiver = $1', [lane.receiver])
}

test('the first message goes at once, and what follows is one when the time is over', async () => {
  const lane = await openGathered()
  await lane.commit('host:a Alert')
  expect(await lane.drain()).toMatchObject({ waitMs: null, delivered: 1 })
  await lane.commit('host:b Alert')
  await lane.commit('host:c Alert')
  const { waitMs, delivered } = await lane.drain()
  expect(delivered).toBe(0)
  expect(waitMs).toBeGreaterThan(hourMs - 60_000)
  expect(waitMs).toBeLessThanOrEqual(hourMs)
  await endBundles(lane)
  expect(await lane.drain()).toMatchObject({ waitMs: null, delivered: 2 })
  expect(lane.told()).toEqual(['single host:a Alert', 'digest host:b Alert host:c Alert'])
  await lane.commit('host:d Alert')
  await lane.drain()
  expect(lane.told().at(-1)).toBe('single host:d Alert')
})

test('of several monitors it is one message, too', async () => {
  const lane = await openGathered()
  const other = await openLane(database.pool, { subject: { message: '{{value}}', tags: [`lane:${opened}`] } })
  await lane.commit('host:a Alert')
  await lane.drain()
  await other.commit('host:x Alert')
  await lane.commit('host:b Warn')
  await endBundles(lane)
  await other.skipWaits()
  await lane.drain()
  expect(lane.told().at(-1)).toBe('digest host:x Alert host:b Warn')
  expect(lane.sent.at(-1)?.message.title).toBe('[2 messages] of 2 monitors')
})

test('an alert and its recovery that both waited are told as one', async () => {
  const lane = await openGathered()
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:b Alert')
  await lane.commit('host:b OK')
  await lane.drain()
  await endBundles(lane)
  await lane.drain()
  expect(lane.told()).toEqual(['single host:a Alert', 'merged host:b Alert host:b OK'])
})

test('what another rule, or the message itself, wants to be told is told at once, with what was gathered of its group', async () => {
  const lane = await openGathered([{}, { scope: 'transition_type:alert', bundleS: null }])
  await lane.commit('host:a Warn')
  await lane.drain()
  await lane.commit('host:b Warn')
  await lane.commit('host:c Warn')
  await lane.drain()
  await lane.commit('host:b Alert')
  await lane.drain()
  expect(lane.told()).toEqual(['single host:a Warn', 'merged host:b Warn host:b Alert'])
  await endBundles(lane)
  await lane.drain()
  expect(lane.told().at(-1)).toBe('single host:c Warn')
})

test('what follows a message that has not arrived is not gathered: nothing waits longer for it', async () => {
  const lane = await openGathered()
  lane.behave(() => down)
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:a OK')
  lane.behave(() => taken)
  await lane.skipWaits()
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  expect(lane.told().at(-1)).toBe('merged host:a Alert host:a OK')
})

test('a bundle that failed is tried again under its id, as it was', async () => {
  const lane = await openGathered()
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:b Alert')
  await lane.commit('host:c Alert')
  await endBundles(lane)
  lane.behave(() => down)
  await lane.drain()
  lane.behave(() => taken)
  await lane.skipWaits()
  expect(await lane.drain()).toMatchObject({ waitMs: null })
  const digests = lane.sent.filter(({ message }) => message.form === 'digest').map(({ message }) => message.id)
  expect(digests.length).toBeGreaterThan(1)
  expect(new Set(digests).size).toBe(1)
})

test('of two rules that gather the shorter time counts', async () => {
  const lane = await openGathered([{}, { bundleS: 60 }])
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:b Alert')
  const { waitMs } = await lane.drain()
  expect(waitMs).toBeGreaterThan(0)
  expect(waitMs).toBeLessThanOrEqual(60_000)
})

test('the time for which something is gathered counts for nothing when it comes to giving up', async () => {
  const lane = await openGathered()
  await lane.commit('host:a Alert')
  await lane.drain()
  await lane.commit('host:b Alert')
  // As if it had been planned a day ago, the time after which a message is given up; it has been gathered for an hour less.
  await database.pool.query("update deliveries set open_since = open_since - interval '24 hours' where receiver = $1", [lane.receiver])
  await lane.drain()
  expect(await lane.statuses()).toEqual(['1 single delivered 1', '2 single pending 0'])
})

test('a receiver with incidents is told each at once', async () => {
  const lane = await openGathered([{}], { kind: 'incident' })
  await lane.commit('host:a Alert')
  await lane.commit('host:b Alert')
  expect(await lane.drain()).toMatchObject({ waitMs: null, delivered: 2 })
})
