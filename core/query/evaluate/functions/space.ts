/** `avg(of, {a,b})`, `count_nonzero(of)`: groups become fewer. A bucket in which none of them has data has none either. */
import { type Frame, frameOf, type Values } from '../../frame.ts'
import type { Call, MetricFunction } from '../call.ts'
import { narrowed } from '../join.ts'
import { reduceValues } from '../reduce.ts'

export const spaceFunctions: Readonly<Record<string, MetricFunction>> = {
  avg: (call) => aggregated(call, (there) => reduceValues(there, 'avg')),
  sum: (call) => aggregated(call, (there) => reduceValues(there, 'sum')),
  min: (call) => aggregated(call, (there) => reduceValues(there, 'min')),
  max: (call) => aggregated(call, (there) => reduceValues(there, 'max')),
  count: (call) => aggregated(call, (there) => there.length),
  count_not_null: (call) => aggregated(call, (there) => there.length),
  count_nonzero: (call) => aggregated(call, (there) => there.filter((value) => value !== 0).length),
}

function aggregated({ args, operand, span }: Call, reduce: (present: readonly number[]) => number): Frame {
  const { series } = operand(span)
  const members = new Map<string, Values[]>()
  for (const group in series) {
    const values = series[group]
    if (values === undefined) continue
    const key = narrowed(group, args.texts)
    const alike = members.get(key)
    if (alike === undefined) members.set(key, [values])
    else alike.push(values)
  }
  return frameOf(span, Object.fromEntries([...members].map(([key, values]) => [key, reduceAcross(values, span.length, reduce)])))
}

function reduceAcross(members: readonly Values[], length: number, reduce: (present: readonly number[]) => number): Values {
  return Array.from({ length }, (_, i) => {
    const there = members.flatMap((values) => values[i] ?? [])
    return there.length === 0 ? null : reduce(there)
  })
}
