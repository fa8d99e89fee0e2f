import { afterAll, beforeAll, expect, test } from 'vitest'
import { ingestChecks } from '../../adapters/postgres/queries/checks.ts'
import { ingestEntries } from '../../adapters/postgres/queries/entries.ts'
import { recordPing } from '../../adapters/postgres/queries/heartbeats.ts'
import { maintainIntake } from '../../adapters/postgres/queries/retention.ts'
import type { CheckRun } from '../../contract/checks.ts'
import type { Entry } from '../../contract/entry.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const dayMs = 86_400_000
const nowMs = 1_700_000_000_000
const ago = (days: number): number => nowMs - days * dayMs

function run(check: string, days: number): CheckRun {
  return { check, tags: [], atMs: ago(days), status: 0, message: '' }
}

function entry(message: string, days: number): Entry {
  return { atMs: ago(days), timed: true, message, status: '', service: '', host: '', tags: [], attributes: {} }
}

async function texts(sql: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ text: string }>(sql)
  return rows.map(({ text }) => text).sort()
}

test('each kind goes by its own retention, checks with their last run, pings long after all of them', async () => {
  const { pool } = database
  await ingestChecks(pool, [run('gone', 6), run('kept', 6), run('kept', 1)])
  for (const table of ['logs', 'events'] as const) await ingestEntries(pool, table, [entry('old', 4), entry('new', 1)])
  await recordPing(pool, 'key', ago(64))
  await recordPing(pool, 'key', ago(62))
  await maintainIntake(pool, nowMs, { metrics: 15, checks: 5, events: 4, logs: 3 })
  expect(await texts('select name as text from check_series')).toEqual(['kept'])
  expect(await texts('select at_ms::text as text from check_runs')).toEqual([String(ago(1))])
  expect(await texts('select message as text from logs')).toEqual(['new'])
  expect(await texts('select message as text from events')).toEqual(['new', 'old'])
  expect(await texts('select at_ms::text as text from heartbeat_pings')).toEqual([String(ago(62))])
  expect(await maintainIntake(pool, nowMs, { metrics: 15, checks: 5, events: 4, logs: 3 })).toEqual({ daysDropped: 0, seriesDropped: 0 })
})

test('many processes may push the same runs and entries of a new day at once', async () => {
  const runs = Array.from({ length: 50 }, (_, index) => run(`c${index}`, -1))
  const entries = Array.from({ length: 50 }, (_, index) => entry(`m${index}`, -1))
  const rounds = Array.from({ length: 6 }, (_, round) => round % 2 === 0)
  await Promise.all(
    rounds.flatMap((forwards) => [
      ingestChecks(database.pool, forwards ? runs : runs.toReversed()),
      ingestEntries(database.pool, 'logs', forwards ? entries : entries.toReversed()),
    ]),
  )
  expect(await texts("select name as text from check_series where name like 'c%'")).toHaveLength(50)
  expect(await texts("select message as text from logs where message like 'm%'")).toHaveLength(50)
})
