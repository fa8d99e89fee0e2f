import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../config.ts'
import { createHttpClient, type HttpClient } from '../http.ts'
import { readKeys } from '../up/keys.ts'
import { readAddresses } from '../up/run-files.ts'
import { localUrl } from '../up/settings.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** A backtest is given a minute by the server. */
const timeoutMs = 70_000

export type Given = Readonly<{ api: string | null; apiKey: string | null; appKey: string | null }>

/**
 * The API to ask: as given, else the one that runs on this machine's data directory, else what HOST and PORT say; with the
 * keys as given, of the environment, or of the data directory. A sentence where there are no keys.
 */
export function findServer(given: Given, config: Config): HttpClient | string {
  const dataDir = isAbsolute(config.dataDir) ? config.dataDir : join(root, config.dataDir)
  const keys = readKeys(dataDir, { apiKey: given.apiKey ?? config.apiKey, appKey: given.appKey ?? config.appKey })
  if (keys === null)
    return `no keys: set TOCSIN_API_KEY and TOCSIN_APP_KEY, give --api-key and --app-key, or run \`npm start\` (there are none in ${dataDir})`
  const baseUrl = given.api ?? readAddresses(dataDir)?.api ?? localUrl(config.host, config.port)
  return createHttpClient({ baseUrl, ...keys, timeoutMs })
}
