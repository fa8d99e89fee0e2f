import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpQuery, MetricQuery } from '../../../core/query/nodes.ts'
import { parseQuery, queryCharsMax } from '../../../core/query/parse.ts'

const plain: MetricQuery = {
  kind: 'metric',
  timeAggregator: 'avg',
  windowMs: 300_000,
  calendar: null,
  windowText: 'last_5m',
  spaceAggregator: 'sum',
  metric: 'app.requests',
  filter: [],
  by: [],
  comparator: '>',
  threshold: 9,
}
const term = (key: string, value: string | null, negated = false) => ({ negated, key, value })
const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

describe('a metric query means what it says', () => {
  test.each<[string, Partial<MetricQuery>]>([
    ['avg(last_5m):sum:app.requests{*} > 9', {}],
    ['\n avg ( last_5m ) : sum : app.requests { * }  >  9 \n', {}],
    ['avg(last_5m):sum:app.requests{*}>9', {}],
    ['avg(last_5m):app.requests{*} > 9', { spaceAggregator: 'avg' }],
    ['avg(last_5m):+ sum:app.requests{*} > 9', {}],
    ['avg(last_5m):(sum:app.requests{*}) > 9', {}],
    ...(['avg', 'sum', 'min', 'max', 'count'] as const).map(
      (name) => [`${name}(last_5m):sum:app.requests{*} > 9`, { timeAggregator: name }] as [string, Partial<MetricQuery>],
    ),
    ...(['avg', 'sum', 'min', 'max'] as const).map(
      (name) => [`avg(last_5m):${name}:app.requests{*} > 9`, { spaceAggregator: name }] as [string, Partial<MetricQuery>],
    ),
    ...(['>', '>=', '<', '<=', '==', '!='] as const).map(
      (comparator) => [`avg(last_5m):sum:app.requests{*} ${comparator} 9`, { comparator }] as [string, Partial<MetricQuery>],
    ),
    ['avg(last_1m):sum:app.requests{*} > 9', { windowText: 'last_1m', windowMs: minuteMs }],
    ['avg(last_10080m):sum:app.requests{*} > 9', { windowText: 'last_10080m', windowMs: 7 * dayMs }],
    ['avg(last_4h):sum:app.requests{*} > 9', { windowText: 'last_4h', windowMs: 240 * minuteMs }],
    ['avg(last_2d):sum:app.requests{*} > 9', { windowText: 'last_2d', windowMs: 2 * dayMs }],
    ['avg(last_1w):sum:app.requests{*} > 9', { windowText: 'last_1w', windowMs: 7 * dayMs }],
    ['avg(last_1mo):sum:app.requests{*} > 9', { windowText: 'last_1mo', windowMs: 30 * dayMs }],
    ['avg(current_1h):sum:app.requests{*} > 9', { windowText: 'current_1h', windowMs: 60 * minuteMs, calendar: 'hour' }],
    ['avg(current_1d):sum:app.requests{*} > 9', { windowText: 'current_1d', windowMs: dayMs, calendar: 'day' }],
    ['avg(current_1mo):sum:app.requests{*} > 9', { windowText: 'current_1mo', windowMs: 31 * dayMs, calendar: 'month' }],
    ['avg(last_5m):sum:app.requests{*} > -0.5', { threshold: -0.5 }],
    ['avg(last_5m):sum:app.requests{*} > +.5', { threshold: 0.5 }],
    ['avg(last_5m):sum:app.requests{*} > 1.5e-3', { threshold: 0.0015 }],
    ['avg(last_5m):sum:app.requests{*} > 10737418240', { threshold: 10_737_418_240 }],
    ['avg(last_5m):sum:app.requests{env:prod} > 9', { filter: [term('env', 'prod')] }],
    ['avg(last_5m):sum:app.requests{env:prod, !host:Web-1} > 9', { filter: [term('env', 'prod'), term('host', 'web-1', true)] }],
    ['avg(last_5m):sum:app.requests{*,env:prod} > 9', { filter: [term('env', 'prod')] }],
    ['avg(last_5m):sum:app.requests{host:web-*,tags:*crit*} > 9', { filter: [term('host', 'web-*'), term('tags', '*crit*')] }],
    ['avg(last_5m):sum:app.requests{canary,!batch} > 9', { filter: [term('canary', null), term('batch', null, true)] }],
    ['avg(last_5m):sum:app.requests{device:c:,url:http://x/y} > 9', { filter: [term('device', 'c:'), term('url', 'http://x/y')] }],
    ['avg(last_5m):sum:app.requests{or:a,not:b,in:c} > 9', { filter: [term('or', 'a'), term('not', 'b'), term('in', 'c')] }],
    ['avg(last_5m):sum:app.requests{*} by {host} > 9', { by: ['host'] }],
    ['avg(last_5m):sum:app.requests{*} by {Region, topic-partition,host.name} > 9', { by: ['region', 'topic-partition', 'host.name'] }],
    ['avg(last_5m):sum:app.requests{*}by{host}> 9', { by: ['host'] }],
  ])('%s', (text, differences) => {
    expect(parseQuery('metric alert', text)).toEqual({ ok: true, kind: 'parsed', query: { ...plain, ...differences } })
    expect(parseQuery('query alert', text).ok).toBe(true)
  })
})

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

