import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, type Environment, EnvironmentError, loadConfig } from '../../config.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import type { GivenKeys } from './keys.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export type UpSettings = Readonly<{
  /** The checkout. */
  root: string
  /** Absolute; a relative TOCSIN_DATA_DIR lies in the checkout. */
  dataDir: string
  host: string
  port: number
  workerPort: number
  /** null = an embedded PostgreSQL is started. */
  databaseUrl: string | null
  /** null = a dev server is started. */
  temporalAddress: string | null
  temporalUi: string | null
  namespace: string
  givenKeys: GivenKeys
  /** null = one is made and kept in the data directory. */
  secretKey: string | null
  /** null = not given. */
  allowPrivate: string | null
  /** What every child inherits, with Node 24 and the installed programs first in PATH. */
  environment: Environment
}>

/** What `load` reads from the environment; null = it makes no sense, and standard error says why: the exit code is 2. */
export function readSettings<Settings>(load: () => Settings): Settings | null {
  try {
    return load()
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    console.error(error.message)
    return null
  }
}

/** Absolute; a relative TOCSIN_DATA_DIR lies in the checkout. */
export function dataDirOf({ dataDir }: Config): string {
  return isAbsolute(dataDir) ? dataDir : join(root, dataDir)
}

/** Throws an EnvironmentError. */
export function loadUpSettings(env: Environment): UpSettings {
  const config = loadConfig(env)
  const temporal = loadTemporalConfig(env)
  return {
    root,
    dataDir: dataDirOf(config),
    host: config.host,
    port: config.port,
    workerPort: config.workerPort,
    databaseUrl: isSet(env.DATABASE_URL) ? config.databaseUrl : null,
    temporalAddress: isSet(env.TEMPORAL_ADDRESS) || isSet(env.TOCSIN_CELLS) ? temporal.cells[0].address : null,
    temporalUi: config.temporalUi,
    namespace: temporal.cells[0].namespace,
    secretKey: isSet(env.TOCSIN_SECRET_KEY) ? (env.TOCSIN_SECRET_KEY ?? null) : null,
    allowPrivate: isSet(env.TOCSIN_ALLOW_PRIVATE) ? config.allowPrivate : null,
    givenKeys: { apiKey: config.apiKey, appKey: config.appKey },
    environment: { ...env, PATH: `${join(root, 'node_modules', '.bin')}:${env.PATH ?? ''}` },
  }
}

/** Where a client on this machine reaches a server that listens on `host`. */
export function localUrl(host: string, port: number): string {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
  const name = everywhere[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${name}:${port}`
}

const isSet = (value: string | undefined): boolean => value !== undefined && value.trim() !== ''
