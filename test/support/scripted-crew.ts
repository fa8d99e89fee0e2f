import { type ChildProcess, fork } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ScriptedWorkerInput, TrapPoint } from './scripted-worker.ts'

const entry = fileURLToPath(new URL('./scripted-worker.ts', import.meta.url))

export type Trap = ScriptedWorkerInput['trap']

export type ScriptedCrew = Readonly<{
  /** How workers died so far: by which trap, or by kill(). */
  deaths: () => Readonly<Record<TrapPoint | 'any', number>>
  /** Pids that have said that they poll, how long they took to come to that, and whether they have a trap. */
  polling: () => readonly Readonly<{ pid: number; cameUpInMs: number; trapped: boolean }>[]
  /** SIGKILL at whatever they are doing. */
  kill: (pid: number) => void
  /** Workers that come from now on run this bundle of workflows. */
  deploy: (bundlePath: string) => void
  /** From now on, replacements have no traps; those that have one are replaced. */
  disarm: () => void
  stop: () => Promise<void>
}>

/** `size` worker processes at any time: one that dies is replaced at once. `trapOf` sets the trap of the n-th one. */
export function startScriptedCrew(size: number, input: Omit<ScriptedWorkerInput, 'trap'>, trapOf: (nth: number) => Trap): ScriptedCrew {
  const deaths: Record<TrapPoint | 'any', number> = {
    evaluating: 0,
    committing: 0,
    committed: 0,
    told: 0,
    planning: 0,
    delivered: 0,
    any: 0,
  }
  const children = new Map<number, Readonly<{ child: ChildProcess; trap: Trap }>>()
  const polling = new Map<number, Readonly<{ cameUpInMs: number }>>()
  const shot = new Set<number>()
  let { bundlePath } = input
  let forked = 0
  let armed = true
  let stopped = false

  function replace(): void {
    const trap = armed ? trapOf(forked) : null
    forked += 1
    const forkedAt = Date.now()
    const child = fork(entry, [JSON.stringify({ ...input, bundlePath, trap })], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      // Each of them loads the same modules: compiled once, they come up in two thirds of the time.
      env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(input.bundlePath), 'compiled') },
    })
    const pid = child.pid ?? 0
    children.set(pid, { child, trap })
    child.once('message', () => polling.set(pid, { cameUpInMs: Date.now() - forkedAt }))
    child.once('exit', (_code, signal) => {
      children.delete(pid)
      polling.delete(pid)
      if (stopped) return
      if (signal === 'SIGKILL') deaths[trap === null || shot.has(pid) ? 'any' : trap.point] += 1
      replace()
    })
  }

  function kill(pid: number): void {
    shot.add(pid)
    children.get(pid)?.child.kill('SIGKILL')
  }

  for (let index = 0; index < size; index += 1) replace()
  return {
    deaths: () => deaths,
    polling: () => [...polling].map(([pid, { cameUpInMs }]) => ({ pid, cameUpInMs, trapped: (children.get(pid)?.trap ?? null) !== null })),
    kill,
    deploy: (path) => {
      bundlePath = path
    },
    disarm: () => {
      armed = false
      for (const [pid, { trap }] of children) if (trap !== null) kill(pid)
    },
    stop: async () => {
      stopped = true
      const exits = [...children.values()].map(({ child }) => new Promise((resolve) => child.once('exit', resolve)))
      for (const { child } of children.values()) child.kill('SIGKILL')
      await Promise.all(exits)
    },
  }
}
