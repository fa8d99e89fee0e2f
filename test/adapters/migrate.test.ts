import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('a migrated database has nothing left to apply', async () => {
  expect(await migrate(database.pool)).toEqual([])
})

test('many processes may migrate at once', async () => {
  await database.pool.query('drop schema public cascade; create schema public')
  const applied = await Promise.all([migrate(database.pool), migrate(database.pool), migrate(database.pool)])
  expect(applied.flat().filter((name) => name === '0001_monitors.sql')).toHaveLength(1)
})

test('an applied file that was changed afterwards is an error that says what to do', async () => {
  await database.pool.query("update migrations set digest = 'other' where name = '0001_monitors.sql'")
  await expect(migrate(database.pool)).rejects.toThrow('migration 0001_monitors.sql was changed after it was applied: add a new file')
})
