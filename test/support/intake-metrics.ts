import { metricDatasource } from '../../activities/metric-source.ts'
import type { Datasource } from '../../activities/ports.ts'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import { intakeSeries } from '../../adapters/datasources/intake/series.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { defaultIntakeDays } from '../../core/intake-days.ts'

/** Metric monitors over the intake, put together as workers do. */
export function intakeMetrics(pool: Pool): Datasource {
  return metricDatasource(intakeSeries(pool), windowStart, defaultIntakeDays.metrics)
}
