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

const settings = readSettings(() => ({ cell: loadTemporalConfig().cells[0], databaseUrl: loadConfig().databaseUrl }))
process.exitCode = settings === null ? 2 : await prepare(settings)

async function prepare({ cell, databaseUrl }: Readonly<{ cell: Cell; databaseUrl: string }>): Promise<number> {
  const pool = createPool(databaseUrl, { max: 1 })
  try {
    const applied = await waitFor(() => migrate(pool), { what: 'the database', timeoutMs, everyMs: 1_000 })
    console.log(`schema is up to date${applied.length === 0 ? '' : `: applied ${applied.join(', ')}`}`)
    const registered = async (): Promise<true> => ensureSearchAttributes(cell.address, cell.namespace).then(() => true)
    await waitFor(registered, { what: `Temporal at ${cell.address}`, timeoutMs, everyMs: 1_000 })
    console.log(`search attributes are registered in namespace ${cell.namespace} of ${cell.address}`)
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    await pool.end()
  }
}
