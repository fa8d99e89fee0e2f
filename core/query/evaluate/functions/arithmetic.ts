/** abs, logarithms, and sums over the window. */
import { mapValues, type Values } from '../../frame.ts'
import type { MetricFunction } from '../call.ts'
import { overSeries } from './series.ts'

export const arithmeticFunctions: Readonly<Record<string, MetricFunction>> = {
  abs: ({ operand, span }) => mapValues(operand(span), Math.abs),
  log2: ({ operand, span }) => mapValues(operand(span), Math.log2),
  log10: ({ operand, span }) => mapValues(operand(span), Math.log10),
  cumsum: (call) => overSeries(call, 0, (values) => running(values, 1)),
  integral: (call) => overSeries(call, 0, (values) => running(values, call.span.stepMs / 1_000)),
}

/** From the begin of the run; gaps add nothing. */
function running(values: Values, factor: number): Values {
  let sum = 0
  return values.map((value) => {
    if (value === null) return null
    sum += value * factor
    return sum
  })
}