const space = 'space aggregator (avg, sum, min, max)'
const window = 'window such as last_5m, last_4h, last_1d, last_1w, last_1mo or current_1d'
const tag = ['"!"', '"("', '"*"', '"NOT"', 'tag filter such as env:prod']
const afterSeries = ['"by"', 'arithmetic operator', 'comparator (>, >=, <, <=, ==, !=)', 'method such as .rollup()']
describe('a syntax error says what was expected and where', () => {
  test.each<[string, number, number, string | null, readonly string[]]>([
    [
      'agv(last_5m):avg:x{*} > 9',
      1,
      1,
      'a',
      ['"avg"', '"change"', '"count"', '"formula"', '"max"', '"min"', '"pct_change"', '"percentile"', '"sum"'],
    ],
    ['avg(last_5x):avg:x{*} > 9', 1, 5, 'l', [window]],
    ['avg(last_0m):avg:x{*} > 9', 1, 5, 'l', [window]],
    ['avg(last_5m) avg:x{*} > 9', 1, 14, 'a', ['":"']],
    ['avg(last_5m):mean:x{*} > 9', 1, 14, 'm', [space]],
    ['avg(last_5m):avg:x > 9', 1, 20, '>', ['"{"']],
    ['avg(last_5m):avg:x{} > 9', 1, 20, '}', tag],
    ['avg(last_5m):avg:x{a:b,} > 9', 1, 24, '}', tag],
    ['avg(last_5m):avg:x{a:b OR} > 9', 1, 24, 'O', ['","', '"AND"', '"IN"', '"NOT"', '"}"']],
    ['avg(last_5m):avg:x{*} by host > 9', 1, 26, 'h', ['"{"']],
    ['avg(last_5m):avg:x{*}\n  by {} > 9', 2, 7, '}', ['tag key']],
    ['avg(last_5m):avg:x{*} 9', 1, 23, '9', afterSeries],
    ['avg(last_5m):avg:x{*} => 9', 1, 23, '=', afterSeries],
    ['avg(last_5m):avg:x{*} >', 1, 24, null, ['number']],
    ['avg(last_5m):avg:x{*} > 9 percent', 1, 27, 'p', ['end of query']],
    ['avg(last_5m):default_sero(avg:x{*}) > 9', 1, 14, 'd', ['function such as default_zero()']],
    ['avg(last_5m):default_zero(avg:x{*} > 9', 1, 36, '>', ['")"', '","', '"by"', 'arithmetic operator', 'method such as .rollup()']],
    ['avg(last_5m):avg:x{*} 😀', 1, 23, '😀', afterSeries],
  ])('%s', (text, line, column, found, expected) => {
    const result = parseQuery('query alert', text)
    expect(result).toMatchObject({ ok: false, kind: 'invalid', error: { line, column, found, expected } })
    if (!result.ok) expect(result.error.message).toContain(`at line ${line}, column ${column}`)
  })

  test.each([
    ['http("ftp://web/").failed() > 0', 7, ['"http"']],
    ['http("http://user:secret@web/").failed() > 0', 19, ['port (1 to 65535)']],
    ['http("http://web:0/").failed() > 0', 18, ['port (1 to 65535)']],
    ['http("http://web/").down() > 0', 21, ['"failed"', '"latency"', '"method"', '"status"']],
    ["http('http://web/').failed() > 0", 6, ['"\\""']],
  ])('%s', (text, column, expected) => {
    expect(parseQuery('http alert', text)).toMatchObject({ ok: false, kind: 'invalid', error: { line: 1, column, expected } })
  })

  test('the message is one sentence for people', () => {
    expect(parseQuery('query alert', 'avg(last_5m):avg:x{*} by host > 9')).toMatchObject({
      error: { message: 'syntax error: expected "{", but "h" stands at line 1, column 26' },
    })
  })
})

