/**
 * The body of POST /api/v2/series, in Datadog's shape, and what it becomes: series with normalised tags, times in ms.
 * A body is taken whole or refused whole, with sentences that name the place. Never touches a database or a clock.
 * Read next: series-v1.ts, the older shape; tags.ts; api/routes/series.ts.
 */
import { z } from 'zod'
import { defaultIntakeDays } from '../core/intake-days.ts'
import { sentencesOf } from './issues.ts'
import { timeIssue } from './retention.ts'
import { normaliseMetric, normaliseTags } from './tags.ts'

export type SeriesKind = 'unspecified' | 'count' | 'rate' | 'gauge'

/** One series with its points. Tags are normalised, unique, sorted and hold no comma; timestamps are epoch ms. */
export type SeriesPoints = Readonly<{
  metric: string
  tags: readonly string[]
  kind: SeriesKind
  /** Seconds between points as the client says; 0 = unknown. */
  intervalS: number
  points: readonly Readonly<{ atMs: number; value: number }>[]
}>

export type ParsedSeries = Readonly<{ ok: true; series: readonly SeriesPoints[] } | { ok: false; errors: readonly string[] }>

/** A megabyte of body holds about 10,000 of the smallest series: the count is bounded where the bytes no longer bind. */
export const seriesMax = 10_000
/** A day of a series at 10 s: more comes in several requests. */
export const pointsPerSeriesMax = 8_640
/** What one transaction stores in about two seconds. */
const pointsMax = 50_000
const resourcesMax = 20
export const tagsMax = 100
/** A tag longer than 200 characters is refused by name; this only keeps absurd texts from being looked at. */
const textCharsMax = 2_000
/** Days that points are kept unless the environment says otherwise. */
export const retentionDays = defaultIntakeDays.metrics
export const intervalMaxS = 86_400
/** As many sentences as a person reads; the first ones name the mistake that all of them share. */
const errorsMax = 20

const kinds = ['unspecified', 'count', 'rate', 'gauge'] as const
export const text = z.string().max(textCharsMax)

export const seriesBody = z.strictObject({
  series: z
    .array(
      z.strictObject({
        metric: text,
        type: z
          .union(
            [z.literal([0, 1, 2, 3]).transform((index) => kinds[index]), z.enum(kinds)],
            'expected 0 to 3, or unspecified, count, rate or gauge',
          )
          .optional(),
        interval: z.int().min(0).max(intervalMaxS).nullish(),
        unit: text.nullish(),
        source_type_name: text.nullish(),
        metadata: z.record(z.string(), z.unknown()).nullish(),
        points: z
          .array(z.strictObject({ timestamp: z.number(), value: z.number() }))
          .min(1)
          .max(pointsPerSeriesMax),
        resources: z
          .array(z.strictObject({ type: text, name: text }))
          .max(resourcesMax)
          .nullish(),
        tags: z.array(text).max(tagsMax).nullish(),
      }),
    )
    .min(1)
    .max(seriesMax),
})

/** A series of either shape: its fields in place, its texts as they were posted. */
export type PostedSeries = Readonly<{
  metric: string
  kind: SeriesKind
  intervalS: number
  tags: readonly string[]
  points: readonly Readonly<{ timestamp: number; value: number }>[]
}>

/** `keptDays`: how long points are kept; older ones are refused. */
export function parseSeries(body: unknown, nowMs: number, keptDays: number = retentionDays): ParsedSeries {
  const parsed = seriesBody.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, body) }
  const posted = parsed.data.series.map(({ metric, type, interval, tags, resources, points }): PostedSeries => {
    const named = (resources ?? []).map((resource) => `${resource.type}:${resource.name}`)
    return { metric, kind: type ?? 'unspecified', intervalS: interval ?? 0, tags: [...(tags ?? []), ...named], points }
  })
  return normaliseSeries(posted, nowMs, keptDays, 'timestamp')
}

/** `timeField`: where in a point of this shape its time stands. */
export function normaliseSeries(posted: readonly PostedSeries[], nowMs: number, keptDays: number, timeField: string): ParsedSeries {
  const count = posted.reduce((sum, series) => sum + series.points.length, 0)
  if (count > pointsMax) return { ok: false, errors: [`series: ${count} points, at most ${pointsMax} in one request`] }
  const errors: string[] = []
  const series = posted.map((one, index) => {
    const complain = (where: string, what: string): void => void errors.push(`series.${index}.${where}: ${what}`)
    return normalise(one, { nowMs, keptDays, timeField, complain })
  })
  return errors.length > 0 ? { ok: false, errors: errors.slice(0, errorsMax) } : { ok: true, series }
}

type Circumstances = Readonly<{ nowMs: number; keptDays: number; timeField: string; complain: (where: string, what: string) => void }>

function normalise(posted: PostedSeries, { nowMs, keptDays, timeField, complain }: Circumstances): SeriesPoints {
  const metric = normaliseMetric(posted.metric)
  if (!metric.ok) complain('metric', metric.reason)
  const tags = normaliseTags(posted.tags)
  if (!tags.ok) complain('tags', tags.reason)
  const points = posted.points.map(({ timestamp, value }) => ({ atMs: Math.round(timestamp * 1_000), value }))
  for (const [index, { atMs }] of points.entries()) {
    const issue = timeIssue(atMs, nowMs, keptDays, 'points')
    if (issue === null) continue
    complain(`points.${index}.${timeField}`, issue)
    break
  }
  return {
    metric: metric.ok ? metric.metric : '',
    tags: tags.ok ? tags.tags : [],
    kind: posted.kind,
    intervalS: posted.intervalS,
    points,
  }
}
