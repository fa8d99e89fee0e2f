/**
 * The EvaluationLog port on PostgreSQL: what is recorded is written about a second later, many rows at a time, so that an
 * evaluation neither waits for it nor fails by it. While PostgreSQL is away it waits, up to a bound; then the oldest go.
 * A killed process loses its last second. Never an input of a decision. Read next: evaluation-buffer.ts, queries/evaluations.ts.
 */
import type { EvaluationEntry, EvaluationLog } from '../../activities/ports.ts'
import type { Log } from '../../telemetry/log.ts'
import type { EvaluationLogMetrics } from '../../telemetry/metrics.ts'
import { alarm } from './alarm.ts'
import { evaluationBatches } from './evaluation-batches.ts'
import { evaluationBuffer } from './evaluation-buffer.ts'
import { oneRun } from './one-run.ts'
import { isOutage } from './outage.ts'
import type { Pool } from './pool.ts'

export type EvaluationWriter = EvaluationLog &
  Readonly<{
    /** Writes what is left, as far as that goes before the deadline. Nothing may be recorded afterwards. Never rejects. */
    close: () => Promise<void>
  }>

export type EvaluationWriterBounds = Readonly<{
  flushMs: number
  batchMax: number
  waitingMax: number
  writeTimeoutMs: number
  longestWaitMs: number
  drainMs: number
}>

/** While it closes it can't wait for long between two tries. */
const drainRetryMs = 250

const usualBounds: EvaluationWriterBounds = {
  // Whoever looks at a monitor is served within a second; at 40 evaluations a second that is 40 rows a transaction.
  flushMs: 1_000,
  // PostgreSQL writes so many in about 40 ms; larger batches gain nothing and lock longer.
  batchMax: 2_000,
  // About 15 MB: 20 minutes of 2,000 monitors a minute.
  waitingMax: 50_000,
  // A batch takes some 40 ms; past this the server is away without a word, or so busy that it had better be left alone.
  writeTimeoutMs: 10_000,
  // Once PostgreSQL is away for long, it is tried every ten seconds.
  longestWaitMs: 10_000,
  // Of the time that an orchestrator gives a process to end (10 to 30 s), most belongs to the activities.
  drainMs: 5_000,
}

export type EvaluationWriterOptions = Readonly<{
  pool: Pool
  metrics: EvaluationLogMetrics
  log: Pick<Log, 'warn'>
  bounds?: Partial<EvaluationWriterBounds>
}>

export function evaluationWriter({ pool, metrics, log, bounds: changed }: EvaluationWriterOptions): EvaluationWriter {
  const bounds = { ...usualBounds, ...changed }
  const buffer = evaluationBuffer(bounds.waitingMax)
  const bell = alarm()
  const write = evaluationBatches(pool, bounds.writeTimeoutMs)
  let phase: 'open' | 'draining' | 'over' = 'open'
  /** Tries in a row that found PostgreSQL away. */
  let failures = 0
  let batch: readonly EvaluationEntry[] = []
  const work = oneRun(run, () => buffer.size() > 0 && phase === 'open')

  async function run(): Promise<void> {
    while (phase !== 'over') {
      await bell.wait(pauseMs())
      if (batch.length === 0) batch = buffer.take(bounds.batchMax)
      if (batch.length === 0) return
      await attempt()
      metrics.waiting(batch.length + buffer.size())
    }
  }

  function pauseMs(): number {
    if (phase !== 'open') return failures === 0 ? 0 : drainRetryMs
    if (failures > 0) return Math.min(bounds.flushMs * 2 ** failures, bounds.longestWaitMs)
    return buffer.size() >= bounds.batchMax ? 0 : bounds.flushMs
  }

  /** Leaves `batch` as it is where trying again may help. */
  async function attempt(): Promise<void> {
    const startedAt = performance.now()
    try {
      await write(batch)
      metrics.written(batch.length, performance.now() - startedAt)
    } catch (reason) {
      const passes = isOutage(reason)
      log.warn({ reason, rows: batch.length, passes }, 'evaluations-not-written')
      if (passes) {
        failures += 1
        return
      }
      metrics.dropped(batch.length)
    }
    failures = 0
    batch = []
  }

  return {
    record(entry) {
      const dropped = buffer.add(entry)
      if (dropped > 0) metrics.dropped(dropped)
      if (buffer.size() >= bounds.batchMax && failures === 0) bell.ring()
      work.start()
    },
    async close() {
      phase = 'draining'
      bell.ring()
      const deadline = alarm()
      await Promise.race([work.ended(), deadline.wait(bounds.drainMs)])
      deadline.ring()
      phase = 'over'
      bell.ring()
      const lost = batch.length + buffer.size()
      if (lost === 0) return
      metrics.dropped(lost)
      log.warn({ rows: lost }, 'evaluations-lost')
    },
  }
}
