/**
 * The steps of a start, in order: PostgreSQL, schema, Temporal, API, workers, sampler, examples. Stopping is the
 * supervisor's, in reverse. Never goes on before a step answers. Read next: supervisor.ts, postgres.ts, temporal.ts.
 */
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { type Built, buildConsole } from '../console/build.ts'
import { createHttpClient } from '../http.ts'
import type { ChildSpec } from './child.ts'
import { applyExamples } from './examples.ts'
import { ensureKeys, ensureSecret, ensureSecretKey, type Keys } from './keys.ts'
import { findTemporal } from './parts.ts'
import { choosePorts, freePort, isPortFree } from './port.ts'
import { createDatabase, postgresStopMs, preparePostgres } from './postgres.ts'
import type { Addresses } from './run-files.ts'
import { localUrl, type UpSettings } from './settings.ts'
import type { Supervisor } from './supervisor.ts'
import { devServerArgs, ensureSearchAttributes } from './temporal.ts'
import { waitFor } from './wait.ts'

export type Started = Readonly<{ addresses: Addresses; keys: Keys; keysGenerated: boolean }>

type Step = Readonly<{ settings: UpSettings; supervisor: Supervisor; say: (line: string) => void; signal: AbortSignal }>
type Ports = Readonly<{ postgres: number; temporal: number; temporalUi: number; worker: number }>

/** Rejects with a sentence for people; the caller then stops what runs. */
export async function startAll(given: Step): Promise<Started> {
  const step = { ...given, settings: await withPort(given.settings) }
  const { settings, supervisor, say, signal } = step
  // Takes seconds when something of it changed: meanwhile the databases start.
  const consoleBuilt = buildConsole(settings.root).catch((error: unknown) => ({ failed: String(error) }))
  const { keys, generated } = ensureKeys(settings.dataDir, settings.givenKeys)
  // 7233 and 8233 are what Temporal's own tools look for first.
  const wishes = { postgres: 0, temporal: 7233, temporalUi: 8233, worker: settings.workerPort }
  const ports = await choosePorts(join(settings.dataDir, 'ports.json'), wishes)

  const databaseUrl = settings.databaseUrl ?? (await startPostgresChild(step, ports))
  const database = await migrateDatabase(databaseUrl, signal)
  say(`schema is up to date${database.applied.length === 0 ? '' : `: applied ${database.applied.join(', ')}`}`)
  const temporalAddress = settings.temporalAddress ?? (await startTemporalChild(step, ports))
  const registered = async (): Promise<true> => ensureSearchAttributes(temporalAddress, settings.namespace).then(() => true)
  await waitFor(registered, { what: `Temporal at ${temporalAddress} to answer`, timeoutMs: 30_000, signal })

  const temporalUi = settings.temporalUi ?? (settings.temporalAddress === null ? `http://127.0.0.1:${ports.temporalUi}` : null)
  const apiUrl = localUrl(settings.host, settings.port)
  const consoleDir = consoleOf(await consoleBuilt, say)
  const environment = {
    ...settings.environment,
    HOST: settings.host,
    PORT: String(settings.port),
    TOCSIN_WORKER_PORT: String(ports.worker),
    TOCSIN_DATA_DIR: settings.dataDir,
    TOCSIN_API_KEY: keys.apiKey,
    TOCSIN_APP_KEY: keys.appKey,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: settings.namespace,
    TOCSIN_SECRET_KEY: settings.secretKey ?? ensureSecretKey(settings.dataDir),
    // On one's own machine one watches one's own machine; the examples do, too.
    TOCSIN_ALLOW_PRIVATE: settings.allowPrivate ?? 'all',
    ...(temporalUi === null ? {} : { TOCSIN_TEMPORAL_UI: temporalUi }),
    ...(consoleDir === null ? {} : { TOCSIN_CONSOLE_DIR: consoleDir }),
  }
  await supervisor.start(nodeChild('api', settings, environment, ['api/main.ts']), answers(`${apiUrl}/ready`))
  say(`API answers at ${apiUrl}`)
  await supervisor.start(
    nodeChild('workers', settings, environment, ['workers/main.ts']),
    answers(`${localUrl(settings.host, ports.worker)}/ready`),
  )
  say('workers serve their task queues')
  await supervisor.start(nodeChild('sampler', settings, environment, ['cli/sampler/main.ts', apiUrl]), {
    ask: async () => true,
    timeoutMs: 5_000,
  })
  say('sampler pushes the figures of this machine every 10 s')
  await applyAll(step, apiUrl, keys, database.identity)
  return { addresses: { api: apiUrl, temporal: temporalAddress, temporalUi }, keys, keysGenerated: generated }
}

/** Without its console the engine still does what it is for. */
function consoleOf(built: Built | Readonly<{ failed: string }>, say: Step['say']): string | null {
  if ('failed' in built) {
    say(`the console could not be built, so there is none: ${built.failed}`)
    return null
  }
  if (built.fresh) say('console is built')
  return built.folder
}

