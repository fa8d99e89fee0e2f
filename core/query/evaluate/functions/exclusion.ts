/** What is left out or kept within bounds. */
import { parseGroupKey } from '../../../monitor/group.ts'
import { frameOf, mapValues } from '../../frame.ts'
import { type MetricFunction, requiredNumber } from '../call.ts'

/** The value of a group key that a series doesn't have. */
const absent = 'N/A'

export const exclusionFunctions: Readonly<Record<string, MetricFunction>> = {
  clamp_min: bounded((value, bound) => Math.max(value, bound)),
  clamp_max: bounded((value, bound) => Math.min(value, bound)),
  cutoff_min: bounded((value, bound) => (value < bound ? null : value)),
  cutoff_max: bounded((value, bound) => (value > bound ? null : value)),
  /** Groups that lack one of the keys. */
  exclude_null: ({ operand, span }) => {
    const { series } = operand(span)
    return frameOf(
      span,
      Object.fromEntries(Object.entries(series).filter(([group]) => !Object.values(parseGroupKey(group)).includes(absent))),
    )
  },
}

function bounded(of: (value: number, bound: number) => number | null): MetricFunction {
  return (call) => {
    const bound = requiredNumber(call, 'value', 0)
    return mapValues(call.operand(call.span), (value) => of(value, bound))
  }
}