describe('what is well formed and still wrong is invalid, too', () => {
  test.each([
    ['avg(last_10081m):avg:x{*} > 9', 'the window last_10081m is out of bounds: last_1m to last_10080m (line 1, column 5)'],
    ['avg(last_2w):avg:x{*} > 9', undefined],
    ['avg(last_2mo):avg:x{*} > 9', 'the window last_2mo is out of bounds: only last_1mo (line 1, column 5)'],
    ['avg(last_5m):avg:x{*} by {a,b,A} > 9', 'the group key a stands twice (line 1, column 31)'],
    ['avg(last_5m):avg:x{*} > 1e999', 'the threshold is too large a number (line 1, column 25)'],
    [`avg(last_5m):avg:x{*} > ${'9'.repeat(queryCharsMax)}`, `the query is longer than ${queryCharsMax} characters (line 1, column 20001)`],
    [`avg(last_5m):${'('.repeat(60)}avg:x{*}${')'.repeat(60)} > 9`, 'more than 50 brackets within each other (line 1, column 64)'],
  ])('%s', (text, message) => {
    const result = parseQuery('query alert', text)
    if (message === undefined) expect(result.ok).toBe(true)
    else expect(result).toMatchObject({ ok: false, kind: 'invalid', error: { message } })
  })
})

describe('what Datadog knows and no source evaluates yet is unsupported, with its position', () => {
  test.each([
    ['avg(last_5m):default_zero(avg:x{*}) > 9', "the function default_zero() can't be evaluated yet (line 1, column 14)"],
    ['avg(last_5m):avg:x{*} / avg:y{*} * 100 > 9', "arithmetic can't be evaluated yet (line 1, column 14)"],
    ['avg(last_5m):-avg:x{*} > 9', "arithmetic can't be evaluated yet (line 1, column 14)"],
    ['avg(last_5m):avg:x{*} by {host}.as_count() > 9', ".as_count() can't be evaluated yet (line 1, column 32)"],
    ['avg(last_5m):avg:x{*}.rollup(sum, 60) > 9', ".rollup() can't be evaluated yet (line 1, column 22)"],
    ['avg(last_5m):p95:x{*} > 9', "the space aggregator p95 can't be evaluated yet (line 1, column 14)"],
    ['avg(last_5m):avg:x{a:b OR c:d} > 9', "AND, OR, NOT and IN in a filter can't be evaluated yet (line 1, column 20)"],
    [
      'avg(last_5m):avg:x{a IN (b, c) AND NOT (d:e or f)} > 9',
      "AND, OR, NOT and IN in a filter can't be evaluated yet (line 1, column 20)",
    ],
    ['max(next_1w):avg:x{*} > 9', "next_… windows can't be evaluated yet (line 1, column 5)"],
    ['formula("a / b * 100").rollup("sum").last("5m") > 9', "formula() can't be evaluated yet (line 1, column 1)"],
    ['change(avg(last_5m),last_1h):avg:x{*} > 9', "change() can't be evaluated yet (line 1, column 1)"],
    [
      "avg(last_4h):anomalies(avg:x{*}, 'basic', 2, direction='both') >= 1",
      "the function anomalies() can't be evaluated yet (line 1, column 14)",
    ],
  ])('%s', (text, message) => {
    expect(parseQuery('query alert', text)).toMatchObject({ ok: false, kind: 'unsupported', error: { message } })
  })

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

const corpus = new URL('../../../../shared/corpus/datadog-monitors.jsonl', import.meta.url)
test('no metric query that Datadog integrations ship is called wrong', () => {
  if (!existsSync(corpus)) return console.log('skipping the public definitions: the folder shared/corpus is not here')
  const lines = readFileSync(corpus, 'utf8').trim().split('\n')
  const queries = lines.map((line) => JSON.parse(line)).map((entry) => entry.monitor ?? entry)
  const wrong = queries.filter(({ type, query }) => type === 'query alert' && parseQuery(type, query).kind === 'invalid')
  expect(wrong.map(({ query }) => query)).toEqual([])
})
