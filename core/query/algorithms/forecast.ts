/**
 * Where a series is going, with a band: linear, along the line that odd points don't turn (Theil 1950, Sen 1968); seasonal, along the same line
 * of the seasons (Hirsch, Slack and Smith 1982) with the median pattern of its seasons on it (classical decomposition by medians, as in Cleveland et al.'s STL 1990, without its smoothing).
 * The band is so many robust standard deviations of the residuals of the past wide to either side, and widens as the line's slope grows uncertain.
 * Read next: theil-sen.ts, docs/algorithms.md.
 */
import type { Values } from '../frame.ts'
import { median, robustScale } from './statistics.ts'
import { type Line, seasonalSen, theilSen } from './theil-sen.ts'

export type Forecast = Readonly<{
  /** Buckets of one season; null = none: linear. */
  season: number | null
  /** How many of the newest points the line is drawn through; the pattern is always that of all. */
  through: number
  deviations: number
  /** Buckets ahead. */
  ahead: number
}>

export type Predicted = Readonly<{ low: Values; center: Values; high: Values }>

/** Points that a line is told from. */
const pointsMin = 8
/** Of each time of a season. */
const seasonsMin = 2

/** null = too little is known. */
export function forecast(values: Values, { season, through, deviations, ahead }: Forecast): Predicted | null {
  if (values.reduce((count: number, value) => count + (value === null ? 0 : 1), 0) < pointsMin) return null
  const pattern = season === null ? [0] : patternOf(values, season)
  if (pattern === null) return null
  const at = (i: number) => pattern[i % pattern.length] ?? 0
  const plain = values.map((value, i) => (value === null ? null : value - at(i)))
  const skipped = Math.max(0, values.length - through)
  const fitted = theilSen(plain.slice(skipped))
  if (fitted === null) return null
  const line: Line = { slope: fitted.slope, intercept: fitted.intercept - fitted.slope * skipped }
  const residuals = plain.slice(skipped).flatMap((value, i) => (value === null ? [] : value - line.intercept - line.slope * (i + skipped)))
  const scale = robustScale(residuals)
  const center = Array.from({ length: ahead }, (_, h) => line.intercept + line.slope * (values.length + h) + at(values.length + h))
  const width = center.map((_, h) => deviations * scale * uncertainty(residuals.length, h + residuals.length / 2))
  return { center, low: center.map((value, h) => value - (width[h] ?? 0)), high: center.map((value, h) => value + (width[h] ?? 0)) }
}

/** Of a point so far from the middle of n points on a line through them, as of least squares. */
function uncertainty(n: number, distance: number): number {
  return Math.sqrt(1 + 1 / n + (12 * distance ** 2) / Math.max(1, n ** 3 - n))
}

/** What each time of a season adds to the line; null = some time wasn't seen often enough. */
function patternOf(values: Values, season: number): readonly number[] | null {
  const line = seasonalSen(values, season * Math.max(1, Math.floor(values.length / season / 2)))
  if (line === null || season < 2) return null
  const byTime = Array.from({ length: season }, (): number[] => [])
  values.forEach((value, i) => {
    if (value !== null) byTime[i % season]?.push(value - line.intercept - line.slope * i)
  })
  if (byTime.some((there) => there.length < seasonsMin)) return null
  const medians = byTime.map((there) => median(there))
  const level = medians.reduce((total, value) => total + value, 0) / season
  return medians.map((value) => value - level)
}
