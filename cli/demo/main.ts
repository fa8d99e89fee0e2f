/**
 * `npm run demo`: makes an incident on a running Tocsin and shows it, step by step, in well under 90 s. Exits 1 with the
 * step that didn't happen. Never leaves anything behind. Read next: incident.ts.
 */

import { createHttpClient, HttpUnreachable } from '../http.ts'
import { readKeys } from '../up/keys.ts'
import { readAddresses } from '../up/run-files.ts'
import { loadUpSettings, localUrl, readSettings, type UpSettings } from '../up/settings.ts'
import { runIncident, type Tell } from './incident.ts'

const startedAt = Date.now()
const terminal: Tell = {
  step: (line) => console.log(`${elapsed().padStart(5)} s  ${line}`),
  fact: (line) => console.log(`${elapsed().padStart(5)} s      ${line}`),
}

const settings = readSettings(() => loadUpSettings(process.env))
process.exitCode = settings === null ? 2 : await demo(settings)

/** The exit code. */
async function demo(settings: UpSettings): Promise<number> {
  try {
    const keys = readKeys(settings.dataDir, settings.givenKeys)
    if (keys === null) {
      throw new Error(`No keys in ${settings.dataDir}: run \`npm start\` first, or set TOCSIN_API_KEY and TOCSIN_APP_KEY.`)
    }
    // The running system knows best where it listens; without one on this data directory, HOST and PORT say it.
    const baseUrl = readAddresses(settings.dataDir)?.api ?? localUrl(settings.host, settings.port)
    console.log(`An incident on ${baseUrl}\n`)
    await runIncident(createHttpClient({ baseUrl, ...keys }), terminal)
    console.log(`\nDone in ${elapsed()} s.`)
    return 0
  } catch (error) {
    const hint = error instanceof HttpUnreachable ? ' Does `npm start` run in another terminal?' : ''
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}${hint}`)
    return 1
  }
}

function elapsed(): string {
  return ((Date.now() - startedAt) / 1000).toFixed(1)
}
