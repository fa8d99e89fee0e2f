/**
 * Values of groups on one grid of buckets: what sources answer and functions compute on.
 * Never holds NaN or an infinity: what can't be computed is no data. Read next: evaluate/functions.ts, evaluate/plan.ts.
 */

/** One value per bucket, oldest first; null = no data. */
export type Values = readonly (number | null)[]

/** By group key. Bucket i ends at startMs + (i + 1) * stepMs, and holds what is after the end of the bucket before it. */
export type Frame = Readonly<{ startMs: number; stepMs: number; length: number; series: Readonly<Record<string, Values>> }>

/** A run of `length` buckets, of which the newest ends at `toMs`. */
export type Span = Readonly<{ toMs: number; stepMs: number; length: number }>

export function spanOf({ startMs, stepMs, length }: Omit<Frame, 'series'>): Span {
  return { toMs: startMs + length * stepMs, stepMs, length }
}

export function frameOf({ toMs, stepMs, length }: Span, series: Frame['series']): Frame {
  return { startMs: toMs - length * stepMs, stepMs, length, series }
}

/** The part of a frame that lies on a span; groups without a value there stay, with none. Throws where the span isn't on its grid. */
export function cut(frame: Frame, span: Span): Frame {
  const first = (span.toMs - frame.startMs) / frame.stepMs - span.length
  if (span.stepMs !== frame.stepMs || !Number.isInteger(first) || first < 0 || first + span.length > frame.length) {
    throw new RangeError(`the span ${JSON.stringify(span)} is no part of the frame ${JSON.stringify(spanOf(frame))}`)
  }
  return mapSeries(frame, (values) => values.slice(first, first + span.length), span)
}

/** Each series on its own; the answer has the length of `span`. */
export function mapSeries(frame: Frame, map: (values: Values, group: string) => Values, span: Span = spanOf(frame)): Frame {
  const series: Record<string, Values> = {}
  for (const group in frame.series) {
    const values = frame.series[group]
    if (values !== undefined) series[group] = map(values, group)
  }
  return frameOf(span, series)
}

/** Each value on its own; no data stays no data. */
export function mapValues(frame: Frame, map: (value: number) => number | null): Frame {
  return mapSeries(frame, (values) => values.map((value) => (value === null ? null : finite(map(value)))))
}

/** Division by zero, logarithms of nothing, sums beyond all numbers: no data. */
export function finite(value: number | null): number | null {
  return value === null || Number.isFinite(value) ? value : null
}

/** Those that are there, in order. */
export function present(values: Values): number[] {
  const there: number[] = []
  for (const value of values) if (value !== null) there.push(value)
  return there
}
