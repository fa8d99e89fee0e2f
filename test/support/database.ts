import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createPool, type Pool } from '../../adapters/postgres/pool.ts'

export type TestDatabase = Readonly<{ url: string; pool: Pool; drop: () => Promise<void> }>

/** A database of this test file's own, migrated. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = createPool(inject('postgresUrl'), { max: 1 })
  await admin.query(`create database ${name}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  const pool = createPool(url.href)
  await migrate(pool)
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}
