/** How many groups there are. */
import { type Frame, frameOf } from '../../frame.ts'
import type { Call, MetricFunction } from '../call.ts'

export const countFunctions: Readonly<Record<string, MetricFunction>> = {
  count_nonzero: (call) => counted(call, (value) => value !== 0),
  count_not_null: (call) => counted(call, () => true),
}

/** One series; a bucket in which no group has data has none either. */
function counted({ operand, span }: Call, counts: (value: number) => boolean): Frame {
  const { series } = operand(span)
  const totals: (number | null)[] = Array.from({ length: span.length }, () => null)
  for (const group in series) {
    series[group]?.forEach((value, i) => {
      if (value !== null) totals[i] = (totals[i] ?? 0) + (counts(value) ? 1 : 0)
    })
  }
  return frameOf(span, Object.keys(series).length === 0 ? {} : { '*': totals })
}
