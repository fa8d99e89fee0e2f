/**
 * Temporal as commands see it that look into it: `doctor`, `replay` and `reset`. The server is the one that TEMPORAL_ADDRESS names, or
 * that `npm start` runs. Never starts or tells a monitor anything: that is the API's. Read next: look.ts, histories.ts, resets.ts.
 */
import { type Client, Connection } from '@temporalio/client'
import { lazyTemporalClient } from '../../adapters/temporal/connect.ts'
import { loadConfig, variableOf } from '../../config.ts'
import { type Cell, loadTemporalConfig } from '../../temporal.config.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { readAddresses } from '../up/run-files.ts'
import { dataDirOf } from '../up/settings.ts'

export type Temporal = Readonly<{ cell: Cell; client: Client; connection: Connection; close: () => Promise<void> }>

/** Someone looks at a terminal meanwhile. */
const connectTimeoutMs = 5_000

/** Which server that is. */
export function temporalCell(): Cell {
  const [cell] = loadTemporalConfig().cells
  const running = readAddresses(dataDirOf(loadConfig()))?.temporal
  return variableOf('TEMPORAL_ADDRESS') === null && running !== undefined ? { ...cell, address: running } : cell
}

/** Throws a CommandError where it doesn't answer. */
export async function openTemporal(cell: Cell = temporalCell()): Promise<Temporal> {
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
