/** What stands where there is no data. */
import { type Frame, frameOf, mapSeries, type Values } from '../../frame.ts'
import type { Fill } from '../../metric-nodes.ts'
import { bucketsIn, type Call, longer, type MetricFunction, requiredNumber } from '../call.ts'
import { Impossible } from '../impossible.ts'

/** Gaps that are bridged without being told how long, as Datadog's. */
const limitDefaultMs = 300_000

export const interpolationFunctions: Readonly<Record<string, MetricFunction>> = {
  default_zero: (call) => defaulted(call, 0),
  default: (call) => defaulted(call, requiredNumber(call, 'value', 0)),
  fill: (call) => filled({ method: methodOf(call), limitMs: (call.args.number('limit', 1) ?? 0) * 1_000 }, call),
}

/** Also for groups that were there lately, so that one that stopped reporting reads as the default; without groups, always. */
function defaulted(call: Call, value: number): Frame {
  const { series } = call.operand(call.span)
  const filled: Record<string, Values> = {}
  for (const group in series) filled[group] = (series[group] ?? []).map((there) => there ?? value)
  const silent = Array.from({ length: call.span.length }, () => value)
  for (const group of call.groupBy.length === 0 ? ['*'] : call.known(call.span)) filled[group] ??= silent
  return frameOf(call.span, filled)
}

/** `.fill(…)` of a series. Groups without any data in the run stay without. */
export function filled(fill: Fill, { span, operand }: Pick<Call, 'span' | 'operand'>): Frame {
  const limitMs = fill.limitMs === null || fill.limitMs === 0 ? null : fill.limitMs
  switch (fill.method) {
    case 'null':
      return operand(span)
    case 'zero':
      if (limitMs === null) return mapSeries(operand(span), (values) => values.map((value) => value ?? 0))
      return lookingBack(limitMs, (values, limit) => carried(values, limit, () => 0))
    case 'last':
      return lookingBack(limitMs ?? limitDefaultMs, (values, limit) => carried(values, limit, (last) => last))
    case 'linear':
      return lookingBack(limitMs ?? limitDefaultMs, bridged)
  }
  function lookingBack(ms: number, map: (values: Values, limit: number) => Values): Frame {
    const limit = bucketsIn(ms, span)
    return mapSeries(operand(longer(span, limit)), (values) => map(values, limit).slice(limit), span)
  }
}

function methodOf({ args }: Call): Fill['method'] {
  const method = args.text('method', 0)
  switch (method) {
    case 'zero':
    case 'null':
    case 'linear':
    case 'last':
      return method
    default:
      throw new Impossible(`fill() knows zero, null, linear and last, not ${method}`)
  }
}

/** Up to `limit` buckets after each point. */
function carried(values: Values, limit: number, of: (last: number) => number): Values {
  let last: number | null = null
  let gap = 0
  return values.map((value) => {
    gap = value === null ? gap + 1 : 0
    last = value ?? last
    return value ?? (last !== null && gap <= limit ? of(last) : null)
  })
}

/** On the straight line between the points at both sides of a gap of `limit` buckets at most. An open end stays open. */
function bridged(values: Values, limit: number): Values {
  const out = [...values]
  let before = -1
  values.forEach((value, i) => {
    if (value === null) return
    const from = values[before] ?? null
    const gap = i - before - 1
    if (from !== null && gap <= limit) {
      for (let j = before + 1; j < i; j += 1) out[j] = from + ((value - from) * (j - before)) / (i - before)
    }
    before = i
  })
  return out
}
