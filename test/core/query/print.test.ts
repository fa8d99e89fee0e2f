import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HttpQuery } from '../../../core/query/nodes.ts'
import { parseQuery } from '../../../core/query/parse.ts'
import { printQuery } from '../../../core/query/print.ts'

const threshold = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
const comparator = fc.constantFrom('>', '>=', '<', '<=', '==', '!=')
const httpQuery: fc.Arbitrary<HttpQuery> = fc.record({
  kind: fc.constant('http' as const),
  url: fc.webUrl({ withQueryParameters: true }),
  method: fc.constantFrom('GET', 'HEAD'),
  measure: fc.constantFrom('failed', 'status', 'latency'),
  comparator,
  threshold,
})

test('a printed query is parsed to the same nodes', () => {
  fc.assert(
    fc.property(httpQuery, (query) => {
      expect(parseQuery('http alert', printQuery(query))).toEqual({ ok: true, kind: 'parsed', query })
    }),
    { numRuns: 500 },
  )
})
