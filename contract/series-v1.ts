/**
 * The body of POST /api/v1/series: the older shape, in which a point is a pair of its time and its value.
 * Read next: series.ts.
 */
import { z } from 'zod'
import { sentencesOf } from './issues.ts'
import {
  intervalMaxS,
  normaliseSeries,
  type ParsedSeries,
  type PostedSeries,
  pointsPerSeriesMax,
  seriesMax,
  tagsMax,
  text,
} from './series.ts'

export const seriesBodyV1 = z.strictObject({
  series: z
    .array(
      z.strictObject({
        metric: text,
        type: z.enum(['gauge', 'rate', 'count'], 'expected gauge, rate or count').nullish(),
        interval: z.int().min(0).max(intervalMaxS).nullish(),
        points: z
          .array(z.tuple([z.number(), z.number()], 'expected [timestamp in seconds, value]'))
          .min(1)
          .max(pointsPerSeriesMax),
        host: text.nullish(),
        device: text.nullish(),
        tags: z.array(text).max(tagsMax).nullish(),
        source_type_name: text.nullish(),
        unit: text.nullish(),
      }),
    )
    .min(1)
    .max(seriesMax),
})

/** A series without a type is a gauge, as Datadog's. */
export function parseSeriesV1(body: unknown, nowMs: number, keptDays: number): ParsedSeries {
  const parsed = seriesBodyV1.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, body) }
  const posted = parsed.data.series.map(({ metric, type, interval, points, tags, host, device }): PostedSeries => {
    const named = [...tagOf('host', host), ...tagOf('device', device)]
    const pairs = points.map(([timestamp, value]) => ({ timestamp, value }))
    return { metric, kind: type ?? 'gauge', intervalS: interval ?? 0, tags: [...(tags ?? []), ...named], points: pairs }
  })
  return normaliseSeries(posted, nowMs, keptDays, '0')
}

/** A field that names where something comes from, as the tag that it is stored as. */
export function tagOf(key: string, value: string | null | undefined): string[] {
  return value === undefined || value === null || value.trim() === '' ? [] : [`${key}:${value}`]
}
