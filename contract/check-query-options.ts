/** What some languages ask of the options beside the query, and what only a library can say of it. Read next: check.ts. */
import type { CheckQuery } from '../core/query/check-nodes.ts'
import type { Query } from '../core/query/nodes.ts'
import type { MonitorOptions } from './options.ts'
import { checkPromql } from './promql.ts'

/** `text`: the query as it was written. */
export function checkQueryOptions(query: Query, text: string, options: MonitorOptions): string[] {
  switch (query.kind) {
    case 'check':
      return checkCounts(query, options)
    case 'sql': {
      const hasThreshold = query.comparison !== null || typeof options.thresholds?.critical === 'number'
      return hasThreshold ? [] : ['options.thresholds.critical is missing: end the query with a comparison such as "; > 10", or set it']
    }
    case 'promql':
      return checkPromql(text, query.of).map((problem) => `query: ${problem}`)
    default:
      return []
  }
}

/** More results than are looked at can't be counted, and more than all is no share. */
function checkCounts({ last, measure }: CheckQuery, { thresholds }: MonitorOptions): string[] {
  const numbers = Object.entries(thresholds ?? {}).filter(([name]) => !name.endsWith('_recovery'))
  return numbers.flatMap(([name, number]) => {
    if (typeof number !== 'number') return []
    if (measure === 'percent')
      return number >= 0 && number <= 100 ? [] : [`options.thresholds.${name} is ${number}: it is a percentage, 0 to 100`]
    if (number < 1) return [`options.thresholds.${name} is ${number}: at least one result makes a status`]
    return number <= last
      ? []
      : [`options.thresholds.${name} is ${number}, but the query looks at the last ${last} results only: use .last(${number + 1})`]
  })
}
