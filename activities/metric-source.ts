/**
 * Metric monitors over any source of series, as a source of readings: what workers put behind the directory for the intake and for
 * configured ones. Read next: metric-readings.ts.
 */
import type { MetricQuery } from '../core/query/metric-nodes.ts'
import { parseQuery } from '../core/query/parse.ts'
import { metricReadings, type WindowStart } from './metric-readings.ts'
import { type Datasource, type SeriesSource, SourceError, type SourceQuery } from './ports.ts'

const dayMs = 86_400_000

/**
 * `windowStart`: where windows of the calendar begin; it takes a library that is none of the core's. `keptDays`: a window that reaches
 * back further than the source keeps points is a bad query rather than one about less than it says; null = nobody knows.
 */
export function metricDatasource(series: SeriesSource, windowStart: WindowStart, keptDays: number | null = null): Datasource {
  return {
    types: ['metric alert', 'query alert'],
    query: async (source) => {
      const parsed = parseQuery(source.type, source.query)
      if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
      const { query } = parsed
      if (query.kind !== 'metric') throw new SourceError('bad-query', `a query of the kind ${query.kind} is not about metrics`)
      if (keptDays !== null) refuseUnkept(query, source, windowStart, keptDays)
      return metricReadings(series, source, query, windowStart)
    },
  }
}

function refuseUnkept({ over }: MetricQuery, source: SourceQuery, windowStart: WindowStart, keptDays: number): void {
  const { calendar, windowMs, windowText, ahead } = over
  for (const slot of ahead ? [] : source.slots) {
    const toMs = slot - source.delayMs
    const fromMs = calendar === null ? toMs - windowMs : windowStart(calendar, source.calendar, toMs)
    if (slot - fromMs <= keptDays * dayMs) continue
    throw new SourceError('bad-query', `${windowText} reaches back further than points are kept (${keptDays} days)`)
  }
}
