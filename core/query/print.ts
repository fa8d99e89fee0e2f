/** The one canonical text of a query: parsing it gives the same nodes. Read next: nodes.ts. */
import { assertNever } from '../assert.ts'
import type { FilterTerm, MetricQuery, Query } from './nodes.ts'

export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'metric':
      return `${query.timeAggregator}(${query.windowText}):${printSeries(query)} ${query.comparator} ${query.threshold}`
    case 'http': {
      const method = query.method === 'GET' ? '' : `.method("${query.method}")`
      return `http("${query.url}")${method}.${query.measure}() ${query.comparator} ${query.threshold}`
    }
    default:
      return assertNever(query)
  }
}

function printSeries(query: MetricQuery): string {
  const filter = query.filter.length === 0 ? '*' : query.filter.map(printTerm).join(',')
  const by = query.by.length === 0 ? '' : ` by {${query.by.join(',')}}`
  return `${query.spaceAggregator}:${query.metric}{${filter}}${by}`
}

function printTerm(term: FilterTerm): string {
  return `${term.negated ? '!' : ''}${term.key}${term.value === null ? '' : `:${term.value}`}`
}
