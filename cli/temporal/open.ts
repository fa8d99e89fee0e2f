/**
 * Temporal as commands see it that look into it: `doctor`, `replay` and `reset`. The server is the one that TEMPORAL_ADDRESS names, those of
 * TOCSIN_CELLS, or the one that `npm start` runs. Never starts or tells a monitor anything: that is the API's. Read next: look.ts, histories.ts, resets.ts.
 */
import { type Client, Connection } from '@temporalio/client'
import { lazyTemporalClient } from '../../adapters/temporal/connect.ts'
import { loadConfig, variableOf } from '../../config.ts'
import { type Cell, loadTemporalConfig } from '../../temporal.config.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { readAddresses } from '../up/run-files.ts'
import { dataDirOf } from '../up/settings.ts'
import { newestRun } from './histories.ts'

export type Temporal = Readonly<{ cell: Cell; client: Client; connection: Connection; close: () => Promise<void> }>

/** Someone looks at a terminal meanwhile. */
const connectTimeoutMs = 5_000

/** Which servers and namespaces these are: one, unless TOCSIN_CELLS names several. */
export function temporalCells(): readonly [Cell, ...Cell[]] {
  const [first, ...others] = loadTemporalConfig().cells
  const running = readAddresses(dataDirOf(loadConfig()))?.temporal
  const named = variableOf('TEMPORAL_ADDRESS') !== null || variableOf('TOCSIN_CELLS') !== null
  return [named || running === undefined ? first : { ...first, address: running }, ...others]
}

/** The cell in which a workflow was started last; the first where none knows it. Throws a CommandError where one doesn't answer. */
export async function openHomeOf(workflowId: string): Promise<Temporal> {
  const [first, ...others] = temporalCells()
  let home = await openTemporal(first)
  let newest = others.length === 0 ? null : await newestRun(home, workflowId)
  for (const cell of others) {
    const temporal = await openTemporal(cell)
    const run = await newestRun(temporal, workflowId)
    const isHome = run !== null && (newest === null || run.startMs > newest.startMs)
    await (isHome ? home : temporal).close()
    if (!isHome) continue
    home = temporal
    newest = run
  }
  return home
}

/** Throws a CommandError where it doesn't answer. */
export async function openTemporal(cell: Cell): Promise<Temporal> {
  try {
    const connection = await Connection.connect({ address: cell.address, connectTimeout: connectTimeoutMs })
    const { client, close } = lazyTemporalClient(cell)
    return {
      cell,
      client,
      connection,
      close: async () => {
        await close()
        await connection.close()
      },
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(
      `Temporal at ${cell.address} does not answer: ${reason}. TEMPORAL_ADDRESS says where it is`,
      exitCodes.unavailable,
    )
  }
}
