import type { Pool } from '../adapters/postgres/pool.ts'
import { dropOldHistory, maintainEvaluations, maintainIntake } from '../adapters/postgres/queries/retention.ts'
import type { Config } from '../config.ts'
import type { Log } from '../telemetry/log.ts'
import { every } from './every.ts'

/** Partitions are a day each, and made days ahead: an hour is soon enough for all of it. */
const upkeepMs = 3_600_000

export type UpkeepOptions = Readonly<{
  pool: Pool
  log: Log
  stopping: AbortSignal
  config: Pick<Config, 'evaluationDays' | 'historyDays' | 'intakeDays'>
}>

/** What is past retention goes, and the next days are made ready. Every worker does it, as each may be the only one. */
export function keepHouse({ pool, log, stopping, config }: UpkeepOptions): void {
  const { evaluationDays, historyDays, intakeDays } = config
  void every('maintain-intake', upkeepMs, log, stopping, () => maintainIntake(pool, Date.now(), intakeDays))
  void every('maintain-evaluations', upkeepMs, log, stopping, () => maintainEvaluations(pool, Date.now(), evaluationDays))
  void every('drop-old-history', upkeepMs, log, stopping, () => dropOldHistory(pool, Date.now(), historyDays))
}
