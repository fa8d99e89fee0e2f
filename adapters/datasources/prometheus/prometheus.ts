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
import { prometheusWords } from './words.ts'

/** Metric monitors over the leaves that a source answers: activities/metric-readings.ts, handed in by workers/wire.ts. */
export type MetricsOver = (series: SeriesSource) => Datasource

export function prometheusSource(http: HttpSource, { config }: SourceOf<'prometheus'>, metricsOver: MetricsOver): Datasource {
  const promql = promqlDatasource(http)
  const options = { names: nameRule(config.names), scrapeMs: config.scrape_interval_s * 1_000 }
  return {
    types: [...promql.types, ...metricsOver(prometheusSeries(http, options)).types],
    words: prometheusWords(http),
    query: async (question) => {
      if (promql.types.includes(question.type)) return promql.query(question)
      const sent = new Set<string>()
      const readings = await metricsOver(prometheusSeries(http, options, (text) => sent.add(text))).query(question)
      return readings.map((reading) => ({ ...reading, sent: [...sent].sort().join('\n') }))
    },
  }
}
