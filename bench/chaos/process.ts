/** One real process that is killed, stopped and started again by faults. What ends unasked is started again, as a service manager does, and counted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export type ProcessSpec = Readonly<{
  name: string
  command: string
  args: readonly string[]
  cwd: () => string
  user: Readonly<{ uid: number; gid: number }> | null
  /** Called at each start: faults may change it. */
  env: () => Readonly<Record<string, string>>
  logFile: string
  /** Run before each start, where something has to be put in order first. */
  prepare?: () => Promise<void>
}>

export type LabProcess = Readonly<{
  name: string
  pid: () => number | null
  /** Does nothing where it runs. */
  start: () => Promise<void>
  /** Waits until it is gone; one that hangs is killed. It stays down until `start`. */
  end: (signal: NodeJS.Signals) => Promise<void>
  /** How often it ended without being asked. */
  unasked: () => number
}>

/** Between an end that nobody asked for and the next start. */
const restartMs = 1_000
/** A drain of a worker is bounded by 15 s; what takes longer hangs. */
const patienceMs = 20_000

export function labProcess(spec: ProcessSpec): LabProcess {
  const log = openSync(spec.logFile, 'a', 0o600)
  let child: ChildProcess | null = null
  let wanted = false
  let unasked = 0

  const launch = async (): Promise<void> => {
    await spec.prepare?.()
    if (!wanted || child !== null) return
    const { command, args, user } = spec
    const started = spawn(command, [...args], {
      cwd: spec.cwd(),
      env: { ...spec.env() },
      stdio: ['ignore', log, log],
      // Ctrl-C is for the laboratory alone.
      detached: true,
      ...(user ?? {}),
    })
    child = started
    started.once('exit', (code, signal) => {
      if (child === started) child = null
      writeSync(log, `--- ${spec.name} ended: ${signal ?? code}\n`)
      if (!wanted) return
      unasked += 1
      setTimeout(() => void launch().catch(() => {}), restartMs)
    })
    started.once('error', () => {
      if (child === started) child = null
    })
  }

  // Whoever ends the laboratory hard leaves nothing behind.
  process.once('exit', () => {
    wanted = false
    child?.kill('SIGKILL')
  })
  return {
    name: spec.name,
    pid: () => child?.pid ?? null,
    start: async () => {
      wanted = true
      if (child === null) await launch()
    },
    end: async (signal) => {
      wanted = false
      const ending = child
      if (ending === null) return
      const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
      ending.kill(signal)
      const late = await Promise.race([gone.then(() => false), delay(patienceMs, true, { ref: false })])
      if (late) {
        ending.kill('SIGKILL')
        await gone
      }
    },
    unasked: () => unasked,
  }
}
