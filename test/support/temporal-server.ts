/**
 * The real Temporal server over PostgreSQL, as production has it: for the test and the benchmark that must not take the dev server's word.
 * Never downloads anything: whoever has the two programs names them. Read next: docs/how-to/real-temporal-server.md.
 */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import { createDatabase } from '../../cli/up/postgres.ts'
import { end } from '../../cli/up/processes.ts'
import { recordOf } from '../../cli/up/run-files.ts'
import { ensureSearchAttributes } from '../../cli/up/temporal.ts'
import { waitFor } from '../../cli/up/wait.ts'
import { serverConfig, storeOf, temporalPorts } from './temporal-server-config.ts'

export type TemporalPrograms = Readonly<{ server: string; sqlTool: string }>

/** From TOCSIN_TEMPORAL_SERVER and TOCSIN_TEMPORAL_SQL_TOOL; null = this machine has none. */
export function temporalPrograms(env: Readonly<Record<string, string | undefined>> = process.env): TemporalPrograms | null {
  const { TOCSIN_TEMPORAL_SERVER: server, TOCSIN_TEMPORAL_SQL_TOOL: sqlTool } = env
  return server === undefined || sqlTool === undefined ? null : { server, sqlTool }
}

export const noTemporalPrograms =
  'no real Temporal server: TOCSIN_TEMPORAL_SERVER and TOCSIN_TEMPORAL_SQL_TOOL name none (docs/how-to/real-temporal-server.md)'

export type RunningTemporal = Readonly<{ address: string; pid: number; stop: () => Promise<void> }>

const run = promisify(execFile)
const dynamicConfig = fileURLToPath(new URL('../../deploy/compose/dynamic-config.yml', import.meta.url))
/** Its parts find one another first. */
const readyMs = 90_000

/** On loopback, with databases of its own on the server at `postgresUrl`, the namespace `default` and the search attributes. */
export async function startTemporalServer(programs: TemporalPrograms, postgresUrl: string): Promise<RunningTemporal> {
  await makeSchemas(programs, postgresUrl)
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-temporal-'))
  const file = join(folder, 'temporal.yml')
  const ports = await temporalPorts()
  // JSON is YAML.
  await writeFile(file, JSON.stringify(serverConfig({ postgresUrl, ports, dynamicConfig })))
  const child = spawn(programs.server, ['--config-file', file, '--allow-no-auth', 'start'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-4_000)
    })
  }
  const lastResort = (): void => void child.kill('SIGKILL')
  process.once('exit', lastResort)
  const record = child.pid === undefined ? null : recordOf(child.pid)
  if (record === null) throw new Error(`${programs.server} could not be run`)
  const stop = async (): Promise<void> => {
    process.off('exit', lastResort)
    // Nothing in it is wanted any more.
    await end(record, 'SIGKILL', 10_000)
    await rm(folder, { recursive: true, force: true })
  }
  const address = `127.0.0.1:${ports.frontend}`
  try {
    const gone = new AbortController()
    child.once('exit', () => gone.abort(new Error('it ended by itself')))
    await waitFor(() => prepareNamespace(address), {
      what: 'the Temporal server to answer',
      timeoutMs: readyMs,
      everyMs: 500,
      signal: gone.signal,
    })
    return { address, pid: record.pid, stop }
  } catch (error) {
    await stop()
    throw new Error(`the Temporal server isn't ready; its last words: ${output}`, { cause: error })
  }
}

async function makeSchemas({ sqlTool }: TemporalPrograms, postgresUrl: string): Promise<void> {
  for (const [database, schema] of [
    ['temporal', 'postgresql/v12/temporal'],
    ['temporal_visibility', 'postgresql/v12/visibility'],
  ] as const) {
    const url = new URL(postgresUrl)
    url.pathname = `/${database}`
    await createDatabase(url.href)
    const { user, password, host, port } = storeOf(postgresUrl)
    const where = ['--plugin', 'postgres12', '--endpoint', host, '--port', port, '--user', user, '--database', database]
    const options = { env: { ...process.env, SQL_PASSWORD: password } }
    await run(sqlTool, [...where, 'setup-schema', '--version', '0.0'], options)
    await run(sqlTool, [...where, 'update-schema', '--schema-name', schema], options)
  }
}

/** Rejects while the server can't answer. */
async function prepareNamespace(address: string): Promise<true> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 })
  try {
    await connection.workflowService
      .registerNamespace({ namespace: 'default', workflowExecutionRetentionPeriod: msToTs('1 day') })
      .catch((error: unknown) => {
        if (!(error instanceof Error && /already exists/i.test(error.message))) throw error
      })
    await ensureSearchAttributes(address, 'default')
    // The server's parts hear of the namespace one after the other: a count that they answer is one that knows them.
    await connection.workflowService.countWorkflowExecutions({ namespace: 'default', query: 'MonitorState is null' })
    return true
  } finally {
    await connection.close()
  }
}
