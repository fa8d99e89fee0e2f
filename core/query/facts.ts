import { otherFacts } from './language-facts.ts'
import { type Facts, formulaFacts, metricFacts } from './metric-facts.ts'
import type { Query } from './nodes.ts'
import { parseQuery } from './parse.ts'

/** What the engine needs to know of a monitor's query; null where no source evaluates it yet. `variables`: those of its options. */
export function queryFacts(type: string, text: string, variables?: unknown): Facts | null {
  const parsed = parseQuery(type, text)
  return parsed.ok ? factsOf(parsed.query, variables) : null
}

export function factsOf(query: Query, variables?: unknown): Facts {
  switch (query.kind) {
    case 'metric':
      return metricFacts(query)
    case 'formula':
      return formulaFacts(query, variables)
    default:
      return { ...otherFacts(query), calendar: null }
  }
}
