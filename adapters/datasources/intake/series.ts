/**
 * Leaves of metric queries over the points that clients pushed, in PostgreSQL.
 * Never answers from a part of the data: it fails as a whole, with a SourceError. Read next: series-sql.ts.
 */
import type { SeriesRequest, SeriesSource } from '../../../activities/ports.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import { type Frame, frameOf } from '../../../core/query/frame.ts'
import type { Pool } from '../../postgres/pool.ts'
import { ask } from './failure.ts'
import { seriesSql } from './series-sql.ts'

type Row = Readonly<{ tags: readonly string[]; buckets: readonly number[]; values: readonly number[] }>

export function intakeSeries(pool: Pool): SeriesSource {
  return {
    series: async (request) => {
      const keys = [...request.series.by].sort()
      const rows = await ask<Row>(pool, seriesSql(request, keys), request.timeoutMs)
      return frameFrom(request, keys, rows)
    },
  }
}

function frameFrom({ fromMs, toMs, stepMs }: SeriesRequest, keys: readonly string[], rows: readonly Row[]): Frame {
  const length = Math.ceil((toMs - fromMs) / stepMs)
  const series: Record<string, readonly (number | null)[]> = {}
  for (const row of rows) {
    const values = new Array<number | null>(length).fill(null)
    // Buckets are counted back from the newest.
    for (const [index, bucket] of row.buckets.entries()) values[length - 1 - bucket] = row.values[index] ?? null
    series[groupKey(Object.fromEntries(keys.map((key, index) => [key, row.tags[index] ?? ''])))] = values
  }
  return frameOf({ toMs, stepMs, length }, series)
}
