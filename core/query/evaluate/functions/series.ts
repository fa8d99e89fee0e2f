/** Functions that look at each series on its own, with a look back to before the run. */
import { type Frame, finite, mapSeries, type Values } from '../../frame.ts'
import { type Call, longer } from '../call.ts'

/** `map` is given the run and `lookback` buckets before it, and answers as many values. */
export function overSeries(call: Call, lookback: number, map: (values: Values) => Values): Frame {
  const frame = call.operand(longer(call.span, lookback))
  return mapSeries(frame, (values) => map(values).slice(lookback).map(finite), call.span)
}

/** One value of those of the bucket and the `count − 1` before it; no data where none of them has any. */
export function overTrailing(values: Values, count: number, reduce: (present: readonly number[]) => number | null): Values {
  return values.map((_, i) => {
    const there: number[] = []
    for (let j = Math.max(0, i - count + 1); j <= i; j += 1) {
      const value = values[j] ?? null
      if (value !== null) there.push(value)
    }
    return there.length === 0 ? null : reduce(there)
  })
}
