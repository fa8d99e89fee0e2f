/** Where the API is and with which keys it is asked. Read next: http.ts, answers.ts. */
import { type Config, loadConfig } from '../config.ts'
import { CommandError } from './codes.ts'
import { createHttpClient, type HttpClient } from './http.ts'
import { readKeys } from './up/keys.ts'
import { readAddresses } from './up/run-files.ts'
import { dataDirOf, localUrl } from './up/settings.ts'

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
