import { describe, expect, test } from 'vitest'
import { checkMetric, filterTermsMax, groupKeysMax, nameCharsMax, seriesMax } from '../../../core/query/metric-check.ts'
import type { MetricQuery, Over, SeriesExpression } from '../../../core/query/metric-nodes.ts'
import { parseMetric } from '../../../core/query/metric-parse.ts'
import { parseQuery, queryCharsMax } from '../../../core/query/parse.ts'
import { andNode, overNode, seriesNode, tagNode } from '../../support/metric-queries.ts'

const plain: MetricQuery = { kind: 'metric', over: overNode, of: seriesNode, comparator: '>', threshold: 1 }

describe('nodes are checked without a text, too', () => {
  test('a sound query has no issues', () => {
    expect(checkMetric(plain)).toEqual([])
  })

  test.each<[Partial<Over>, string]>([
    [{ windowText: 'last_0m', windowMs: 0 }, 'the window last_0m is out of bounds: last_1m to last_10080m'],
    [{ windowText: 'last_745h' }, 'the window last_745h is out of bounds: last_1h to last_744h'],
    [{ windowText: 'last_32d' }, 'the window last_32d is out of bounds: last_1d to last_31d'],
    [{ windowText: 'last_5w' }, 'the window last_5w is out of bounds: last_1w to last_4w'],
    [{ windowText: 'yesterday' }, 'yesterday is not a window'],
    [{ windowMs: 60_000 }, 'last_5m is not 60000 ms'],
    [{ calendar: 'day' }, 'last_5m is not current_1d'],
    [{ change: { kind: 'change', shiftMs: 1, shiftText: 'last_1h' } }, 'last_1h is not 1 ms'],
    [{ change: { kind: 'change', shiftMs: 1, shiftText: 'ago' } }, 'ago is not a shift'],
  ])('%j', (difference, message) => {
    expect(checkMetric({ ...plain, over: { ...overNode, ...difference } })).toEqual([{ message, offset: null }])
  })

  test.each<[Partial<SeriesExpression>, string]>([
    [{ metric: 'm'.repeat(nameCharsMax + 1) }, 'a metric name has at most 200 characters'],
    [{ filter: andNode(...Array.from({ length: filterTermsMax + 1 }, () => tagNode('a', 'b'))) }, 'a filter has at most 100 terms'],
    [{ by: Array.from({ length: groupKeysMax + 1 }, (_, index) => `k${index}`) }, 'at most 20 keys to group by'],
    [{ by: ['host', 'az', 'host'] }, 'the group key host stands twice'],
    [{ aggregator: { percentile: 101 } }, 'a percentile lies above 0 and is 100 at the most'],
  ])('%j', (difference, message) => {
    expect(checkMetric({ ...plain, of: { ...seriesNode, ...difference } })).toEqual([{ message, offset: null }])
  })
})

