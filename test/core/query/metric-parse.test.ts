import { describe, expect, test } from 'vitest'
import type { Expression, MetricQuery, Over, SeriesExpression } from '../../../core/query/metric-nodes.ts'
import { parseMetric } from '../../../core/query/metric-parse.ts'
import { parseQuery } from '../../../core/query/parse.ts'
import { andNode, notNode, orNode, overNode, seriesNode, tagNode } from '../../support/metric-queries.ts'

const plain: MetricQuery = { kind: 'metric', over: overNode, of: seriesNode, comparator: '>', threshold: 9 }
const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

const read = (text: string): unknown => {
  const result = parseMetric(text)
  return result.ok ? result.query : result.error.message
}

describe('a comparison', () => {
  test.each<[string, Partial<MetricQuery>]>([
    ['avg(last_5m):sum:app.requests{*} > 9', {}],
    ['\n avg ( last_5m ) : sum : app.requests { * }  >  9 \n', {}],
    ['avg(last_5m):sum:app.requests{*}>9', {}],
    ['avg(last_5m):+ sum:app.requests{*} > 9', {}],
    ['avg(last_5m):(sum:app.requests{*}) > 9', {}],
    ...(['>', '>=', '<', '<=', '==', '!='] as const).map(
      (comparator) => [`avg(last_5m):sum:app.requests{*} ${comparator} 9`, { comparator }] as [string, Partial<MetricQuery>],
    ),
    ['avg(last_5m):sum:app.requests{*} > -0.5', { threshold: -0.5 }],
    ['avg(last_5m):sum:app.requests{*} > -0', { threshold: 0 }],
    ['avg(last_5m):sum:app.requests{*} > +.5', { threshold: 0.5 }],
    ['avg(last_5m):sum:app.requests{*} > 1.5e-3', { threshold: 0.0015 }],
    ['avg(last_5m):sum:app.requests{*} > 10737418240', { threshold: 10_737_418_240 }],
  ])('%j', (text, differences) => {
    expect(read(text)).toEqual({ ...plain, ...differences })
    expect(parseQuery('metric alert', text)).toEqual({ ok: true, kind: 'parsed', query: { ...plain, ...differences } })
    expect(parseQuery('query alert', text).ok).toBe(true)
  })
})

describe('a window', () => {
  test.each<[string, Partial<Over>]>([
    ['avg(last_1m)', { windowText: 'last_1m', windowMs: minuteMs }],
    ['avg(last_10080m)', { windowText: 'last_10080m', windowMs: 7 * dayMs }],
    ['avg(last_4h)', { windowText: 'last_4h', windowMs: 240 * minuteMs }],
    ['avg(last_2d)', { windowText: 'last_2d', windowMs: 2 * dayMs }],
    ['avg(last_1w)', { windowText: 'last_1w', windowMs: 7 * dayMs }],
    ['avg(last_1mo)', { windowText: 'last_1mo', windowMs: 30 * dayMs }],
    ['avg(current_1h)', { windowText: 'current_1h', windowMs: 60 * minuteMs, calendar: 'hour' }],
    ['avg(current_1d)', { windowText: 'current_1d', windowMs: dayMs, calendar: 'day' }],
    ['avg(current_1mo)', { windowText: 'current_1mo', windowMs: 31 * dayMs, calendar: 'month' }],
    ...(['avg', 'sum', 'min', 'max', 'count'] as const).map(
      (name) => [`${name}(last_5m)`, { aggregator: name }] as [string, Partial<Over>],
    ),
    ['change(avg(last_5m),last_1h)', { change: { kind: 'change', shiftMs: 60 * minuteMs, shiftText: 'last_1h' } }],
    ['pct_change ( sum(last_5m) , 1d_ago )', { aggregator: 'sum', change: { kind: 'pct_change', shiftMs: dayMs, shiftText: '1d_ago' } }],
  ])('%s', (text, differences) => {
    expect(read(`${text}:sum:app.requests{*} > 9`)).toEqual({ ...plain, over: { ...overNode, ...differences } })
  })

  test('of a percentile has the percentile of its series', () => {
    const of = { ...seriesNode, aggregator: { percentile: 95 } }
    expect(read('percentile(last_5m):p95:app.requests{*} > 9')).toEqual({
      ...plain,
      of,
      over: { ...overNode, aggregator: { percentile: 95 } },
    })
  })

  test('ahead is for forecasts', () => {
    const of: Expression = {
      kind: 'call',
      name: 'forecast',
      of: seriesNode,
      args: [
        { name: null, value: 'linear' },
        { name: null, value: 1 },
      ],
    }
    const over: Over = { ...overNode, aggregator: 'max', windowText: 'next_1w', windowMs: 7 * dayMs, ahead: true }
    expect(read("max(next_1w):forecast(sum:app.requests{*}, 'linear', 1) > 9")).toEqual({ ...plain, over, of })
  })
})

