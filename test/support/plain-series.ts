/** Metric queries that are one series and nothing else, in a flat shape. What the plain reference understands. */
import type { Scope } from '../../core/monitor/types.ts'
import type { CalendarUnit, MetricQuery, SeriesExpression } from '../../core/query/metric-nodes.ts'

/** All of the filter must hold. A term is a tag that reads `key:value`, or with null the key with any value, or the bare tag. */
export type PlainSeries = Readonly<{
  timeAggregator: 'avg' | 'sum' | 'min' | 'max' | 'count'
  windowMs: number
  calendar: CalendarUnit | null
  windowText: string
  spaceAggregator: 'avg' | 'sum' | 'min' | 'max'
  metric: string
  filter: readonly PlainTerm[]
  by: readonly string[]
}>

export type PlainTerm = Readonly<{ negated: boolean; key: string; value: string | null }>

/** null where the query is more than that. */
export function plainSeries({ over, of }: MetricQuery): PlainSeries | null {
  const { aggregator, windowMs, calendar, windowText, ahead, change } = over
  if (of.kind !== 'series' || typeof aggregator !== 'string' || ahead || change !== null || hasMethods(of)) return null
  const filter = termsOf(of.filter)
  if (filter === null || typeof of.aggregator !== 'string' || of.aggregator === 'count') return null
  const { metric, by } = of
  return { timeAggregator: aggregator, windowMs, calendar, windowText, spaceAggregator: of.aggregator, metric, filter, by }
}

function hasMethods({ as, rollup, fill, weighted }: SeriesExpression): boolean {
  return as !== null || rollup !== null || fill !== null || weighted
}

function termsOf(filter: Scope): readonly PlainTerm[] | null {
  if (filter.kind === 'all') return []
  const terms = filter.kind === 'and' ? filter.of.map(termOf) : [termOf(filter)]
  const known = terms.filter((term) => term !== null)
  return known.length === terms.length ? known : null
}

function termOf(scope: Scope): PlainTerm | null {
  if (scope.kind === 'tag') return { negated: false, key: scope.key, value: scope.value }
  return scope.kind === 'not' && scope.of.kind === 'tag' ? { negated: true, key: scope.of.key, value: scope.of.value } : null
}
