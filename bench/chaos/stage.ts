/**
 * The laboratory: PostgreSQL, Temporal, the API and workers as processes of their own, a scripted source, scripted receivers, and a proxy
 * between each pair. Faults get at everything through here.
 * Never starts a monitor: workload.ts does. Read next: process.ts, test/support/tcp-proxy.ts, faults/catalog.ts.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPool, type Pool } from '../../adapters/postgres/pool.ts'
import { lazyTemporalClient, type TemporalClient } from '../../adapters/temporal/connect.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { createHttpClient, type HttpClient } from '../../cli/http.ts'
import { ensureKeys, ensureSecret, ensureSecretKey } from '../../cli/up/keys.ts'
import { findTemporal } from '../../cli/up/parts.ts'
import { choosePorts } from '../../cli/up/port.ts'
import { createDatabase, preparePostgres } from '../../cli/up/postgres.ts'
import { makePassableFolder } from '../../cli/up/reach.ts'
import { devServerArgs, ensureSearchAttributes } from '../../cli/up/temporal.ts'
import { waitFor } from '../../cli/up/wait.ts'
import { loadTemporalConfig, type TemporalConfig } from '../../temporal.config.ts'
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.ts'
import { type ClockFile, clockFile } from './clock.ts'
import { type Disk, mountDisk } from './disk.ts'
import { type LabProcess, labProcess } from './process.ts'
import { type ScriptedReceivers, startReceivers } from './receivers.ts'
import { receiverName, receiversCount, type ScriptPace } from './script.ts'
import { type ScriptedSource, sourceToken, startScriptedSource } from './scripted-source.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const namespace = 'default'
export const workerNames = ['worker-a', 'worker-b'] as const
export type WorkerName = (typeof workerNames)[number]

/** Each standing between two: `worker-a>postgres`. */
export const proxyNames = [
  ...workerNames.flatMap((worker) => [`${worker}>postgres`, `${worker}>temporal`]),
  'api>postgres',
  'api>temporal',
  'workers>shaky',
  ...Array.from({ length: receiversCount }, (_, index) => `workers>${receiverName(index)}`),
]

export type Stage = Readonly<{
  folder: string
  postgres: LabProcess
  temporal: LabProcess
  api: LabProcess
  workers: Readonly<Record<WorkerName, LabProcess>>
  proxy: (name: string) => TcpProxy
  shaky: ScriptedSource
  receivers: ScriptedReceivers
  clocks: Readonly<Record<WorkerName, ClockFile | null>>
  disk: Disk | null
  /** What the workers are started with beside what they always are; faults change it and start them again. */
  overrides: Record<WorkerName, Readonly<{ shards?: string; root?: string }>>
  /** Of the laboratory itself, past all proxies. */
  pool: Pool
  client: TemporalClient
  config: TemporalConfig
  runtime: TemporalMonitorRuntime
  http: HttpClient
  /** Texts that must stand in no log. */
  secrets: readonly string[]
  untilUp: (what: 'postgres' | 'temporal' | 'api' | WorkerName, timeoutMs?: number) => Promise<void>
  close: () => Promise<void>
}>

export type StageOptions = Readonly<{ folder: string; seed: number; pace: ScriptPace; say: (line: string) => void }>

/** What comes up takes seconds; on a machine that is busy with faults a minute. */
const upTimeoutMs = 120_000

