/**
 * Numbered SQL files, each applied once, in order, in a transaction of its own, under one advisory lock, so that any
 * number of processes may start together. Files are append-only: an applied one that changed is an error.
 * Read next: migrations/.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Client, Pool } from './pool.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Any constant that nobody else uses on this database. */
const lockId = 7_406_301

export type Migration = Readonly<{ name: string; sql: string; digest: string }>

/** Applies what is missing. Returns the names of what was applied now. */
export async function migrate(pool: Pool): Promise<string[]> {
  const migrations = await readMigrations()
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockId])
    await client.query(
      'create table if not exists migrations (name text primary key, digest text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string; digest: string }>('select name, digest from migrations')
    const digests = new Map(rows.map((row) => [row.name, row.digest]))
    const missing = migrations.filter((migration) => isMissing(migration, digests.get(migration.name)))
    for (const migration of missing) await apply(client, migration)
    return missing.map((migration) => migration.name)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockId]).catch(() => {})
    client.release()
  }
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function isMissing(migration: Migration, applied: string | undefined): boolean {
  if (applied !== undefined && applied !== migration.digest) {
    throw new Error(`migration ${migration.name} was changed after it was applied: add a new file instead`)
  }
  return applied === undefined
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into migrations (name, digest) values ($1, $2)', [migration.name, migration.digest])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed: ${String(error)}`, { cause: error })
  }
}