describe('a series', () => {
  const rollup = { method: 'sum', ms: minuteMs } as const
  test.each<[string, Partial<SeriesExpression>]>([
    ['app.requests{*}', { aggregator: 'avg' }],
    ...(['avg', 'sum', 'min', 'max', 'count'] as const).map(
      (name) => [`${name}:app.requests{*}`, { aggregator: name }] as [string, Partial<SeriesExpression>],
    ),
    ['p50:app.requests{*}', { aggregator: { percentile: 50 } }],
    ['p99.9:app.requests{*}', { aggregator: { percentile: 99.9 } }],
    ['sum:p95.requests{*}', { metric: 'p95.requests' }],
    ['sum:count.of{*}', { metric: 'count.of' }],
    ['sum:app.5xx_Responses{*}', { metric: 'app.5xx_Responses' }],
    ['sum:app.requests{*} by {host}', { by: ['host'] }],
    ['sum:app.requests{*} BY {Region, topic-partition,host.name}', { by: ['region', 'topic-partition', 'host.name'] }],
    ['sum:app.requests{*}by{host}', { by: ['host'] }],
    ['sum:app.requests{*}.as_count()', { as: 'count' }],
    ['sum:app.requests{*}.as_rate()', { as: 'rate' }],
    ['sum:app.requests{*}.rollup(sum, 60)', { rollup }],
    ["sum:app.requests{*}.rollup('sum',60)", { rollup }],
    ['sum:app.requests{*}.rollup(60)', { rollup: { method: null, ms: minuteMs } }],
    ['sum:app.requests{*}.rollup(max)', { rollup: { method: 'max', ms: null } }],
    ['sum:app.requests{*}.fill(zero)', { fill: { method: 'zero', limitMs: null } }],
    ['sum:app.requests{*}.fill(0)', { fill: { method: 'zero', limitMs: null } }],
    ['sum:app.requests{*}.fill(none)', { fill: { method: 'null', limitMs: null } }],
    ["sum:app.requests{*}.fill('linear', 90)", { fill: { method: 'linear', limitMs: 90_000 } }],
    ['sum:app.requests{*}.weighted()', { weighted: true }],
    [
      'sum:app.requests{*} by {host} . as_count() .fill(zero, 0) .rollup(sum, 60)',
      { by: ['host'], as: 'count', fill: { method: 'zero', limitMs: 0 }, rollup },
    ],
  ])('%s', (text, differences) => {
    expect(read(`avg(last_5m):${text} > 9`)).toEqual({ ...plain, of: { ...seriesNode, ...differences } })
  })
})

