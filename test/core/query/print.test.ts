import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Scope } from '../../../core/monitor/types.ts'
import type { CompositeExpression } from '../../../core/query/composite-nodes.ts'
import type { OtherQuery } from '../../../core/query/nodes.ts'
import { parseQuery } from '../../../core/query/parse.ts'
import { printQuery } from '../../../core/query/print.ts'
import { someSearch } from '../../support/some-search.ts'

const threshold = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
const compared = { comparator: fc.constantFrom('>', '>=', '<', '<=', '==', '!='), threshold }
const key = fc.stringMatching(/^[a-z][a-z0-9_.:/-]{0,8}$/)
const by = fc.uniqueArray(key, { maxLength: 4 })
const text = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.constantFrom('"', '\\', "\\\\'", 'a"b\\n'))
const window = fc.integer({ min: 1, max: 600 }).map((count) => ({ windowText: `${count}m`, windowMs: count * 60_000 }))

const tag = fc.record({
  kind: fc.constant('tag' as const),
  key: fc.stringMatching(/^[a-z][a-z0-9_./-]{0,8}$/),
  value: fc.option(fc.stringMatching(/^[a-z0-9_.:/"\\'!-][a-z0-9_.:/*"\\'!-]{0,8}$/)),
})
const filter: fc.Arbitrary<Scope> = fc
  .tuple(fc.array(tag, { maxLength: 3 }), fc.array(tag, { maxLength: 3 }))
  .map(([over, exclude]): Scope => {
    const of: Scope[] = [...over, ...exclude.map((of): Scope => ({ kind: 'not', of }))]
    return of.length > 1 ? { kind: 'and', of } : (of[0] ?? { kind: 'all' })
  })

const check = fc
  .record({
    check: text,
    filter,
    by: fc.oneof(by, fc.constant('*' as const)),
    last: fc.integer({ min: 1, max: 100 }),
    measure: fc.constantFrom('count', 'percent'),
  })
  .map((query): OtherQuery => ({ kind: 'check', ...query }))

const events = fc
  .tuple(
    fc.record({
      search: someSearch,
      indexes: fc.array(key, { maxLength: 2 }),
      method: fc.oneof(
        fc.constantFrom('cardinality' as const, 'avg' as const),
        fc.integer({ min: 1, max: 99 }).map((percentile) => ({ percentile })),
      ),
      measure: fc.constantFrom('@duration', '@a."b\\', 'host'),
      by: fc.uniqueArray(fc.oneof(key, fc.stringMatching(/^@[A-Za-z][A-Za-z0-9_.]{0,8}$/)), { maxLength: 4 }),
      ...compared,
    }),
    window,
  )
  .map(([query, span]): OtherQuery => ({ kind: 'event', source: 'logs', issues: null, ...query, ...span }))

const processes = fc
  .tuple(fc.record({ search: someSearch, filter, by, ...compared }), window)
  .map(([query, span]): OtherQuery => ({ kind: 'process', ...query, ...span }))

const { expression } = fc.letrec<{ expression: CompositeExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constant('monitor' as const), id: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('expression') }),
  ),
}))
const composite = expression.filter(hasNoTripleNot).map((of): OtherQuery => ({ kind: 'composite', of }))

/** Three negations in a row come to one. */
function hasNoTripleNot(of: CompositeExpression): boolean {
  if (of.kind === 'monitor') return true
  if (of.kind !== 'not') return of.of.every(hasNoTripleNot)
  return !(of.of.kind === 'not' && of.of.of.kind === 'not') && hasNoTripleNot(of.of)
}

const budget = fc
  .record({ slo: text, ...compared })
  .map((query): OtherQuery => ({ kind: 'slo', measure: 'error_budget', windowText: '30d', windowMs: 2_592_000_000, burn: null, ...query }))

const target = fc.oneof(
  fc
    .record({
      url: fc.webUrl({ withQueryParameters: true }),
      payload: fc.option(text),
      headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.stringMatching(/^[ -~]{0,9}$/), { noNullPrototype: true }),
    })
    .map(({ payload, ...http }) => ({
      kind: 'http' as const,
      method: payload === null ? ('HEAD' as const) : ('POST' as const),
      payload,
      ...http,
    })),
)
const assertion = fc.record({
  measure: fc.oneof(
    fc.constantFrom({ kind: 'failed' as const }, { kind: 'status' as const }),
    fc
      .stringMatching(/^[a-z"\\.\\d]{1,9}$/)
      .map((pattern) => ({ kind: 'body' as const, pattern: `${pattern.replaceAll('\\', '\\\\')}\\.` })),
  ),
  ...compared,
})
const probe = fc
  .record({ target, assertions: fc.array(assertion, { minLength: 1, maxLength: 3 }) })
  .map(({ target, assertions }): OtherQuery => {
    const [only, ...others] = assertions
    const isOne = only !== undefined && others.length === 0
    return { kind: 'probe', target, assertions, comparator: isOne ? only.comparator : '>', threshold: isOne ? only.threshold : 0 }
  })

const heartbeat = fc
  .record({
    key: fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/),
    every: fc.integer({ min: 1, max: 99 }),
    grace: fc.integer({ min: 0, max: 99 }),
    ...compared,
  })
  .map(
    ({ key, every, grace, comparator, threshold }): OtherQuery => ({
      kind: 'heartbeat',
      key,
      everyMs: every * 60_000,
      everyText: `${every}m`,
      graceMs: grace * 1_000,
      graceText: `${grace}s`,
      comparator,
      threshold,
    }),
  )

test.each<[string, string, fc.Arbitrary<OtherQuery>]>([
  ['check', 'service check', check],
  ['event', 'log alert', events],
  ['process', 'process alert', processes],
  ['composite', 'composite', composite],
  ['slo', 'slo alert', budget],
  ['probe', 'http alert', probe],
  ['heartbeat', 'heartbeat alert', heartbeat],
])('a printed %s query is parsed to the same nodes', (_kind, type, queries) => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(parseQuery(type, printQuery(query))).toEqual({ ok: true, kind: 'parsed', query })
    }),
    { numRuns: 500 },
  )
})

test('what can be read of any PromQL or SQL is printed as something that reads the same', () => {
  const pieces = fc.constantFrom(
    'a',
    'b{x="> 1"}',
    '(',
    ')',
    ' > 5',
    '>',
    '5',
    ' and ',
    '-',
    '# c\n',
    '60*60',
    ' ',
    'select ',
    "';'",
    ';',
    '--x\n',
    '$$',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), fc.constantFrom('promql alert', 'sql alert'), (parts, type) => {
      const source = `${type === 'sql alert' ? 'select ' : ''}${parts.join('')}`
      const parsed = parseQuery(type, source)
      if (parsed.ok) expect(parseQuery(type, printQuery(parsed.query))).toEqual(parsed)
    }),
    { numRuns: 3_000 },
  )
})
