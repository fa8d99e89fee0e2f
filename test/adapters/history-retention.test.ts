import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { dropOldHistory } from '../../adapters/postgres/queries/retention.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertMonitor } from '../support/insert-monitor.ts'

const dayMs = 86_400_000
const nowMs = 1_700_000_000_000
const keptDays = 400

let database: TestDatabase
let id: number
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate transitions, notifications, deliveries, audit_events')
  id = await insertMonitor(database.pool, specOf())
})

const daysAgo = (days: number): Date => new Date(nowMs - days * dayMs)

/** A transition that was told, with its notification, its delivery and an audit event, all of one time. */
async function told(sequence: number, at: Date, delivery = 'delivered', planned = true): Promise<void> {
  const { pool } = database
  await pool.query(
    `insert into transitions (monitor_id, sequence, group_key, from_status, to_status, slot, reason, version, notify, detail, committed_at)
     values ($1, $2, '*', 'OK', 'Alert', 1, 'threshold-crossed', 1, true, '{}', $3)`,
    [id, sequence, at],
  )
  await pool.query(
    `insert into notifications (monitor_id, sequence, version, transition_sequences, created_at, planned_at)
     values ($1, $2, 1, array[$2::bigint], $3, $4)`,
    [id, sequence, at, planned ? at : null],
  )
  await pool.query(
    `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, status, created_at)
     values ($1, $2, $2, 'log', 't', 'b', $3, $4)`,
    [id, sequence, delivery, at],
  )
  await pool.query("insert into audit_events (at, actor, action, monitor_id, detail) values ($1, 'x', 'monitor.paused', $2, '{}')", [
    at,
    id,
  ])
}

async function left(): Promise<Record<string, number[]>> {
  const sequences = async (table: string): Promise<number[]> =>
    (await database.pool.query<{ sequence: number }>(`select sequence from ${table} order by sequence`)).rows.map((row) => row.sequence)
  const audit = await database.pool.query('select 1 from audit_events')
  return {
    transitions: await sequences('transitions'),
    notifications: await sequences('notifications'),
    deliveries: await sequences('deliveries'),
    audit: [audit.rowCount ?? 0],
  }
}

test('what is older than the retention goes, with all that belongs to it', async () => {
  await told(1, daysAgo(401))
  await told(2, daysAgo(399))
  expect(await dropOldHistory(database.pool, nowMs, keptDays)).toBe(4)
  expect(await left()).toEqual({ transitions: [2], notifications: [2], deliveries: [2], audit: [1] })
  expect(await dropOldHistory(database.pool, nowMs, keptDays)).toBe(0)
})

test.each([
  ['a delivery is still tried', 'retrying', true],
  ['a notification was never planned', 'delivered', false],
])('where %s, what it is made of stays', async (_why, delivery, planned) => {
  await told(1, daysAgo(500), delivery, planned)
  await dropOldHistory(database.pool, nowMs, keptDays)
  expect(await left()).toMatchObject({ transitions: [1], notifications: [1] })
})

test('more rows than one statement deletes go in several', async () => {
  await database.pool.query(
    `insert into audit_events (at, actor, action, monitor_id, detail)
     select $1, 'x', 'monitor.paused', $2, '{}' from generate_series(1, 12000)`,
    [daysAgo(500), id],
  )
  expect(await dropOldHistory(database.pool, nowMs, keptDays)).toBe(12_000)
})
