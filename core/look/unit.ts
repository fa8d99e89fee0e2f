/** What a number is counted in, as far as the name of its metric tells. Only a hint for people who look at it. */

import type { Expression } from '../query/metric-nodes.ts'
import { parseQuery } from '../query/parse.ts'

export type Unit = 'percent' | 'ratio' | 'bytes' | 'seconds' | 'milliseconds'

/** Endings of names, as Datadog's and Prometheus' habits have them; the first that fits counts. */
const endings: readonly (readonly [RegExp, Unit])[] = [
  [/(^|[._])(pct|percent|percentage|pct_usable)$/, 'percent'],
  [/(^|[._])(ratio|in_use)$/, 'ratio'],
  [/(^|[._])(bytes|bytes_total|size_bytes)$/, 'bytes'],
  [/(^|[._])(ms|millis|milliseconds)$/, 'milliseconds'],
  [/(^|[._])(seconds|duration_seconds)$/, 'seconds'],
]

/** null = nobody knows, or it is made of several. */
export function unitOf(type: string, query: string): Unit | null {
  const parsed = parseQuery(type, query)
  if (!parsed.ok || parsed.query.kind !== 'metric') return null
  const { of, over } = parsed.query
  if (over.change?.kind === 'pct_change') return 'percent'
  return unitIn(of)
}

function unitIn(of: Expression): Unit | null {
  switch (of.kind) {
    case 'series':
      return of.aggregator === 'count' || of.as !== null ? null : (endings.find(([ending]) => ending.test(of.metric))?.[1] ?? null)
    case 'negative':
      return unitIn(of.of)
    case 'call':
    case 'arithmetic':
    case 'number':
      return null
  }
}
