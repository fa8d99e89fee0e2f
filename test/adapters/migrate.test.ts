import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSchema, migrate } from '../../adapters/postgres/migrate.ts'
import { schemaGuard, throwIfTooNew } from '../../adapters/postgres/schema-guard.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { until } from '../support/until.ts'

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

/** The schema as a later version leaves it: with one file more. */
async function laterVersion(sql: string): Promise<void> {
  const later = temporaryFolder()
  try {
    const ours = fileURLToPath(new URL('../../adapters/postgres/migrations/', import.meta.url))
    cpSync(ours, later.path, { recursive: true })
    writeFileSync(join(later.path, '9001_later.sql'), sql)
    expect(await migrate(database.pool, pathToFileURL(`${later.path}/`))).toEqual(['9001_later.sql'])
  } finally {
    later.remove()
  }
}

test('a version runs on a schema that a newer one has added to', async () => {
  await laterVersion('alter table monitors add column later text;')
  expect(await migrate(database.pool)).toEqual([])
  await checkSchema(database.pool)
})

test('a version refuses a schema from which a newer one has taken what it needs, and says so', async () => {
  await database.pool.query("delete from migrations where name = '9001_later.sql'")
  await laterVersion('-- breaking: the tags of monitors are in a table of their own\nalter table monitors drop column later;')
  const refusal =
    "the database has migration 9001_later.sql, which this version doesn't know and can't work with (the tags of monitors are in a table of their own): run the version that brought it"
  await expect(migrate(database.pool)).rejects.toThrow(refusal)
  await expect(checkSchema(database.pool)).rejects.toMatchObject({ code: 'schema-too-new' })
  const ending = schemaGuard(database.pool, new AbortController().signal, 10)
  await until('what runs to be told', () => ending.aborted)
  expect(() => throwIfTooNew(ending)).toThrow(refusal)
  await database.pool.query("delete from migrations where name = '9001_later.sql'")
})

test('an applied file that was changed afterwards is an error that says what to do', async () => {
  await database.pool.query("update migrations set digest = 'other' where name = '0001_monitors.sql'")
  await expect(migrate(database.pool)).rejects.toThrow('migration 0001_monitors.sql was changed after it was applied: add a new file')
})
