import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliveryBacklog } from '../../adapters/postgres/queries/backlog.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertJob } from '../support/insert-job.ts'
import { notificationJob } from '../support/notification-job.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await insertJob(database.pool, notificationJob(['host:a']))
})
afterAll(() => database.drop())

/** `openSince` and `finishedAt` as intervals from now. */
async function insertDelivery(receiver: string, status: string, openSince: string, finishedAt: string | null): Promise<void> {
  await database.pool.query(
    `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, status, open_since, finished_at)
     select monitor_id, sequence, 1, $1, '', '', $2, now() + $3::interval, now() + $4::interval from notifications`,
    [receiver, status, openSince, finishedAt],
  )
}

test('nothing waits where nothing was planned', async () => {
  expect(await deliveryBacklog(database.pool)).toEqual({ open: 0, oldestSeconds: 0, dead: 0 })
})

test('what is gathered for later is open, and has waited for no time', async () => {
  await insertDelivery('later', 'pending', '1 hour', null)
  expect(await deliveryBacklog(database.pool)).toEqual({ open: 1, oldestSeconds: 0, dead: 0 })
})

test('what is open counts by its age, what was given up for a day, what was delivered not at all', async () => {
  await insertDelivery('down', 'retrying', '-10 minutes', null)
  await insertDelivery('slow', 'pending', '-1 minute', null)
  await insertDelivery('well', 'delivered', '-2 days', '-2 days')
  await insertDelivery('gone', 'dead', '-2 hours', '-1 hour')
  await insertDelivery('long-gone', 'dead', '-4 days', '-3 days')
  const { open, oldestSeconds, dead } = await deliveryBacklog(database.pool)
  expect({ open, dead }).toEqual({ open: 3, dead: 1 })
  expect(Math.floor(oldestSeconds / 60)).toBe(10)
})
