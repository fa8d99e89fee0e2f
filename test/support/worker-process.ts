import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../cli/up/port.ts'
import { testSecretKey } from './secrets.ts'

export type WorkerProcess = Readonly<{
  child: ChildProcess
  /** Of its /health, /ready and /metrics. */
  url: string
  output: () => string
  exitCode: () => Promise<number | null>
}>

/** The real worker in a process of its own. Whoever starts it must end it. */
export async function startWorkerProcess(environment: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../workers/main.ts', import.meta.url))], {
    // What tests watch and tell is on this machine.
    env: {
      PATH: process.env.PATH,
      TOCSIN_WORKER_PORT: String(port),
      TOCSIN_ALLOW_PRIVATE: 'all',
      TOCSIN_SECRET_KEY: testSecretKey,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    exitCode: async () => {
      if (child.exitCode === null) await once(child, 'exit')
      return child.exitCode
    },
  }
}

/** HTTP status; false while nobody answers. */
export async function statusOf(url: string): Promise<number | false> {
  return fetch(url).then(
    (response) => response.status,
    () => false,
  )
}
