/** Where the API is and with which keys it is asked. Read next: http.ts, answers.ts. */
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, loadConfig } from '../config.ts'
import { CommandError } from './codes.ts'
import { createHttpClient, type HttpClient } from './http.ts'
import { readKeys } from './up/keys.ts'
import { readAddresses } from './up/run-files.ts'
import { localUrl } from './up/settings.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

export type GivenServer = Readonly<{ api: string | null; apiKey: string | null; appKey: string | null }>

/** As findServer, with the environment of this process. Throws a CommandError or an EnvironmentError. */
export function openServer(given: GivenServer, timeoutMs?: number): HttpClient {
  const server = findServer(given, loadConfig(), timeoutMs)
  if (typeof server === 'string') throw new CommandError(server)
  return server
}

/**
 * The API to ask: as given, else TOCSIN_URL, else the one that runs on this machine's data directory, else what HOST and PORT
 * say; with the keys as given, of the environment, or of the data directory. A sentence where there are no keys.
 */
function findServer(given: GivenServer, config: Config, timeoutMs?: number): HttpClient | string {
  const dataDir = dataDirOf(config)
  const keys = readKeys(dataDir, { apiKey: given.apiKey ?? config.apiKey, appKey: given.appKey ?? config.appKey })
  if (keys === null)
    return `no keys: set TOCSIN_API_KEY and TOCSIN_APP_KEY, give --api-key and --app-key, or run \`npm start\` (there are none in ${dataDir})`
  const baseUrl = given.api ?? config.url ?? readAddresses(dataDir)?.api ?? localUrl(config.host, config.port)
  return createHttpClient({ baseUrl, ...keys, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
}

/** Absolute; a relative TOCSIN_DATA_DIR lies in the checkout. */
export function dataDirOf(config: Config): string {
  return isAbsolute(config.dataDir) ? config.dataDir : join(root, config.dataDir)
}