describe('a filter', () => {
  const [a, b, c] = [tagNode('a', '1'), tagNode('b', '2'), tagNode('c', '3')]
  test.each<[string, SeriesExpression['filter']]>([
    ['env:prod', tagNode('env', 'prod')],
    ['env:prod, !host:Web-1', andNode(tagNode('env', 'prod'), notNode(tagNode('host', 'web-1')))],
    ['*,env:prod', tagNode('env', 'prod')],
    ['*,*', { kind: 'all' }],
    ['host:web-*,tags:*crit*', andNode(tagNode('host', 'web-*'), tagNode('tags', '*crit*'))],
    ['canary,!batch,-b:2', andNode(tagNode('canary', null), notNode(tagNode('batch', null)), notNode(b))],
    ['device:c:,url:http://x/y', andNode(tagNode('device', 'c:'), tagNode('url', 'http://x/y'))],
    ['or:a,not:b,in:c', andNode(tagNode('or', 'a'), tagNode('not', 'b'), tagNode('in', 'c'))],
    ['a:1 OR b:2 AND c:3', orNode(a, andNode(b, c))],
    ['a:1 or b:2, c:3', orNode(a, andNode(b, c))],
    ['(a:1 OR b:2), c:3', andNode(orNode(a, b), c)],
    ['a:1 AND NOT (b:2 OR c:3)', andNode(a, notNode(orNode(b, c)))],
    ['NOT a:1 AND !b:2', andNode(notNode(a), notNode(b))],
    ['env IN (prod, staging)', orNode(tagNode('env', 'prod'), tagNode('env', 'staging'))],
    ['env NOT IN (prod),a:1', andNode(notNode(tagNode('env', 'prod')), a)],
    ['env:(prod OR staging)', orNode(tagNode('env', 'prod'), tagNode('env', 'staging'))],
    ['name:"on call" , \'my key\':*', andNode(tagNode('name', 'on call'), tagNode('my key', null))],
  ])('{%s}', (text, filter) => {
    expect(read(`avg(last_5m):sum:app.requests{${text}} > 9`)).toEqual({ ...plain, of: { ...seriesNode, filter } })
  })
})

describe('an expression', () => {
  const metric = (name: string): SeriesExpression => ({ ...seriesNode, aggregator: 'avg', metric: name })
  const [a, b, c] = [metric('a'), metric('b'), metric('c')]
  const number = (value: number): Expression => ({ kind: 'number', value })
  const math = (left: Expression, operator: '+' | '-' | '*' | '/', right: Expression): Expression => ({
    kind: 'arithmetic',
    operator,
    left,
    right,
  })
  const called = (name: string, of: Expression, ...args: (number | string)[]): Expression => ({
    kind: 'call',
    name,
    of,
    args: args.map((value) => ({ name: null, value })),
  })
  test.each<[string, Expression]>([
    ['a{*} + b{*} * c{*}', math(a, '+', math(b, '*', c))],
    ['(a{*} + b{*}) * c{*}', math(math(a, '+', b), '*', c)],
    ['a{*} - b{*} - c{*}', math(math(a, '-', b), '-', c)],
    ['a{*} / (b{*} / c{*})', math(a, '/', math(b, '/', c))],
    ['100 * a{*}', math(number(100), '*', a)],
    ['a{*}-1', math(a, '-', number(1))],
    ['a{*} * -1', math(a, '*', number(-1))],
    ['-a{*}', { kind: 'negative', of: a }],
    ['--a{*}', a],
    ['-(-a{*})', { kind: 'negative', of: { kind: 'negative', of: a } }],
    ['a{*} * -(b{*} + 0)', math(a, '*', { kind: 'negative', of: math(b, '+', number(0)) })],
    ['abs(a{*})', called('abs', a)],
    ['default_zero( a{*} ) / b{*}', math(called('default_zero', a), '/', b)],
    ['cutoff_min(a{*}, -0.1)', called('cutoff_min', a, -0.1)],
    ['timeshift(a{*}, -3600)', called('timeshift', a, -3_600)],
    ["top(a{*} by {h}, 10, 'mean', desc)", called('top', { ...a, by: ['h'] }, 10, 'mean', 'desc')],
    ['sum(a{*} by {h,i}, { h })', called('sum', { ...a, by: ['h', 'i'] }, 'h')],
    ['(a{*} / b{*}).as_count()', math({ ...a, as: 'count' }, '/', { ...b, as: 'count' })],
    ['default_zero(-a{*}).as_rate()', called('default_zero', { kind: 'negative', of: { ...a, as: 'rate' } })],
    ['(a{*} + 1).rollup(sum, 60)', called('rollup', math(a, '+', number(1)), 'sum', 60)],
    ["abs(a{*}).fill('linear')", called('fill', called('abs', a), 'linear')],
  ])('%s', (text, of) => {
    expect(read(`avg(last_5m):${text} > 9`)).toEqual({ ...plain, of })
  })

  test('may be an algorithm with named arguments', () => {
    const text = 'avg(last_4h):anomalies(sum:app.requests{*}, \'agile\', 2, direction=above, alert_window="last_15m", interval=60) >= 1'
    expect(read(text)).toMatchObject({
      of: {
        kind: 'call',
        name: 'anomalies',
        of: seriesNode,
        args: [
          { name: null, value: 'agile' },
          { name: null, value: 2 },
          { name: 'direction', value: 'above' },
          { name: 'alert_window', value: 'last_15m' },
          { name: 'interval', value: 60 },
        ],
      },
    })
  })
})

