/** The one canonical text of a query: parsing it gives the same nodes. Read next: nodes.ts. */
import { printOther } from './languages.ts'
import { printFormula, printMetric } from './metric-print.ts'
import type { Query } from './nodes.ts'

export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'metric':
      return printMetric(query)
    case 'formula':
      return printFormula(query)
    default:
      return printOther(query)
  }
}
