/**
 * The range in which a series is expected to lie, point by point, by one of three published methods:
 * basic    a rolling median with a band of its quartiles: adapts at once, knows no seasons (Hampel's identifier, Hampel 1974; Pearson 2002)
 * agile    the pattern of earlier seasons on the level of just before: seasonal differences as in SARIMA(0,1,1)(0,1,1) (Box and Jenkins 1970), with
 *          running medians for its moving averages, as robust versions of it have (Gelper, Fried and Croux 2010)
 * robust   the median of earlier seasons and nothing of just before: the seasonal part and median of S-H-ESD (Hochenbaum, Vallis and Kejariwal 2017)
 * The band is so many robust standard deviations wide to either side. Deterministic; time grows with points × seasons.
 * Read next: statistics.ts, docs/algorithms.md.
 */
import { assertNever } from '../../assert.ts'
import type { Values } from '../frame.ts'
import { runningQuantiles } from './running-median.ts'
import { median, medianInPlace, robustScale } from './statistics.ts'

export type Detection = 'basic' | 'agile' | 'robust'

export type History = Readonly<{
  /** Oldest first; the last `judged` of them are judged by what lies before. */
  recent: Values
  judged: number
  /** The same run one, two, … seasons ago. */
  seasons: readonly Values[]
}>

/** Of one point; null = too little is known to expect anything. */
export type Range = Readonly<{ low: number; high: number }> | null

/** Values at the same time of a season, one before and one after to either side count as well: two seasons make ten. */
const neighbours = 2
/** Seasons that are needed to tell what is usual from what happened once. */
const seasonsMin = 2
/** Points before, that a level or a spread is told from. */
const pointsMin = 8

/** For each judged point. */
export function expectedRanges(detection: Detection, history: History, deviations: number): Range[] {
  switch (detection) {
    case 'basic':
      return basic(history, deviations)
    case 'agile':
      return agile(history, deviations)
    case 'robust':
      return robust(history, deviations)
    default:
      return assertNever(detection)
  }
}

/** Of a normal distribution, half of it lies within so many standard deviations. */
const quartileRange = 1.349

function basic({ recent, judged }: History, deviations: number): Range[] {
  const first = recent.length - judged
  const before = runningQuantiles(first)
  const ranges: Range[] = []
  recent.forEach((value, i) => {
    if (i >= first) {
      const low = before.quantile(0.25, pointsMin)
      const center = before.quantile(0.5, pointsMin)
      const high = before.quantile(0.75, pointsMin)
      ranges.push(low === null || center === null || high === null ? null : around(center, ((high - low) / quartileRange) * deviations))
    }
    before.add(value)
  })
  return ranges
}

function agile({ recent, judged, seasons }: History, deviations: number): Range[] {
  const first = recent.length - judged
  // Each season on a level of its own, so that a level that shifted between them is no part of the pattern.
  const levelled = usable(seasons).map((values) => minus(values, levelOf(values)))
  const shape = sameTime(levelled, recent.length)
  const rest = recent.map((value, i) => difference(value, shape[i] ?? null))
  const levels = runningQuantiles(first)
  const surprises: number[] = []
  const ranges: Range[] = []
  const spread = () => widen(spreadOf(surprises, levelled, shape), levelled.length, first)
  let scale: number | null = null
  rest.forEach((value, i) => {
    const level = levels.quantile(0.5, pointsMin)
    if (i < first) {
      if (value !== null && level !== null) surprises.push(value - level)
    } else {
      scale ??= spread()
      const expected = level === null ? null : sum(shape[i] ?? null, level)
      ranges.push(expected === null || scale === null ? null : around(expected, scale * deviations))
    }
    levels.add(value)
  })
  return ranges
}

function robust({ recent, judged, seasons }: History, deviations: number): Range[] {
  const first = recent.length - judged
  const earlier = usable(seasons)
  const expected = sameTime(earlier, recent.length)
  const scale = widen(spreadOf([], earlier, expected), earlier.length, recent.length)
  return expected.slice(first).map((value) => (value === null || scale === null ? null : around(value, scale * deviations)))
}

/** Seasons of which half is there: the rest were before the series began, or lost. */
function usable(seasons: readonly Values[]): readonly Values[] {
  const there = seasons.filter(
    (values) => values.reduce((count: number, value) => count + (value === null ? 0 : 1), 0) * 2 >= values.length,
  )
  return there.length < seasonsMin ? [] : there
}

/** The median of the seasons at each time. */
function sameTime(seasons: readonly Values[], length: number): Values {
  const buffer = new Float64Array(seasons.length * (2 * neighbours + 1))
  return Array.from({ length }, (_, i) => {
    let size = 0
    for (const values of seasons) {
      for (let j = Math.max(0, i - neighbours); j <= i + neighbours && j < length; j += 1) {
        const value = values[j] ?? null
        if (value !== null) {
          buffer[size] = value
          size += 1
        }
      }
    }
    return size < seasonsMin ? null : medianInPlace(buffer, size)
  })
}

/** Of seasons around their pattern, and of what was recently seen around what was expected of it. */
function spreadOf(surprises: readonly number[], seasons: readonly Values[], pattern: Values): number | null {
  const residuals = [...surprises]
  for (const values of seasons) {
    values.forEach((value, i) => {
      const residual = difference(value, pattern[i] ?? null)
      if (residual !== null) residuals.push(residual)
    })
  }
  return residuals.length < pointsMin ? null : robustScale(residuals)
}

/** Medians are uncertain, too: theirs is π / 2 of the variance of a mean. */
function widen(scale: number | null, seasons: number, recent: number): number | null {
  const pattern = Math.PI / 2 / Math.max(1, seasons * (2 * neighbours + 1))
  return scale === null ? null : scale * Math.sqrt(1 + 2 * pattern + Math.PI / 2 / Math.max(1, recent))
}

function levelOf(values: Values): number {
  return median(values.flatMap((value) => value ?? []))
}

function minus(values: Values, level: number): Values {
  return values.map((value) => (value === null ? null : value - level))
}

/** As little as numbers differ by being computed in another order. */
const noiseOfNumbers = 1e-9

function around(center: number, width: number): Range {
  const margin = width + Math.abs(center) * noiseOfNumbers
  return { low: center - margin, high: center + margin }
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
