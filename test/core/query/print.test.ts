import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FilterTerm, HttpQuery, MetricQuery, Query } from '../../../core/query/nodes.ts'
import { parseQuery } from '../../../core/query/parse.ts'
import { printQuery } from '../../../core/query/print.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}(\.[a-z0-9_]{1,5}){0,3}$/)
const key = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,10}$/)
const value = fc.stringMatching(/^[a-z0-9_.:/é*-]{1,12}$/)
const threshold = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
const comparator = fc.constantFrom('>', '>=', '<', '<=', '==', '!=')
const windows = fc.oneof(
  fc.integer({ min: 1, max: 10_080 }).map((count) => ({ windowText: `last_${count}m`, windowMs: count * 60_000, calendar: null })),
  fc.integer({ min: 1, max: 31 }).map((count) => ({ windowText: `last_${count}d`, windowMs: count * 86_400_000, calendar: null })),
  fc.constantFrom(
    { windowText: 'current_1h', windowMs: 3_600_000, calendar: 'hour' as const },
    { windowText: 'current_1d', windowMs: 86_400_000, calendar: 'day' as const },
    { windowText: 'current_1mo', windowMs: 31 * 86_400_000, calendar: 'month' as const },
  ),
)
const term: fc.Arbitrary<FilterTerm> = fc.record({ negated: fc.boolean(), key, value: fc.oneof(value, fc.constant(null)) })
const metricQuery: fc.Arbitrary<MetricQuery> = fc
  .tuple(
    fc.record({
      kind: fc.constant('metric' as const),
      timeAggregator: fc.constantFrom('avg', 'sum', 'min', 'max', 'count'),
      spaceAggregator: fc.constantFrom('avg', 'sum', 'min', 'max'),
      metric: name,
      filter: fc.array(term, { maxLength: 5 }),
      by: fc.uniqueArray(key, { maxLength: 4 }),
      comparator,
      threshold,
    }),
    windows,
  )
  .map(([query, window]) => ({ ...query, ...window }))
const httpQuery: fc.Arbitrary<HttpQuery> = fc.record({
  kind: fc.constant('http' as const),
  url: fc.webUrl({ withQueryParameters: true }),
  method: fc.constantFrom('GET', 'HEAD'),
  measure: fc.constantFrom('failed', 'status', 'latency'),
  comparator,
  threshold,
})

const typeOf = (query: Query): string => (query.kind === 'http' ? 'http alert' : 'query alert')

test('a printed query is parsed to the same nodes', () => {
  fc.assert(
    fc.property(fc.oneof(metricQuery, httpQuery), (query) => {
      expect(parseQuery(typeOf(query), printQuery(query))).toEqual({ ok: true, kind: 'parsed', query })
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  [' avg( last_5m ):app.hits{ Env:prod , !b } by {host , az}>9.0 ', 'avg(last_5m):avg:app.hits{env:prod,!b} by {host,az} > 9'],
  ['max(last_1mo):sum:x{*,a:*}<=1e21', 'max(last_1mo):sum:x{a:*} <= 1e+21'],
])('%j is printed as %j, and that as itself', (text, printed) => {
  const print = (source: string): string => {
    const result = parseQuery('query alert', source)
    return result.ok ? printQuery(result.query) : result.error.message
  }
  expect(print(text)).toBe(printed)
  expect(print(printed)).toBe(printed)
})
