/**
 * A Prometheus-compatible source: Prometheus, VictoriaMetrics, Thanos, Mimir. PromQL alerts, and the leaves of metric queries, whose functions
 * are computed here as for any source. Read next: series.ts, promql.ts, ../http-source.ts.
 */
import type { Datasource, SeriesSource } from '../../../activities/ports.ts'
import type { SourceOf } from '../../../contract/source.ts'
import type { HttpSource } from '../http-source.ts'
import { nameRule } from './names.ts'
import { promqlDatasource } from './promql.ts'
import { prometheusSeries } from './series.ts'

/** Metric monitors over the leaves that a source answers: activities/metric-readings.ts, handed in by workers/wire.ts. */
export type MetricsOver = (series: SeriesSource) => Datasource

export function prometheusSource(http: HttpSource, { config }: SourceOf<'prometheus'>, metricsOver: MetricsOver): Datasource {
  const promql = promqlDatasource(http)
  const metrics = metricsOver(prometheusSeries(http, nameRule(config.names)))
  return {
    types: [...promql.types, ...metrics.types],
    query: (question) => (promql.types.includes(question.type) ? promql : metrics).query(question),
  }
}
