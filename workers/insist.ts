import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../telemetry/log.ts'

/** The other side is often up within the second; once it is down for long, every ten seconds is soon enough. */
const firstWaitMs = 500
const longestWaitMs = 10_000

export type InsistOptions = Readonly<{
  log: Log
  stopping: AbortSignal
  /** Whether waiting may help; what it can't help is rejected with at once. */
  passes?: (error: unknown) => boolean
}>

/** Tries until it works, telling the log each time. Rejects when the process is stopping, or with an error that won't pass. */
export async function insist<Result>(
  what: string,
  { log, stopping, passes = () => true }: InsistOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    stopping.throwIfAborted()
    try {
      return await work()
    } catch (reason) {
      if (!passes(reason)) throw reason
      log.warn({ what, reason, retryInMs: waitMs }, 'waiting')
      await delay(waitMs, undefined, { signal: stopping })
    }
  }
}
