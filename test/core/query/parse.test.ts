import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpQuery } from '../../../core/query/nodes.ts'
import { parseQuery, queryCharsMax } from '../../../core/query/parse.ts'

describe('an http query means what it says', () => {
  const failed: HttpQuery = { kind: 'http', url: 'http://web/', method: 'GET', measure: 'failed', comparator: '>', threshold: 0 }
  test.each<[string, Partial<HttpQuery>]>([
    ['http("http://web/").failed() > 0', {}],
    [' http ( "http://web/" ) . failed ( )>0', {}],
    ['http("http://web/").method("HEAD").failed() > 0', { method: 'HEAD' }],
    [
      'http("https://web.example:8443/a/b?c=d&e=%20").status() != 200',
      {
        url: 'https://web.example:8443/a/b?c=d&e=%20',
        measure: 'status',
        comparator: '!=',
        threshold: 200,
      },
    ],
    ['http("http://[::1]:8080/health").latency() > 0.5', { url: 'http://[::1]:8080/health', measure: 'latency', threshold: 0.5 }],
  ])('%s', (text, differences) => {
    expect(parseQuery('http alert', text)).toEqual({ ok: true, kind: 'parsed', query: { ...failed, ...differences } })
  })
})

describe('a syntax error says what was expected and where', () => {
  test.each([
    ['http("ftp://web/").failed() > 0', 7, ['"http"']],
    ['http("http://user:secret@web/").failed() > 0', 19, ['port (1 to 65535)']],
    ['http("http://web:0/").failed() > 0', 18, ['port (1 to 65535)']],
    ['http("http://web/").down() > 0', 21, ['"failed"', '"latency"', '"method"', '"status"']],
    ["http('http://web/').failed() > 0", 6, ['"\\""']],
  ])('%s', (text, column, expected) => {
    expect(parseQuery('http alert', text)).toMatchObject({ ok: false, kind: 'invalid', error: { line: 1, column, expected } })
  })
})

describe('what no source evaluates yet is unsupported', () => {
  test.each(['log alert', 'composite', 'service check', 'promql alert', 'anything'])('the type %s', (type) => {
    expect(parseQuery(type, 'whatever')).toMatchObject({
      ok: false,
      kind: 'unsupported',
      error: { message: `queries of the type "${type}" can't be evaluated yet (line 1, column 1)` },
    })
  })
})

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
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, fc.constantFrom('query alert', 'http alert'), (query, type) => {
      const result = parseQuery(type, query)
      if (!result.ok) expect(result.error.offset).toBeLessThanOrEqual(query.length)
    }),
    { numRuns: 2_000 },
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
