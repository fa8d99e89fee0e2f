/**
 * What a worker says of itself for all to see, and the engine's own dead man's switch. Never repairs anything: the reconciler does.
 * Read next: deadman.ts, activities/reconcile.ts (repairOverdue).
 */
import type { MeasuredPressure } from '../activities/pressure.ts'
import { httpClient } from '../adapters/http/fetch.ts'
import type { Pool } from '../adapters/postgres/pool.ts'
import { removePulse, savePulse } from '../adapters/postgres/queries/engine.ts'
import type { Config } from '../config.ts'
import type { Log } from '../telemetry/log.ts'
import { stretchMetrics } from '../telemetry/metrics.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { deadman } from './deadman.ts'
import { every } from './every.ts'

/** A worker that is gone is missed after some of these; each is a row that is written. */
const pulseMs = 10_000
/** More often than it is told: the one of all workers whose turn it is may have just been stopped. */
const deadmanLookMs = 15_000

export type WatchOptions = Readonly<{
  pool: Pool
  log: Log
  stopping: AbortSignal
  config: Pick<Config, 'deadmanUrl' | 'publicUrl'>
  worker: string
  /** As `cell/shard`: those that are polled now. */
  serves: () => readonly string[]
  pressure: MeasuredPressure
  telemetry: Pick<Telemetry, 'meter'>
}>

export function watchEngine({ pool, log, stopping, config, worker, serves, pressure, telemetry }: WatchOptions): void {
  const startedAt = new Date()
  const tellStretch = stretchMetrics(telemetry.meter)
  void every('tell-pulse', pulseMs, log, stopping, async () => {
    const { level, perSecond, lag, lagP1 } = pressure.summary()
    tellStretch(level)
    await savePulse(pool, {
      worker,
      startedAt,
      shards: [...new Set(serves().map((one) => Number(one.split('/')[1])))],
      serves: serves(),
      stretchLevel: level,
      evaluationsPerSecond: perSecond,
      lagP50: lag?.p50Ms ?? null,
      lagP99: lag?.p99Ms ?? null,
      lagP1P99: lagP1?.p99Ms ?? null,
    })
  }).then(() => removePulse(pool, worker).catch(() => {}))
  if (config.deadmanUrl === null) return
  // The operator's address, not a user's: it may be anywhere.
  const { request } = httpClient({ guard: null })
  const tell = deadman({ pool, log, send: request, url: config.deadmanUrl, publicUrl: config.publicUrl, clock: Date.now })
  void every('deadman', deadmanLookMs, log, stopping, tell)
}
