/**
 * The ProgressLog port on PostgreSQL: the latest of each monitor, written about a second later in one statement. While PostgreSQL is
 * away it waits; a monitor has one entry however long that takes. Never an input of a monitor's decision. Read next: queries/progress.ts.
 */
import type { Progress, ProgressLog } from '../../activities/watch-ports.ts'
import type { Log } from '../../telemetry/log.ts'
import { alarm } from './alarm.ts'
import { oneRun } from './one-run.ts'
import type { Pool } from './pool.ts'
import { saveProgress } from './queries/progress.ts'

/** Soon enough for whoever looks, seldom enough to be one transaction for many monitors. */
const flushMs = 1_000
/** Between two tries where PostgreSQL is away. */
const retryMs = 5_000
/** Rows of one statement: some 50 ms. */
const batchMax = 5_000
/** What takes longer is away without a word. */
const timeoutMs = 10_000
/** Monitors that one process may serve; a bound against what can't be. Some 30 MB. */
const waitingMax = 200_000

export type ProgressWriter = ProgressLog & Readonly<{ close: () => Promise<void> }>

export function progressWriter({ pool, log }: Readonly<{ pool: Pool; log: Pick<Log, 'warn'> }>): ProgressWriter {
  let waiting = new Map<number, Progress>()
  const work = oneRun(run, () => waiting.size > 0 && !closing)
  let closing = false
  const bell = alarm()

  async function run(): Promise<void> {
    let pauseMs = flushMs
    while (waiting.size > 0) {
      if (!closing) await bell.wait(pauseMs)
      pauseMs = (await flush()) ? flushMs : retryMs
      // A process that ends tries once more and no longer: the next evaluation says it all again.
      if (closing) return
    }
  }

  async function flush(): Promise<boolean> {
    const all = [...waiting.values()].sort((a, b) => a.monitorId - b.monitorId)
    const batch = all.slice(0, batchMax)
    waiting = new Map(all.slice(batchMax).map((entry) => [entry.monitorId, entry]))
    try {
      await saveProgress(pool, batch, timeoutMs)
      return true
    } catch (reason) {
      log.warn({ reason, monitors: batch.length }, 'progress-not-written')
      // What came meanwhile is newer.
      for (const entry of batch) if (!waiting.has(entry.monitorId)) waiting.set(entry.monitorId, entry)
      return false
    }
  }

  return {
    record(progress) {
      if (waiting.size >= waitingMax && !waiting.has(progress.monitorId)) return
      waiting.set(progress.monitorId, progress)
      work.start()
    },
    async close() {
      closing = true
      bell.ring()
      await work.ended()
    },
  }
}
