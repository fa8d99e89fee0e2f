/**
 * The body of POST /api/v2/series, in Datadog's shape, and what it becomes: series with normalised tags, times in ms.
 * A body is taken whole or refused whole, with sentences that name the place. Never touches a database or a clock.
 * Read next: tags.ts, api/routes/series.ts.
 */
import { z } from 'zod'
import { sentencesOf } from './issues.ts'
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
const seriesMax = 10_000
/** A day of a series at 10 s: more comes in several requests. */
const pointsPerSeriesMax = 8_640
/** What one transaction stores in about two seconds. */
const pointsMax = 50_000
const resourcesMax = 20
const tagsMax = 100
/** A tag longer than 200 characters is refused by name; this only keeps absurd texts from being looked at. */
const textCharsMax = 2_000
/** Clocks of clients may run ahead this much; Datadog allows the same. */
const futureMaxMs = 10 * 60_000
/** Days that points are kept: a window of a week, the same window a week before (for comparisons), and a day for evaluations that are caught up. */
export const retentionDays = 15
const dayMs = 86_400_000
const intervalMaxS = 86_400
/** As many sentences as a person reads; the first ones name the mistake that all of them share. */
const errorsMax = 20

const kinds = ['unspecified', 'count', 'rate', 'gauge'] as const
const text = z.string().max(textCharsMax)

const seriesBody = z.strictObject({
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

type PostedSeries = z.output<typeof seriesBody>['series'][number]

export function parseSeries(body: unknown, nowMs: number): ParsedSeries {
  const parsed = seriesBody.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error) }
  const posted = parsed.data.series
  const count = posted.reduce((sum, series) => sum + series.points.length, 0)
  if (count > pointsMax) return { ok: false, errors: [`series: ${count} points, at most ${pointsMax} in one request`] }
  const errors: string[] = []
  const series = posted.map((one, index) => normalise(one, nowMs, (where, what) => errors.push(`series.${index}.${where}: ${what}`)))
  return errors.length > 0 ? { ok: false, errors: errors.slice(0, errorsMax) } : { ok: true, series }
}

type Complain = (where: string, what: string) => void

function normalise(posted: PostedSeries, nowMs: number, complain: Complain): SeriesPoints {
  const metric = normaliseMetric(posted.metric)
  if (!metric.ok) complain('metric', metric.reason)
  const resources = (posted.resources ?? []).map(({ type, name }) => `${type}:${name}`)
  const tags = normaliseTags([...(posted.tags ?? []), ...resources])
  if (!tags.ok) complain('tags', tags.reason)
  const points = posted.points.map(({ timestamp, value }) => ({ atMs: Math.round(timestamp * 1_000), value }))
  const wrong = points.findIndex(({ atMs }) => timeIssue(atMs, nowMs) !== null)
  const atMs = points[wrong]?.atMs
  if (atMs !== undefined) complain(`points.${wrong}.timestamp`, timeIssue(atMs, nowMs) ?? '')
  return {
    metric: metric.ok ? metric.metric : '',
    tags: tags.ok ? tags.tags : [],
    kind: posted.type ?? 'unspecified',
    intervalS: posted.interval ?? 0,
    points,
  }
}

function timeIssue(atMs: number, nowMs: number): string | null {
  if (atMs > nowMs + futureMaxMs) return `more than ${futureMaxMs / 60_000} minutes in the future (expected seconds since 1970)`
  if (atMs < nowMs - retentionDays * dayMs)
    return `older than ${retentionDays} days, which is how long points are kept (expected seconds since 1970)`
  return null
}
