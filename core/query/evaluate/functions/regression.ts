/** Lines and steps through the run. */

import { huberLine, leastSquares } from '../../algorithms/huber.ts'
import { segments } from '../../algorithms/segments.ts'
import type { Line } from '../../algorithms/theil-sen.ts'
import type { Values } from '../../frame.ts'
import type { MetricFunction } from '../call.ts'
import { overSeries } from './series.ts'

export const regressionFunctions: Readonly<Record<string, MetricFunction>> = {
  trend_line: (call) => overSeries(call, 0, (values) => onLine(values, leastSquares(values))),
  robust_trend: (call) => overSeries(call, 0, (values) => onLine(values, huberLine(values))),
  piecewise_constant: (call) => overSeries(call, 0, segments),
}

/** Through every bucket from the first to the last with data. */
function onLine(values: Values, line: Line | null): Values {
  const first = values.findIndex((value) => value !== null)
  const last = values.findLastIndex((value) => value !== null)
  return values.map((_, i) => (line === null || i < first || i > last ? null : line.intercept + line.slope * i))
}
