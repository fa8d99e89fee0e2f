/**
 * `node cli/up/prepare.ts`: readies external servers, named by DATABASE_URL and TEMPORAL_ADDRESS, for `npm run api` and
 * `npm run worker`: migrates and registers the search attributes, then ends. May run any number of times.
 * Read next: temporal.ts, ../../adapters/postgres/migrate.ts.
 */
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { loadConfig } from '../../config.ts'
import { type Cell, loadTemporalConfig } from '../../temporal.config.ts'
import { readSettings } from './settings.ts'
import { ensureSearchAttributes } from './temporal.ts'
import { waitFor } from './wait.ts'

/** Servers that were started together with this may need their time. */
const timeoutMs = 60_000

const settings = readSettings(() => ({ cells: loadTemporalConfig().cells, databaseUrl: loadConfig().databaseUrl }))
process.exitCode = settings === null ? 2 : await prepare(settings)

async function prepare({ cells, databaseUrl }: Readonly<{ cells: readonly Cell[]; databaseUrl: string }>): Promise<number> {
  const pool = createPool(databaseUrl, { max: 1 })
  try {
    const applied = await waitFor(() => migrate(pool), { what: 'the database', timeoutMs, everyMs: 1_000 })
    console.log(`schema is up to date${applied.length === 0 ? '' : `: applied ${applied.join(', ')}`}`)
    for (const { address, namespace } of cells) {
      const registered = async (): Promise<true> => ensureSearchAttributes(address, namespace).then(() => true)
      await waitFor(registered, { what: `Temporal at ${address}`, timeoutMs, everyMs: 1_000 })
      console.log(`search attributes are registered in namespace ${namespace} of ${address}`)
    }
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    await pool.end()
  }
}