const grouped = 'avg:x{*} by {host}'
describe('what is well formed and still wrong is invalid, with its place', () => {
  test.each([
    ['avg(last_10081m):avg:x{*} > 9', 'the window last_10081m is out of bounds: last_1m to last_10080m', 5],
    ['avg(last_2mo):avg:x{*} > 9', 'the window last_2mo is out of bounds: only last_1mo', 5],
    ['change(avg(last_5m),last_5w):avg:x{*} > 9', 'the shift last_5w is out of bounds: last_1w to last_4w', 21],
    ['avg(last_5m):avg:x{*} by {a,b,A} > 9', 'the group key a stands twice', 31],
    ['avg(last_5m):avg:x{a:b,$env} > 9', 'a monitor has no template variables: write the value instead of $env', 14],
    ['avg(last_5m):p0:x{*} by {a} > 9', 'a percentile lies above 0 and is 100 at the most', 14],
    ['avg(last_5m):avg:x{*} > 1e999', 'the threshold is too large a number', 25],
    ['avg(last_5m):1e999 * avg:x{*} > 1', 'the number is too large', 14],
    ['avg(last_5m):1 + 2 > 1', 'there is no metric in this query', 16],
    [`avg(last_5m):${Array.from({ length: seriesMax + 1 }, () => 'x{*}').join('+')} > 1`, 'a query has at most 50 series', 263],
    [
      'avg(last_5m):avg:x{*} by {a} / avg:y{*} by {b} > 1',
      'the left side of / is grouped by a and the right side by b: use the same keys, or on one side some of the other’s',
      30,
    ],
    [
      'avg(last_5m):avg:x{*} by {a,b} - avg:y{*} by {b,c} > 1',
      'the left side of - is grouped by a, b and the right side by b, c: use the same keys, or on one side some of the other’s',
      32,
    ],
    ['avg(last_5m):avg:x{*}.rollup(sum).rollup(60) > 1', '.rollup() stands twice behind one series', 34],
    ['avg(last_5m):avg:x{*}.fill(zero).fill(last) > 1', '.fill() stands twice behind one series', 33],
    ['avg(last_5m):avg:x{*}.as_count().as_rate() > 1', 'a series is either .as_count() or .as_rate()', 33],
    ['avg(last_5m):avg:x{*}.as_count(1) > 1', '.as_count() takes no arguments', 22],
    ['avg(last_5m):(avg:x{*}).abs().weighted() > 1', undefined, 0],
    ['avg(last_5m):(avg:x{*} + 1).weighted() > 1', '.weighted() stands right behind a series, as in avg:metric{*}.weighted()', 28],
    [
      'avg(last_5m):avg:x{*}.rollup(mean, 60) > 1',
      '.rollup() takes a method (avg, sum, min, max, count), seconds (1 to 2678400), or both: .rollup(sum, 60)',
      22,
    ],
    ['avg(last_5m):avg:x{*}.rollup(sum, 0.5) > 1', undefined, 0],
    [
      'avg(last_5m):avg:x{*}.fill(middle) > 1',
      '.fill() takes a method (zero, null, linear, last) and seconds that it reaches at the most: .fill(linear, 300)',
      22,
    ],
  ])('%s', (text, message, column) => {
    const result = parseMetric(text)
    expect(result.ok).toBe(false)
    if (!result.ok && message !== undefined) expect(result.error.message).toBe(`${message} (line 1, column ${column})`)
  })

  test.each([
    [`avg(last_5m):avg:x{*} > ${'9'.repeat(queryCharsMax)}`, `the query is longer than ${queryCharsMax} characters (line 1, column 20001)`],
    [`avg(last_5m):${'('.repeat(60)}avg:x{*}${')'.repeat(60)} > 9`, 'more than 50 brackets within each other (line 1, column 64)'],
    [`avg(last_5m):${'1+'.repeat(5_000)}avg:x{*} > 9`, 'the query has more than 1000 parts (line 1, column 1)'],
  ])('%#', (text, message) => {
    expect(parseQuery('query alert', text)).toMatchObject({ ok: false, kind: 'invalid', error: { message } })
  })
})