const space = 'space aggregator (avg, sum, min, max, count or a percentile such as p95)'
const window = 'window such as last_5m, last_4h, last_1d, last_1w, last_1mo or current_1d'
const comparators = 'comparator (>, >=, <, <=, ==, !=)'
const tag = ['"("', '"*"', '"NOT"', 'tag such as env:prod']
const afterSeries = ['"by"', 'arithmetic operator', comparators, 'method such as .rollup()']
describe('a syntax error says what was expected and where', () => {
  test.each<[string, number, number, string | null, readonly string[]]>([
    ['agv(last_5m):avg:x{*} > 9', 1, 1, 'a', ['"avg"', '"change"', '"count"', '"max"', '"min"', '"pct_change"', '"percentile"', '"sum"']],
    ['avg(last_5x):avg:x{*} > 9', 1, 5, 'l', [window]],
    ['avg(last_0m):avg:x{*} > 9', 1, 5, 'l', [window]],
    ['change(avg(last_5m)):avg:x{*} > 9', 1, 20, ')', ['","']],
    ['change(avg(last_5m),5m):avg:x{*} > 9', 1, 21, '5', ['shift such as last_1h or 1h_ago']],
    ['avg(last_5m) avg:x{*} > 9', 1, 14, 'a', ['":"']],
    ['avg(last_5m):mean:x{*} > 9', 1, 14, 'm', [space]],
    ['avg(last_5m):avg:x > 9', 1, 20, '>', ['"{"']],
    ['avg(last_5m):avg:x{} > 9', 1, 20, '}', tag],
    ['avg(last_5m):avg:x{a:b,} > 9', 1, 24, '}', tag],
    ['avg(last_5m):avg:x{a:b OR} > 9', 1, 26, '}', tag],
    ['avg(last_5m):avg:x{*} by host > 9', 1, 26, 'h', ['"{"']],
    ['avg(last_5m):avg:x{*}\n  by {} > 9', 2, 7, '}', ['tag key']],
    ['avg(last_5m):avg:x{*} 9', 1, 23, '9', afterSeries],
    ['avg(last_5m):avg:x{*} => 9', 1, 23, '=', afterSeries],
    ['avg(last_5m):avg:x{*} >', 1, 24, null, ['number']],
    ['avg(last_5m):avg:x{*} > 9 percent', 1, 27, 'p', ['end of query']],
    ['avg(last_5m):default_zero(avg:x{*} > 9', 1, 36, '>', ['")"', '","', '"by"', 'arithmetic operator', 'method such as .rollup()']],
    ['avg(last_5m):avg:x{*}.rolup(60) > 9', 1, 23, 'r', ['method such as .rollup()']],
    ['avg(last_5m):avg:x{*} 😀', 1, 23, '😀', afterSeries],
  ])('%s', (text, line, column, found, expected) => {
    const result = parseQuery('query alert', text)
    expect(result).toMatchObject({ ok: false, kind: 'invalid', error: { line, column, found, expected } })
    if (!result.ok) expect(result.error.message).toContain(`at line ${line}, column ${column}`)
  })

  test('the message is one sentence for people', () => {
    expect(read('avg(last_5m):avg:x{*} by host > 9')).toBe('syntax error: expected "{", but "h" stands at line 1, column 26')
  })
})