/** 0 asks for any free port: it has to be known before the API listens, since others are told of it. */
async function withPort(settings: UpSettings): Promise<UpSettings> {
  const { host, port } = settings
  if (port === 0) return { ...settings, port: await freePort() }
  if (await isPortFree(host, port)) return settings
  throw new Error(
    `Port ${port} on ${host} is taken, or this user may not listen there. Choose another for the API: \`PORT=${await freePort()} npm start\`.`,
  )
}

async function startPostgresChild({ settings, supervisor, say }: Step, ports: Ports): Promise<string> {
  const prepared = await preparePostgres({
    dataDir: join(settings.dataDir, 'postgres'),
    port: ports.postgres,
    database: 'tocsin',
    password: ensureSecret(join(settings.dataDir, 'postgres.password')),
  })
  if (prepared.folder !== join(settings.dataDir, 'postgres')) {
    say(`PostgreSQL may not run as root, and its user can't enter ${settings.dataDir}: its files are in ${prepared.folder}`)
  }
  const spec: ChildSpec = {
    name: 'postgres',
    command: prepared.command,
    args: prepared.args,
    env: settings.environment,
    cwd: '/',
    // SIGINT is PostgreSQL's fast shutdown: it waits for no client.
    stopSignal: 'SIGINT',
    stopTimeoutMs: postgresStopMs,
    ...(prepared.user === null ? {} : { user: prepared.user }),
  }
  await supervisor.start(spec, { ask: () => createDatabase(prepared.url), timeoutMs: 60_000 })
  say(`PostgreSQL answers on port ${ports.postgres}`)
  return prepared.url
}

async function startTemporalChild({ settings, supervisor, say }: Step, ports: Ports): Promise<string> {
  const program = await findTemporal(say)
  if (program === null) throw new Error('No Temporal CLI: put `temporal` into PATH, or set TEMPORAL_ADDRESS to a server of your own.')
  const address = `127.0.0.1:${ports.temporal}`
  const dbFile = join(settings.dataDir, 'temporal.db')
  const spec: ChildSpec = {
    name: 'temporal',
    command: program,
    args: devServerArgs({
      ...{ dbFile, port: ports.temporal, uiPort: ports.temporalUi, namespace: settings.namespace },
      codecEndpoint: `${localUrl(settings.host, settings.port)}/codec`,
    }),
    env: settings.environment,
    cwd: settings.root,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  }
  const ask = async (): Promise<boolean> => ensureSearchAttributes(address, settings.namespace).then(() => true)
  await supervisor.start(spec, { ask, timeoutMs: 60_000 })
  // Names, queries and values of every monitor are in there; the data directory itself must let PostgreSQL's user pass.
  for (const file of [dbFile, `${dbFile}-wal`, `${dbFile}-shm`]) if (existsSync(file)) chmodSync(file, 0o600)
  say(`Temporal answers on port ${ports.temporal}`)
  return address
}

/** The identity is the moment the schema was first made: another database has another. */
async function migrateDatabase(url: string, signal: AbortSignal): Promise<Readonly<{ applied: readonly string[]; identity: string }>> {
  const pool = createPool(url, { max: 2 })
  try {
    const applied = await waitFor(() => migrate(pool), { what: 'the database to be migrated', timeoutMs: 15_000, signal })
    const { rows } = await pool.query<{ identity: string }>('select min(applied_at)::text as identity from migrations')
    return { applied, identity: rows[0]?.identity ?? '' }
  } finally {
    await pool.end()
  }
}

function nodeChild(name: string, settings: UpSettings, env: ChildSpec['env'], args: readonly string[]): ChildSpec {
  // Workers finish the local activities that run; more than this would make Ctrl-C feel broken.
  return { name, command: process.execPath, args, env, cwd: settings.root, stopSignal: 'SIGTERM', stopTimeoutMs: 15_000 }
}

/** A worker bundles its workflows first, which takes seconds, on a small machine many. */
function answers(url: string): Readonly<{ ask: () => Promise<boolean>; timeoutMs: number }> {
  const client = createHttpClient({ baseUrl: url, apiKey: null, appKey: null })
  return { ask: async () => (await client.request('GET', '')).status === 200, timeoutMs: 120_000 }
}

async function applyAll({ settings, say }: Step, apiUrl: string, keys: Keys, database: string): Promise<void> {
  const result = await applyExamples({
    folder: join(settings.root, 'examples', 'monitors'),
    recordFile: join(settings.dataDir, 'examples.json'),
    database,
    client: createHttpClient({ baseUrl: apiUrl, ...keys }),
  })
  say(`example monitors: ${result.applied.length} applied, ${result.unchanged.length} as they were`)
  for (const line of result.refused) say(`example monitor refused: ${line}`)
}
