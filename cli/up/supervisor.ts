/**
 * The children of one start, as a stack: started one after the other, stopped in reverse, each exactly once.
 * Read next: child.ts, main.ts.
 */
import { join } from 'node:path'
import { type Child, type ChildSpec, startChild } from './child.ts'
import { type LogFile, openLog } from './log-file.ts'
import type { ChildRecord, RunFiles } from './run-files.ts'
import { waitFor } from './wait.ts'

export type Supervisor = Readonly<{
  /** Starts a child and waits until `ready` answers true; rejects with the end of its log when it doesn't. */
  start: (spec: ChildSpec, ready: Readiness) => Promise<void>
  /** Stops every child, the last started first. Further calls wait for the same stop. */
  stop: () => Promise<void>
}>

export type Readiness = Readonly<{ ask: () => Promise<boolean>; timeoutMs: number }>

export type SupervisorOptions = Readonly<{
  dataDir: string
  runFiles: RunFiles
  say: (line: string) => void
  /** Aborts a start that is still waiting. */
  signal: AbortSignal
}>

/** A child that dies this often before it was ever ready won't become so by itself. */
const deathsBeforeReadyMax = 3

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const running: Readonly<{ child: Child; log: LogFile }>[] = []
  let stopped: Promise<void> | null = null
  const saveRecords = (): void => {
    try {
      options.runFiles.saveChildren(running.flatMap(({ child }) => childRecord(child) ?? []))
    } catch (error) {
      // A full disk must not end the one process that keeps the others running.
      options.say(`could not note which processes run: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  const stopAll = async (): Promise<void> => {
    for (let last = running.pop(); last !== undefined; last = running.pop()) {
      await last.child.stop()
      options.say(`stopped ${last.child.spec.name}`)
      last.log.close()
      saveRecords()
    }
  }

  return {
    start: async (spec, ready) => {
      options.signal.throwIfAborted()
      const log = openLog(join(options.dataDir, 'logs', `${spec.name}.log`))
      const child = startChild(spec, { log, say: options.say, changed: saveRecords })
      running.push({ child, log })
      saveRecords()
      const ask = async (): Promise<'ready' | 'dead' | null> => {
        if (child.deaths() >= deathsBeforeReadyMax) return 'dead'
        return (await ready.ask()) ? 'ready' : null
      }
      const outcome = await waitFor(ask, { what: `${spec.name} to be ready`, timeoutMs: ready.timeoutMs, signal: options.signal }).catch(
        (error: unknown) => {
          options.signal.throwIfAborted()
          throw startFailure(spec.name, error instanceof Error ? error.message : String(error), log)
        },
      )
      if (outcome === 'dead') throw startFailure(spec.name, `it ended ${deathsBeforeReadyMax} times`, log)
    },
    stop: () => {
      stopped ??= stopAll()
      return stopped
    },
  }
}

function childRecord(child: Child): ChildRecord | null {
  const record = child.record()
  return record === null ? null : { ...record, name: child.spec.name, stopSignal: child.spec.stopSignal }
}

function startFailure(name: string, reason: string, log: LogFile): Error {
  const tail = log.tail()
  return new Error(`${name} did not start: ${reason}.${tail.length === 0 ? '' : ` The end of its log:\n  ${tail.join('\n  ')}`}`)
}
