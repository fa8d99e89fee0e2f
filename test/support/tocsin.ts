import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { createHttpClient, type HttpClient } from '../../cli/http.ts'
import { readKeys } from '../../cli/up/keys.ts'
import { waitFor } from '../../cli/up/wait.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const records = z.array(z.object({ name: z.string(), pid: z.number(), identity: z.string() }))

export type Command = Readonly<{
  pid: number
  output: () => string
  exited: Promise<number | null>
  /** As a terminal's Ctrl-C: to every process of the foreground group. */
  interrupt: () => void
}>

export type Environment = Readonly<Record<string, string>>

/** One of the commands of package.json, as npm runs it, in a process group of its own, as a terminal gives it. */
export function runCommand(name: string, environment: Environment): Command {
  const { DATABASE_URL: _database, TEMPORAL_ADDRESS: _temporal, ...inherited } = process.env
  const child = spawn(process.execPath, ['cli/bootstrap.mjs', name], {
    cwd: root,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const pid = child.pid ?? 0
  return {
    pid,
    output: () => output,
    exited: new Promise((resolve) => child.once('close', resolve)),
    interrupt: () => process.kill(-pid, 'SIGINT'),
  }
}

export type Running = Command & Readonly<{ client: HttpClient }>

/** `npm start` until it says that it runs; rejects with its output if it ends before. */
export async function startTocsin(dataDir: string, port: number, environment: Environment = {}): Promise<Running> {
  const command = runCommand('up', { ...environment, TOCSIN_DATA_DIR: dataDir, PORT: String(port) })
  let code: number | null | undefined
  void command.exited.then((exitCode) => {
    code = exitCode
  })
  const ask = async (): Promise<'running' | 'ended' | null> => {
    if (command.output().includes('Tocsin is running.')) return 'running'
    return code === undefined ? null : 'ended'
  }
  const outcome = await waitFor(ask, { what: 'npm start', timeoutMs: 120_000 })
  if (outcome === 'ended') throw new Error(`npm start ended with ${code}:\n${command.output()}`)
  const keys = readKeys(dataDir, { apiKey: null, appKey: null })
  return {
    ...command,
    client: createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: keys?.apiKey ?? '', appKey: keys?.appKey ?? '' }),
  }
}

/** The supervised processes, as the supervisor noted them. */
export function childrenOf(dataDir: string): z.infer<typeof records> {
  return records.parse(JSON.parse(readFileSync(join(dataDir, 'run', 'children.json'), 'utf8')))
}

export function supervisorOf(dataDir: string): number {
  return z.object({ pid: z.number() }).parse(JSON.parse(readFileSync(join(dataDir, 'run', 'supervisor.json'), 'utf8'))).pid
}
