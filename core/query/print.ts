/** The one canonical text of a query: parsing it gives the same nodes. Read next: nodes.ts. */
import { assertNever } from '../assert.ts'
import { printFormula, printMetric } from './metric-print.ts'
import type { Query } from './nodes.ts'

export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'metric':
      return printMetric(query)
    case 'formula':
      return printFormula(query)
    case 'http': {
      const method = query.method === 'GET' ? '' : `.method("${query.method}")`
      return `http("${query.url}")${method}.${query.measure}() ${query.comparator} ${query.threshold}`
    }
    default:
      return assertNever(query)
  }
}
