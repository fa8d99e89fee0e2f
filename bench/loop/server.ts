import { spawn } from 'node:child_process'
import { Client, Connection } from '@temporalio/client'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import { findTemporal } from '../../cli/up/parts.ts'
import { freePort } from '../../cli/up/port.ts'
import { end } from '../../cli/up/processes.ts'
import { recordOf } from '../../cli/up/run-files.ts'
import { ensureSearchAttributes, fairQueues } from '../../cli/up/temporal.ts'
import { waitFor } from '../../cli/up/wait.ts'
import { searchAttributeTypes } from '../../workflows/messages.ts'

export type BenchServer = Readonly<{ address: string; pid: number; client: Client; stop: () => Promise<void> }>

/** A Temporal dev server of its own, in memory, with the settings of `npm start` that matter. */
export async function startServer(say: (line: string) => void): Promise<BenchServer> {
  const program = await findTemporal(say)
  if (program === null) throw new Error('no Temporal CLI: put `temporal` into PATH')
  const port = await freePort()
  const child = spawn(
    program,
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--log-level', 'never'],
      // With more readers a busy timer queue is seconds late.
      ...['--dynamic-config-value', 'history.timerQueueMaxReaderCount=1'],
      ...fairQueues,
      ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ],
    { stdio: 'ignore' },
  )
  const lastResort = (): void => void child.kill('SIGKILL')
  process.once('exit', lastResort)
  const record = child.pid === undefined ? null : recordOf(child.pid)
  if (record === null) throw new Error(`${program} could not be run`)
  const address = `127.0.0.1:${port}`
  const ask = async (): Promise<true> => ensureSearchAttributes(address, 'default').then(() => true)
  await waitFor(ask, { what: 'the Temporal dev server to answer', timeoutMs: 30_000 })
  const connection = await Connection.connect({ address })
  return {
    address,
    pid: record.pid,
    client: new Client({ connection, dataConverter }),
    stop: async () => {
      process.off('exit', lastResort)
      await connection.close()
      // Nothing in it is wanted any more.
      await end(record, 'SIGKILL', 10_000)
    },
  }
}