describe('functions are called as their table says', () => {
  test.each([
    ['default_sero(avg:x{*})', 'there is no function default_sero(): did you mean default_zero()?', 1],
    ['everything(avg:x{*})', 'there is no function everything()', 1],
    ['abs(avg:x{*}, 1)', 'abs(): too many arguments, it takes none but its expression', 15],
    ['clamp_min(avg:x{*})', 'clamp_min() needs value', 1],
    ["clamp_min(avg:x{*}, 'a')", 'clamp_min(): value must be a number', 21],
    ['clamp_min(avg:x{*}, 1, value=1)', 'clamp_min(): value is given twice', 24],
    ['clamp_min(avg:x{*}, bound=1)', 'clamp_min(): there is no argument bound, it takes value', 21],
    ['moving_rollup(avg:x{*}, method=max, 60)', 'moving_rollup(): arguments without a name come first', 37],
    ['moving_rollup(avg:x{*}, 0)', 'moving_rollup(): interval must be a whole number between 1 and 2678400', 25],
    ['timeshift(avg:x{*}, 60)', 'timeshift(): seconds must be a whole number between -31536000 and 0', 21],
    ["fill(avg:x{*}, 'middle')", 'fill(): method must be one of zero, null, linear, last', 16],
    [`top(avg:x{*}, 10)`, 'top() compares groups: its expression needs some, as in avg:metric{*} by {host}', 1],
    [`top(${grouped}, 1000)`, 'top(): limit must be a whole number between 1 and 100', 25],
    ['count_nonzero(avg:x{*})', 'count_nonzero() compares groups: its expression needs some, as in avg:metric{*} by {host}', 1],
    ['count_nonzero(avg:x{*} by {a}, {a})', 'count_nonzero(): too many arguments, it takes none but its expression', 32],
    [`sum(${grouped}, {az})`, 'sum(): the expression is grouped by host, not by az', 25],
    [`sum(${grouped}, by=host)`, 'sum() takes keys, as in sum(q, {host})', 25],
    [`sum(${grouped}) / ${grouped.replace('host', 'az')}`, undefined, 0],
    [`abs(outliers(${grouped}, 'MAD', 3))`, 'outliers() must be the outermost function: nothing can be computed with its result', 5],
    [`outliers(${grouped}, 'MAD', 3) + 1`, 'outliers() must be the outermost function: nothing can be computed with its result', 1],
    [`outliers(avg:x{*}, 'mad', 3)`, 'outliers() compares groups: its expression needs some, as in avg:metric{*} by {host}', 1],
    [`outliers(${grouped}, 'best', 3)`, 'outliers(): algorithm must be one of dbscan, mad, scaleddbscan, scaledmad', 30],
    [`outliers(${grouped}, 'scaledDBSCAN', 3, 50)`, undefined, 0],
    ["anomalies(avg:x{*}, 'basic')", 'anomalies() needs deviations', 1],
    [
      "anomalies(avg:x{*}, 'basic', 2, alert_window='soon')",
      'anomalies(): alert_window must be a number of seconds, or a text such as 30m, 1w or last_15m',
      33,
    ],
    ["anomalies(avg:x{*}, 'basic', 2, count_default_zero='maybe')", 'anomalies(): count_default_zero must be true or false', 33],
    ["anomalies(avg:x{*}, 'basic', 2, seasonality='daily', timezone='Europe/Paris')", undefined, 0],
    ["forecast(avg:x{*}, 'linear', 1)", 'forecast() needs a window ahead, such as max(next_1w)', 1],
  ])('%s', (expression, message, column) => {
    const result = parseMetric(`avg(last_5m):${expression} > 0.5`)
    if (message === undefined) expect(result).toMatchObject({ ok: true })
    else expect(result).toMatchObject({ error: { message: `${message} (line 1, column ${column + 13})` } })
  })

  test.each([
    ['max(next_1w):avg:x{*} > 1', 'next_1w looks ahead: only forecast() can'],
    ["max(next_13mo):forecast(avg:x{*}, 'linear', 1) > 1", 'the window next_13mo is out of bounds: next_1mo to next_12mo'],
    ["change(max(next_1w),last_1h):forecast(avg:x{*}, 'linear', 1) > 1", 'change() can’t be used with forecast()'],
    [
      "avg(last_4h):anomalies(avg:x{*}, 'basic', 2) > 3",
      'anomalies() gives values between 0 and 1: compare it with > or >= and such a number',
    ],
    [
      "avg(last_4h):anomalies(avg:x{*}, 'basic', 2) < 1",
      'anomalies() gives values between 0 and 1: compare it with > or >= and such a number',
    ],
    ['percentile(last_5m):avg:x{*} > 1', 'percentile() needs series with a percentile, as in percentile(last_5m):p95:metric{*}'],
    [
      'percentile(last_5m):p95:x{*} / p50:x{*} > 1',
      'percentile() needs the same percentile in all series, as in percentile(last_5m):p95:metric{*}',
    ],
  ])('%s', (text, message) => {
    const result = parseMetric(text)
    expect(result).toMatchObject({ error: { message: expect.stringContaining(message) } })
  })
})
