/** Differences from one point to the next. */
import type { Values } from '../../frame.ts'
import type { MetricFunction } from '../call.ts'
import { overSeries } from './series.ts'

/** How far before the run its first point may find the one before it: clients that report every few minutes are common. */
const lookbackBuckets = 5

export const rateFunctions: Readonly<Record<string, MetricFunction>> = {
  dt: stepwise((_, seconds) => seconds),
  diff: stepwise((difference) => difference),
  // A counter that runs back was reset: that says nothing about how it grew.
  monotonic_diff: stepwise((difference) => (difference < 0 ? null : difference)),
  derivative: stepwise((difference, seconds) => difference / seconds),
  per_second: stepwise((difference, seconds) => (difference < 0 ? null : difference / seconds)),
  per_minute: stepwise((difference, seconds) => (difference < 0 ? null : (difference * 60) / seconds)),
  per_hour: stepwise((difference, seconds) => (difference < 0 ? null : (difference * 3_600) / seconds)),
}

function stepwise(of: (difference: number, seconds: number) => number | null): MetricFunction {
  return (call) => overSeries(call, lookbackBuckets, (values) => differences(values, call.span.stepMs / 1_000, of))
}

/** Of each point to the last one before it that is there. */
function differences(values: Values, stepSeconds: number, of: (difference: number, seconds: number) => number | null): Values {
  let before = -1
  return values.map((value, i) => {
    if (value === null) return null
    const last = values[before] ?? null
    const seconds = (i - before) * stepSeconds
    before = i
    return last === null ? null : of(value - last, seconds)
  })
}
