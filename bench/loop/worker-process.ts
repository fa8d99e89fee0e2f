import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { end } from '../../cli/up/processes.ts'
import { recordOf } from '../../cli/up/run-files.ts'
import { type Sample, sampleSchema, type WorkerSettings } from './samples.ts'

export type BenchWorker = Readonly<{
  pid: number
  /** What was counted since the last question. */
  sample: (options?: Readonly<{ collect: boolean }>) => Promise<Sample>
  stop: () => Promise<void>
}>

const entry = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Rejects if it ends before it is ready. */
export async function startWorker(settings: WorkerSettings): Promise<BenchWorker> {
  const { pid, ask, stop } = await forkWorker(entry, settings)
  return { pid, sample: async (options = { collect: false }) => sampleSchema.parse(await ask(options)), stop }
}

export type ForkedWorker = Readonly<{ pid: number; ask: (question: object) => Promise<unknown>; stop: () => Promise<void> }>

/**
 * A process of its own, so that its CPU and memory are its own. It says something when it is ready, answers each message with one,
 * and ends when it is disconnected. `settings` are its first argument.
 */
export async function forkWorker(file: string, settings: object): Promise<ForkedWorker> {
  const child = fork(file, [JSON.stringify(settings)], { execArgv: ['--expose-gc', ...process.execArgv] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the worker process ended with ${String(code)}`)
  })
  // Only counts while somebody waits for an answer.
  ended.catch(() => {})
  const lastResort = (): void => void child.kill('SIGKILL')
  process.once('exit', lastResort)
  const reply = async (): Promise<unknown> => {
    const [message]: unknown[] = await Promise.race([once(child, 'message'), ended])
    return message
  }
  await reply()
  const record = child.pid === undefined ? null : recordOf(child.pid)
  if (record === null) throw new Error('the worker process is gone')
  return {
    pid: record.pid,
    ask: async (question) => {
      const answer = reply()
      child.send(question)
      return answer
    },
    stop: async () => {
      process.off('exit', lastResort)
      child.disconnect()
      // It ends by that; the signal changes nothing, and after ten seconds it is killed.
      await end(record, 'SIGCONT', 10_000)
    },
  }
}
