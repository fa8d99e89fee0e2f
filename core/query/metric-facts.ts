/** What the engine needs to know of metric queries and formulas. Read next: facts.ts. */
import type { QueryFacts } from '../monitor/spec.ts'
import { formulaKeysOf, metricOf } from './formula-metric.ts'
import type { FormulaQuery } from './formula-nodes.ts'
import { groupKeysOf } from './metric-groups.ts'
import type { CalendarUnit, Expression, MetricQuery } from './metric-nodes.ts'
import { printMetric } from './metric-print.ts'
import { readVariables } from './variables.ts'

/** `calendar`: the window begins anew with each of these, and is shorter than `windowMs` as a rule. */
export type Facts = NonNullable<QueryFacts> & Readonly<{ calendar: CalendarUnit | null }>

export function metricFacts({ over, of, comparator, threshold }: MetricQuery): Facts {
  const { windowMs, calendar, change } = over
  return { windowMs, calendar, groupBy: groupKeysOf(of), comparator, threshold, countsFromZero: change === null && isCount(of) }
}

/** `options.variables`, whatever they are. A formula over metrics is asked as the metric query that it is. */
export function formulaFacts(query: FormulaQuery, options: unknown): Facts {
  const { variables } = readVariables(options)
  const metric = metricOf(query, variables)
  if (metric !== null) return { ...metricFacts(metric), query: printMetric(metric) }
  const { windowMs, calendar, comparator, threshold } = query
  return {
    windowMs,
    calendar,
    groupBy: formulaKeysOf(query, variables),
    comparator,
    threshold,
    ...(variables.length > 0 && Array.isArray(options) ? { variables: options } : {}),
  }
}

/** Counts and their sums: no data is nothing to be counted. A ratio of counts isn't one. */
function isCount(of: Expression): boolean {
  if (of.kind === 'series') return of.as === 'count'
  return of.kind === 'arithmetic' && of.operator === '+' && isCount(of.left) && isCount(of.right)
}
