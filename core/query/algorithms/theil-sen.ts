import { median } from './statistics.ts'

/** value = intercept + slope × index. */
export type Line = Readonly<{ slope: number; intercept: number }>

/**
 * A line that a few odd points don't turn: the median of the slopes from each point to the one half a run later (Theil 1950, the
 * incomplete method), and the median of what is left as its intercept. null = no data. Time grows as n log n.
 */
export function theilSen(values: readonly (number | null)[]): Line | null {
  const xs: number[] = []
  const ys: number[] = []
  values.forEach((value, i) => {
    if (value === null) return
    xs.push(i)
    ys.push(value)
  })
  if (xs.length === 0) return null
  const half = Math.ceil(xs.length / 2)
  const slopes: number[] = []
  for (let i = 0; i + half < xs.length; i += 1) {
    slopes.push(((ys[i + half] ?? 0) - (ys[i] ?? 0)) / ((xs[i + half] ?? 0) - (xs[i] ?? 0)))
  }
  return through(xs, ys, slopes)
}

/** The same with the slopes between points `apart` from each other: whole seasons, which their pattern leaves alone (Hirsch, Slack and Smith 1982). */
export function seasonalSen(values: readonly (number | null)[], apart: number): Line | null {
  const xs: number[] = []
  const ys: number[] = []
  const slopes: number[] = []
  values.forEach((value, i) => {
    if (value === null) return
    xs.push(i)
    ys.push(value)
    const later = values[i + apart] ?? null
    if (later !== null) slopes.push((later - value) / apart)
  })
  return xs.length === 0 ? null : through(xs, ys, slopes)
}

function through(xs: readonly number[], ys: readonly number[], slopes: readonly number[]): Line {
  const slope = slopes.length === 0 ? 0 : median(slopes)
  return { slope, intercept: median(ys.map((y, i) => y - slope * (xs[i] ?? 0))) }
}