export async function startStage({ folder, seed, pace, say }: StageOptions): Promise<Stage> {
  makePassableFolder(folder)
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const log = (name: string): string => join(folder, 'logs', `${name}.log`)
  const wishes = { postgres: 0, temporal: 0, temporalUi: 0, api: 0, 'worker-a': 0, 'worker-b': 0 }
  const ports = await choosePorts(join(folder, 'ports.json'), wishes)
  const { keys } = ensureKeys(folder, { apiKey: null, appKey: null })
  const password = ensureSecret(join(folder, 'postgres.password'))
  const secretKey = ensureSecretKey(folder)

  const steady = await startScriptedSource(seed, pace)
  const shaky = await startScriptedSource(seed, pace)
  const receivers = await startReceivers(join(folder, 'arrivals.jsonl'))
  const targets: Record<string, number> = { postgres: ports.postgres, temporal: ports.temporal, shaky: shaky.port }
  for (let index = 0; index < receiversCount; index += 1) targets[receiverName(index)] = receivers.portOf(index)
  const proxies = new Map<string, TcpProxy>()
  for (const name of proxyNames) proxies.set(name, await startTcpProxy(targets[name.slice(name.indexOf('>') + 1)] ?? 0))
  const proxy = (name: string): TcpProxy => {
    const found = proxies.get(name)
    if (found === undefined) throw new Error(`there is no proxy ${name}`)
    return found
  }
  const setup = writeSetup(folder, steady.port, proxy)

  const disk = mountDisk(join(folder, 'disk'), say)
  const postgresOptions = {
    dataDir: join(disk?.folder ?? folder, 'postgres'),
    port: ports.postgres,
    database: 'tocsin',
    password,
    // The disk of the laboratory is small; what was answered as committed is on it all the same.
    settings: { max_wal_size: '192MB', min_wal_size: '64MB', restart_after_crash: 'on' },
  }
  const prepared = await preparePostgres(postgresOptions)
  const postgres = labProcess({
    ...{ name: 'postgres', command: prepared.command, args: prepared.args, cwd: () => '/', user: prepared.user },
    env: () => ({ PATH: binaries }),
    logFile: log('postgres'),
    prepare: async () => void (await preparePostgres(postgresOptions)),
  })
  const program = await findTemporal(say)
  if (program === null) throw new Error('No Temporal CLI: put `temporal` into PATH.')
  const temporalAddress = `127.0.0.1:${ports.temporal}`
  const temporal = labProcess({
    ...{
      name: 'temporal',
      command: program,
      cwd: () => root,
      user: null,
      env: () => ({ PATH: binaries, HOME: folder }),
      logFile: log('temporal'),
    },
    args: devServerArgs({
      ...{ dbFile: join(folder, 'temporal.db'), port: ports.temporal, uiPort: ports.temporalUi, namespace },
      codecEndpoint: `http://127.0.0.1:${ports.api}/codec`,
    }),
  })

  const clocks = { 'worker-a': clockFile(join(folder, 'clock-a')), 'worker-b': clockFile(join(folder, 'clock-b')) }
  const overrides: Stage['overrides'] = { 'worker-a': {}, 'worker-b': {} }
  const nodeProcess = (name: 'api' | WorkerName): LabProcess => {
    const url = new URL(prepared.url)
    url.port = String(proxy(`${name}>postgres`).port)
    const worker = name === 'api' ? null : name
    const entry = worker === null ? 'api/main.ts' : 'workers/main.ts'
    const rootOf = (): string => (worker === null ? root : (overrides[worker].root ?? root))
    return labProcess({
      ...{ name, command: process.execPath, args: [entry], cwd: rootOf, user: null, logFile: log(name) },
      env: () => ({
        PATH: binaries,
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
        DATABASE_URL: url.href,
        TEMPORAL_ADDRESS: `127.0.0.1:${proxy(`${name}>temporal`).port}`,
        TOCSIN_DATA_DIR: folder,
        TOCSIN_API_KEY: keys.apiKey,
        TOCSIN_APP_KEY: keys.appKey,
        TOCSIN_SECRET_KEY: secretKey,
        TOCSIN_ALLOW_PRIVATE: 'all',
        PORT: String(ports.api),
        ...(worker === null ? setup : { TOCSIN_WORKER_PORT: String(ports[worker]), ...clocks[worker]?.env }),
        ...(worker === null || overrides[worker].shards === undefined ? {} : { TOCSIN_SHARDS: overrides[worker].shards }),
      }),
    })
  }
  const api = nodeProcess('api')
  const workers = { 'worker-a': nodeProcess('worker-a'), 'worker-b': nodeProcess('worker-b') }

  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace })
  const client = lazyTemporalClient(config.cells[0])
  const pool = createPool(prepared.url, { max: 4 })
  const http = createHttpClient({ baseUrl: `http://127.0.0.1:${ports.api}`, ...keys })
  const isReady = async (port: number): Promise<true | null> => {
    const { status } = await createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: null, appKey: null }).request('GET', '/ready')
    return status === 200 ? true : null
  }
  const asks = {
    postgres: async () => ((await createDatabase(prepared.url)) ? true : null),
    temporal: () => ensureSearchAttributes(temporalAddress, namespace).then(() => true),
    api: () => isReady(ports.api),
    'worker-a': () => isReady(ports['worker-a']),
    'worker-b': () => isReady(ports['worker-b']),
  }
  const untilUp: Stage['untilUp'] = async (what, timeoutMs = upTimeoutMs) => {
    await waitFor<boolean>(asks[what], { what: `${what} to answer (its log is in ${folder}/logs)`, timeoutMs, everyMs: 200 })
  }
  const all = [workers['worker-a'], workers['worker-b'], api, temporal, postgres]
  return {
    ...{ folder, postgres, temporal, api, workers, proxy, shaky, receivers, clocks, disk, overrides, pool, client, config, http, untilUp },
    runtime: createMonitorRuntime(client.client, config),
    secrets: [keys.apiKey, keys.appKey, password, secretKey, sourceToken, webhookSecret],
    close: async () => {
      await Promise.allSettled([pool.end(), client.close()])
      for (const one of all) await one.end(one === postgres ? 'SIGINT' : 'SIGTERM').catch(() => {})
      await Promise.allSettled([...proxies.values(), steady, shaky, receivers].map((one) => one.close()))
      disk?.unmount()
    },
  }
}

export async function startProcesses(stage: Stage): Promise<void> {
  await stage.postgres.start()
  await stage.untilUp('postgres')
  await stage.temporal.start()
  await stage.untilUp('temporal')
  // The API migrates, and knows sources and receivers, before a worker asks.
  await stage.api.start()
  await stage.untilUp('api')
  for (const name of workerNames) await stage.workers[name].start()
  for (const name of workerNames) await stage.untilUp(name)
}

const binaries = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
const webhookSecret = `whsec_${Buffer.from('chaos-webhook-secret-of-32-bytes').toString('base64')}`

function writeSetup(folder: string, steadyPort: number, proxy: (name: string) => TcpProxy): Readonly<Record<string, string>> {
  const source = (name: string, port: number): unknown => ({
    ...{ name, kind: 'prometheus', config: { url: `http://127.0.0.1:${port}` }, secrets: { bearer_token: sourceToken } },
  })
  const sources = [source('steady', steadyPort), source('shaky', proxy('workers>shaky').port)]
  const receivers = Array.from({ length: receiversCount }, (_, index) => {
    const name = receiverName(index)
    const url = `http://127.0.0.1:${proxy(`workers>${name}`).port}/hook`
    // Short, so that one that hangs is tried again within the run.
    return { name, kind: 'webhook', config: { url, secret: webhookSecret }, policy: { timeout: 3 } }
  })
  const files = { TOCSIN_SOURCES_FILE: join(folder, 'sources.json'), TOCSIN_RECEIVERS_FILE: join(folder, 'receivers.json') }
  writeFileSync(files.TOCSIN_SOURCES_FILE, JSON.stringify({ sources }), { mode: 0o600 })
  writeFileSync(files.TOCSIN_RECEIVERS_FILE, JSON.stringify({ receivers }), { mode: 0o600 })
  return files
}
