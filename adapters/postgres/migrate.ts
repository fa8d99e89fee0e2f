/**
 * Numbered SQL files, each applied once, in order, in a transaction of its own, under one advisory lock, so that any
 * number of processes may start together. Files are append-only: an applied one that changed is an error. One that takes away what
 * older versions rely on says so (`-- breaking: why`), and from then on these refuse to run.
 * Read next: migrations/.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Client, Pool, Queryable } from './pool.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Any constant that nobody else uses on this database. */
const lockId = 7_406_301

/** `breaking`: why a version that doesn't know this one can't work with it; null = it can. */
export type Migration = Readonly<{ name: string; sql: string; digest: string; breaking: string | null }>

/** The database was taken on by a newer version, and this one would read or write it wrongly. Waiting doesn't help. */
export class SchemaTooNew extends Error {
  readonly code = 'schema-too-new'
  constructor(name: string, reason: string) {
    super(
      `the database has migration ${name}, which this version doesn't know and can't work with (${reason}): run the version that brought it`,
    )
    this.name = 'SchemaTooNew'
  }
}

/** Applies what is missing. Returns the names of what was applied now. Rejects with SchemaTooNew, and then applies nothing. */
export async function migrate(pool: Pool, from: URL = folder): Promise<string[]> {
  const migrations = await readMigrations(from)
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockId])
    await client.query(
      'create table if not exists migrations (name text primary key, digest text not null, applied_at timestamptz not null default now())',
    )
    // Databases of the first version have the table without it.
    await client.query('alter table migrations add column if not exists breaking text')
    await refuseNewer(
      client,
      migrations.map(({ name }) => name),
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

/** For a process that runs while another version migrates. Rejects with SchemaTooNew. */
export async function checkSchema(pool: Pool, from: URL = folder): Promise<void> {
  await refuseNewer(pool, await migrationNames(from))
}

async function refuseNewer(db: Queryable, known: readonly string[]): Promise<void> {
  const { rows } = await db.query<{ name: string; breaking: string }>(
    'select name, breaking from migrations where breaking is not null and name <> all($1) order by name limit 1',
    [known],
  )
  const [unknown] = rows
  if (unknown !== undefined) throw new SchemaTooNew(unknown.name, unknown.breaking)
}

async function migrationNames(from: URL): Promise<string[]> {
  return (await readdir(from)).filter((name) => name.endsWith('.sql')).sort()
}

async function readMigrations(from: URL): Promise<Migration[]> {
  const names = await migrationNames(from)
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, from), 'utf8')
      const breaking = /^-- breaking: (.+)$/m.exec(sql)?.[1] ?? null
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex'), breaking }
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
    const { name, digest, breaking } = migration
    await client.query('insert into migrations (name, digest, breaking) values ($1, $2, $3)', [name, digest, breaking])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed: ${String(error)}`, { cause: error })
  }
}
