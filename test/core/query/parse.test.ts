import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery, queryCharsMax } from '../../../core/query/parse.ts'

describe('what no source evaluates yet is unsupported', () => {
  test.each(['synthetics alert', 'anything'])('the type %s', (type) => {
    expect(parseQuery(type, 'whatever')).toMatchObject({
      ok: false,
      kind: 'unsupported',
      error: { message: `queries of the type "${type}" can't be evaluated yet (line 1, column 1)` },
    })
  })
})

const types = [
  'query alert',
  'http alert',
  'log alert',
  'event alert',
  'service check',
  'composite',
  'slo alert',
  'process alert',
  'promql alert',
  'sql alert',
  'heartbeat alert',
  'cost alert',
]

test('no text at all makes the parser throw', () => {
  const pieces = fc.constantFrom(
    'avg',
    '(',
    ')',
    'last_5m',
    ':',
    'x',
    '{',
    '}',
    '*',
    ',',
    'by ',
    '>',
    '9',
    '!',
    'NOT ',
    'OR ',
    '+',
    '.rollup',
    '"',
    ' ',
    '\n',
    'http',
    '"http://a"',
    'logs("',
    '@a:',
    '[1 TO ',
    '.by(',
    '.last("5m")',
    '.rollup("count")',
    '.over(',
    '12',
    '&&',
    '||',
    'select ',
    '$a$',
    "'",
    '#',
    '\\',
    ';',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, fc.constantFrom(...types), (query, type) => {
      const result = parseQuery(type, query)
      if (!result.ok) expect(result.error.offset).toBeLessThanOrEqual(query.length)
    }),
    { numRuns: 6_000 },
  )
})

test.each(['(', '{', '!', '+', 'NOT ', 'abs(', 'x{', 'a,', '"'])('a long run of %j ends in an error, quickly', (piece) => {
  const run = piece.repeat(Math.floor((queryCharsMax - 20) / piece.length))
  for (const text of [`avg(last_5m):${run}`, `avg(last_5m):avg:x{${run}`]) {
    const startedAt = performance.now()
    expect(parseQuery('query alert', text).ok).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  }
})

test.each([
  ['log alert', 'logs("', ['(', '(a', 'a:(', '-', 'NOT ', '\\\\', 'a OR ', '[1 TO ', '\\"', '*:', 'a:b ']],
  ['service check', '"x"', ['.by("a")', '.over(', '"']],
  ['composite', '', ['(', '!', '1&&', '1||(']],
  ['promql alert', 'a', ['(', '{', '[', '> 5 ', '> (5 + ', '#', '"', '>-']],
  ['sql alert', 'select ', ['(', "'", '$$', '$a$', '/*', '--', '-- \n', '"a"']],
  ['http alert', 'http("http://a/")', ['.header("a","b")', '.failed() > 0 ||', '.method("GET")']],
])('a long run of a piece in a %s ends in an answer, quickly', (type, start, pieces) => {
  for (const piece of pieces) {
    const startedAt = performance.now()
    parseQuery(type, `${start}${piece.repeat(Math.floor((queryCharsMax - 20) / piece.length))}`)
    expect(performance.now() - startedAt, piece).toBeLessThan(1_000)
  }
})
