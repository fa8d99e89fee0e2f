/** `avg(of, {a,b})`: groups become fewer. */
import { type Frame, frameOf, type Values } from '../../frame.ts'
import type { Call, MetricFunction } from '../call.ts'
import { narrowed } from '../join.ts'
import { type Reducer, reduceValues } from '../reduce.ts'

export const spaceFunctions: Readonly<Record<string, MetricFunction>> = {
  avg: (call) => aggregated(call, 'avg'),
  sum: (call) => aggregated(call, 'sum'),
  min: (call) => aggregated(call, 'min'),
  max: (call) => aggregated(call, 'max'),
  count: (call) => aggregated(call, 'count'),
}

function aggregated({ args, operand, span }: Call, reducer: Reducer): Frame {
  const { series } = operand(span)
  const members = new Map<string, Values[]>()
  for (const group in series) {
    const key = narrowed(group, args.texts)
    const values = series[group]
    if (values !== undefined) members.set(key, [...(members.get(key) ?? []), values])
  }
  const reduced = [...members].map(([key, values]) => [key, reduceAcross(values, span.length, reducer)] as const)
  return frameOf(span, Object.fromEntries(reduced))
}

function reduceAcross(members: readonly Values[], length: number, reducer: Reducer): Values {
  return Array.from({ length }, (_, i) => {
    const there = members.flatMap((values) => values[i] ?? [])
    return there.length === 0 ? null : reduceValues(there, reducer)
  })
}
