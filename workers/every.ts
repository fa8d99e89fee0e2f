import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../telemetry/log.ts'

/** Does `work` now and then every `intervalMs`, until stopped. A failure is logged, and the next time is the retry. */
export async function every(
  what: string,
  intervalMs: number,
  log: Log,
  stopping: AbortSignal,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!stopping.aborted) {
    await work().catch((reason: unknown) => log.warn({ what, reason }, 'housekeeping-failed'))
    await delay(intervalMs, undefined, { signal: stopping }).catch(() => {})
  }
}
