/**
 * What a query means, once it is parsed: one node type per language, told apart by `kind`. Plain JSON, no positions: two texts
 * that mean the same have equal nodes. Each language has a file of its own; new ones join the union at the bottom.
 * Read next: metric-nodes.ts, formula-nodes.ts, event-nodes.ts, our-nodes.ts; parse.ts, which turns text into nodes.
 */
import type { CheckQuery } from './check-nodes.ts'
import type { CompositeQuery } from './composite-nodes.ts'
import type { EventQuery } from './event-nodes.ts'
import type { FormulaQuery } from './formula-nodes.ts'
import type { MetricQuery } from './metric-nodes.ts'
import type { Comparison, HeartbeatQuery, ProbeQuery, PromqlQuery, SqlQuery } from './our-nodes.ts'
import type { ProcessQuery } from './process-nodes.ts'
import type { SloQuery } from './slo-nodes.ts'

/** In the smaller languages (languages.ts). */
export type OtherQuery =
  | CheckQuery
  | EventQuery
  | CompositeQuery
  | SloQuery
  | ProcessQuery
  | PromqlQuery
  | SqlQuery
  | ProbeQuery
  | HeartbeatQuery

export type Query = MetricQuery | FormulaQuery | OtherQuery

/** What the values of a query are compared with, as far as the query says it. */
export function comparisonOf(query: Query): Comparison | null {
  switch (query.kind) {
    case 'check':
    case 'composite':
      return null
    case 'promql':
    case 'sql':
      return query.comparison
    default:
      return { comparator: query.comparator, threshold: query.threshold }
  }
}
