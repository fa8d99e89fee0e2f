import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../telemetry/log.ts'

/** The other side is often up within the second; once it is down for long, every ten seconds is soon enough. */
const firstWaitMs = 500
const longestWaitMs = 10_000

/** Tries until it works, telling the log each time; rejects only when the process is stopping. */
export async function insist<Result>(what: string, log: Log, stopping: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    stopping.throwIfAborted()
    try {
      return await work()
    } catch (reason) {
      log.warn({ what, reason, retryInMs: waitMs }, 'waiting')
      await delay(waitMs, undefined, { signal: stopping })
    }
  }
}
