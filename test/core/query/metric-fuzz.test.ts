import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseQuery, queryCharsMax } from '../../../core/query/parse.ts'

test.each(['(', '{', '!', '+', '-', 'NOT ', 'abs(', 'x{', 'a,', '"', 'x{*}+', '1+', "'a',", 'x{a:('])(
  'a long run of %j ends in an error, quickly',
  (piece) => {
    const run = piece.repeat(Math.floor((queryCharsMax - 60) / piece.length))
    for (const text of [
      `avg(last_5m):${run}`,
      `avg(last_5m):avg:x{${run}`,
      `avg(last_5m):abs(x{*}, ${run}`,
      `avg(last_5m):${run}x{*} > 1`,
    ]) {
      const startedAt = performance.now()
      expect(parseQuery('query alert', text).ok).toBe(piece === '+' || piece === '-' ? text.endsWith('> 1') : false)
      expect(performance.now() - startedAt).toBeLessThan(1_000)
    }
  },
)

test('no text at all makes the parsers throw, and errors lie within it', () => {
  const pieces = fc.constantFrom(
    ...[
      'avg',
      'change(',
      'avg(last_5m):',
      'sum:',
      'p95:',
      'x{',
      '}',
      '{*}',
      ' by {a,b}',
      '.rollup(',
      '.as_count()',
      '.fill(zero)',
      'anomalies(',
    ],
    ...[
      "'agile'",
      ',',
      '(',
      ')',
      '+',
      '-',
      '*',
      '/',
      '100',
      '-1e9',
      ' > 9',
      'a:b',
      ' AND ',
      ' OR ',
      'NOT ',
      ' IN (',
      '!',
      '"',
      "'",
      '😀',
      '\n',
      'k=',
    ],
    ...['formula("', 'a', '").last("5m")', '.by(', 'default_zero('],
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
    fc.array(pieces, { maxLength: 20 }).map((all) => `avg(last_5m):${all.join('')} > 9`),
  )
  fc.assert(
    fc.property(text, (query) => {
      const result = parseQuery('query alert', query)
      if (!result.ok) expect(result.error.offset).toBeLessThanOrEqual(query.length)
    }),
    { numRuns: 5_000 },
  )
})
