/**
 * One supervised child process: started, logged, started again when it dies, stopped once.
 * Never decides an order: main.ts does. Read next: supervisor.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { LogFile } from './log-file.ts'
import { end, type ProcessRecord } from './processes.ts'
import { recordOf } from './run-files.ts'

export type ChildSpec = Readonly<{
  name: string
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** Set where the child may not run as root. */
  user?: Readonly<{ uid: number; gid: number }>
  stopSignal: 'SIGTERM' | 'SIGINT'
  /** After this the child is killed. */
  stopTimeoutMs: number
}>

export type Child = Readonly<{
  spec: ChildSpec
  /** null while it is down. */
  record: () => ProcessRecord | null
  /** How often it died by itself since it was started first. */
  deaths: () => number
  stop: () => Promise<void>
}>

export type ChildEvents = Readonly<{ changed: () => void; say: (line: string) => void; log: LogFile }>

/** Doubles from half a second to half a minute: quick for a hiccup, cheap for something that stays broken. */
const backoffFirstMs = 500
const backoffMaxMs = 30_000
/** A child that lived this long is taken as well: its next death starts the backoff anew. */
const wellAfterMs = 60_000

/**
 * Starts the child and keeps it running until `stop`. It gets a process group of its own, so that a Ctrl-C on the
 * terminal reaches the supervisor only, which then stops the children in order.
 */
export function startChild(spec: ChildSpec, events: ChildEvents): Child {
  let current: Readonly<{ process: ChildProcess; record: ProcessRecord | null }> | null = null
  let restart: NodeJS.Timeout | null = null
  let stopping = false
  let deaths = 0
  let delayMs = backoffFirstMs

  const died = (reason: string, livedMs: number): void => {
    current = null
    if (stopping) return
    events.changed()
    deaths += 1
    if (livedMs >= wellAfterMs) delayMs = backoffFirstMs
    events.say(`${spec.name} ended (${reason}); starting it again in ${delayMs / 1000} s`)
    restart = setTimeout(launch, delayMs)
    delayMs = Math.min(delayMs * 2, backoffMaxMs)
  }

  const launch = (): void => {
    restart = null
    const startedAt = Date.now()
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(spec.user ?? {}),
    })
    // Both `error` (it never ran) and `exit` end a child; whichever comes first counts.
    let over = false
    const finish = (reason: string): void => {
      if (over) return
      over = true
      events.log.write(`--- ${spec.name} ended: ${reason}\n`)
      died(reason, Date.now() - startedAt)
    }
    child.once('error', (error) => finish(error.message))
    child.once('exit', (code, signal) => finish(signal ?? `code ${code}`))
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => events.log.write(text))
    events.log.write(`--- ${spec.name} starts: process ${child.pid ?? 'none'}\n`)
    current = { process: child, record: child.pid === undefined ? null : recordOf(child.pid) }
    events.changed()
  }

  launch()
  return {
    spec,
    record: () => current?.record ?? null,
    deaths: () => deaths,
    stop: async () => {
      stopping = true
      if (restart !== null) clearTimeout(restart)
      const record = current?.record ?? null
      if (record !== null) await end(record, spec.stopSignal, spec.stopTimeoutMs)
    },
  }
}
