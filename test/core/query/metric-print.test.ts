import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMetric } from '../../../core/query/metric-parse.ts'
import { parseQuery } from '../../../core/query/parse.ts'
import { printQuery } from '../../../core/query/print.ts'
import { anyMetricQuery } from '../../support/metric-queries.ts'

test('a printed query is parsed to the same nodes', () => {
  fc.assert(
    fc.property(anyMetricQuery, (query) => {
      // Some are too deep, or join groups that don't go together: those are refused, never changed.
      const result = parseQuery('query alert', printQuery(query))
      if (result.ok) expect(result.query).toEqual(query)
      else expect(result.error.message).toMatch(/brackets within each other|is grouped by|at most 50 series|at most 100 terms/)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  [' avg( last_5m ):app.hits{ Env:prod , !b } by {host , az}>9.0 ', 'avg(last_5m):avg:app.hits{env:prod AND NOT b:*} by {host,az} > 9'],
  ['max(last_1mo):sum:x{*,a:*}<=1e21', 'max(last_1mo):sum:x{a:*} <= 1e+21'],
  ['avg(last_5m):100*(a{*}-b{*})/c{*}>1', 'avg(last_5m):100 * (avg:a{*} - avg:b{*}) / avg:c{*} > 1'],
  ['avg(last_5m):a{*}-(b{*}-c{*})>1', 'avg(last_5m):avg:a{*} - (avg:b{*} - avg:c{*}) > 1'],
  ['avg(last_5m):sum:a{*}.fill(zero,0).rollup(sum,60).as_count()>1', 'avg(last_5m):sum:a{*}.as_count().rollup(sum, 60).fill(zero, 0) > 1'],
  ['pct_change(avg(last_5m), 1h_ago):sum(a{*} by {h,i},{h})>1', 'pct_change(avg(last_5m),1h_ago):sum(avg:a{*} by {h,i}, {h}) > 1'],
  ['avg(last_4h):anomalies(a{*},agile,2,direction=above)>=1', "avg(last_4h):anomalies(avg:a{*}, 'agile', 2, direction='above') >= 1"],
  ['percentile(last_5m):p99.9:a{x:"a b"}>1', 'percentile(last_5m):p99.9:a{x:"a b"} > 1'],
])('%j is printed as %j, and that as itself', (text, printed) => {
  const print = (source: string): string => {
    const result = parseMetric(source)
    return result.ok ? printQuery(result.query) : result.error.message
  }
  expect(print(text)).toBe(printed)
  expect(print(printed)).toBe(printed)
})
