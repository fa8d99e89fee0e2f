/** What the engine needs to know of a query in one of the smaller languages. Read next: facts.ts. */
import { assertNever } from '../assert.ts'
import type { QueryFacts } from '../monitor/spec.ts'
import { levelThresholds } from './fixed-levels.ts'
import { comparisonOf, type OtherQuery } from './nodes.ts'
import type { Comparison } from './our-nodes.ts'

/** A check looks at this very moment; a value counts as fresh for one default interval. */
const momentMs = 60_000
/** Results of checks come every quarter of a minute to every ten minutes: older ones are none. */
const checkWindowMs = 600_000
/** Checks are quiet for a day before they are missed, as Datadog has it. */
const checkMissingMs = 86_400_000
/** Levels are compared with the least of `alert`. */
const levels = { comparator: '>=', threshold: 2, thresholds: levelThresholds } as const

export function otherFacts(query: OtherQuery): NonNullable<QueryFacts> {
  switch (query.kind) {
    case 'check':
      return { windowMs: checkWindowMs, groupBy: query.by === '*' ? null : query.by, missingMs: checkMissingMs, ...levels }
    case 'event':
      return {
        windowMs: query.windowMs,
        groupBy: query.by,
        ...compared(query),
        countsFromZero: query.method === 'count' || query.method === 'cardinality',
      }
    case 'composite':
      return { windowMs: momentMs, groupBy: null, ...levels }
    case 'slo':
      // A budget for weeks moves slowly; a burn rate is as quick as its short window.
      return { windowMs: query.burn?.shortMs ?? query.windowMs, groupBy: [], ...compared(query) }
    case 'process':
      return { windowMs: query.windowMs, groupBy: query.by, ...compared(query), countsFromZero: true }
    case 'promql':
      return { windowMs: momentMs, groupBy: null, ...compared(query), alertsOnPresence: query.comparison === null }
    case 'sql':
      return { windowMs: momentMs, groupBy: null, ...compared(query) }
    case 'probe':
    case 'heartbeat':
      return { windowMs: momentMs, groupBy: [], ...compared(query) }
    default:
      return assertNever(query)
  }
}

/** Without a comparison and without thresholds, every number is too much. */
function compared(query: OtherQuery): Comparison {
  return comparisonOf(query) ?? { comparator: '>', threshold: -Number.MAX_VALUE }
}
