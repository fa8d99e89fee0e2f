/**
 * Whether threshold numbers agree with the query and with each other.
 * Never changes them: what is wrong is a sentence. Read next: check.ts.
 */
import type { MonitorOptions } from './options.ts'

type Numbers = NonNullable<MonitorOptions['thresholds']>

/** The comparison that a query ends with, as text: also of queries whose grammar isn't known here. */
const comparison = /(>=|<=|==|!=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$/

export type Comparison = Readonly<{ comparator: string; threshold: number }>

export function comparisonOf(query: string): Comparison | null {
  const [, comparator, number] = comparison.exec(query) ?? []
  return comparator === undefined || number === undefined ? null : { comparator, threshold: Number(number) }
}

export function checkThresholds(thresholds: Numbers, query: Comparison): string[] {
  const { critical } = thresholds
  if (typeof critical === 'number' && critical !== query.threshold) {
    return [`options.thresholds.critical is ${critical} but the query compares with ${query.threshold}: both must be the same number`]
  }
  if (query.comparator === '==' || query.comparator === '!=') return []
  const up = query.comparator.startsWith('>')
  return [
    ...beyond('warning', thresholds.warning, 'critical', query.threshold, up, true),
    ...beyond('critical_recovery', thresholds.critical_recovery, 'critical', query.threshold, up, false),
    ...(typeof thresholds.warning === 'number'
      ? beyond('warning_recovery', thresholds.warning_recovery, 'warning', thresholds.warning, up, false)
      : orphan(thresholds.warning_recovery)),
  ]
}

/** A value that is reached before `limit` is: below it where high values are bad, above it where low ones are. */
function beyond(
  name: string,
  value: number | null | undefined,
  limitName: string,
  limit: number,
  up: boolean,
  strictly: boolean,
): string[] {
  if (typeof value !== 'number') return []
  const wrong = up ? value > limit : value < limit
  if (!wrong && !(strictly && value === limit)) return []
  const side = up ? 'below' : 'above'
  return [
    `options.thresholds.${name} is ${value}: it must lie ${side} the ${limitName} threshold ${limit}${strictly ? '' : ' or be equal'}`,
  ]
}

function orphan(recovery: number | null | undefined): string[] {
  return typeof recovery === 'number' ? ['options.thresholds.warning_recovery needs a warning threshold'] : []
}
