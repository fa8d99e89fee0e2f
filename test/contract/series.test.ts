import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSeries } from '../../contract/series.ts'
import { normaliseMetric, normaliseTags } from '../../contract/tags.ts'

const nowMs = 1_700_000_000_000
const nowS = nowMs / 1_000
const one = { metric: 'app.load', points: [{ timestamp: nowS, value: 1.5 }] }
const parsed = { metric: 'app.load', tags: [], kind: 'unspecified', intervalS: 0, points: [{ atMs: nowMs, value: 1.5 }] }

describe('a series in Datadog’s shape becomes ours', () => {
  test.each<[string, object, object]>([
    ['the least of it', {}, {}],
    ['a type by number', { type: 3 }, { kind: 'gauge' }],
    ['a type by name', { type: 'count', interval: 10 }, { kind: 'count', intervalS: 10 }],
    ['a host', { resources: [{ type: 'host', name: 'Web-1' }] }, { tags: ['host:web-1'] }],
    ['another resource', { resources: [{ type: 'device', name: 'sda1' }] }, { tags: ['device:sda1'] }],
    ['tags in any order, twice', { tags: ['b:2', ' A:1 ', 'b:2', ''] }, { tags: ['a:1', 'b:2'] }],
    ['signs that no tag has', { tags: ['path:/a b,c{*}', 'mail:a@b'] }, { tags: ['mail:a_b', 'path:/a_b_c___'] }],
    ['letters of any script', { tags: ['stadt:Köln'] }, { tags: ['stadt:köln'] }],
    ['a metric with other signs', { metric: 'app-load/1m' }, { metric: 'app_load_1m' }],
    ['fields that we have no use for', { unit: 'byte', source_type_name: 'System', metadata: { origin: { product: 1 } } }, {}],
    ['absent fields as null', { interval: null, unit: null, resources: null, tags: null, metadata: null }, {}],
    ['a fraction of a second', { points: [{ timestamp: nowS - 0.5, value: 1 }] }, { points: [{ atMs: nowMs - 500, value: 1 }] }],
    ['ten minutes ahead', { points: [{ timestamp: nowS + 600, value: 1 }] }, { points: [{ atMs: nowMs + 600_000, value: 1 }] }],
  ])('%s', (_name, more, expected) => {
    expect(parseSeries({ series: [{ ...one, ...more }] }, nowMs)).toEqual({ ok: true, series: [{ ...parsed, ...expected }] })
  })
})

const points = (count: number) => Array.from({ length: count }, () => one.points[0])
describe('what can’t be stored is refused whole, with its place', () => {
  test.each<[string, unknown, string]>([
    ['no body', undefined, 'body: missing: give an object'],
    ['no series', {}, 'series: missing: give a list'],
    ['an empty list', { series: [] }, 'series: must not be empty'],
    ['too many series', { series: Array.from({ length: 10_001 }, () => one) }, 'series: must have at most 10000 entries'],
    ['too many points in one', { series: [{ ...one, points: points(8_641) }] }, 'series.0.points: must have at most 8640 entries'],
    [
      'too many points in all',
      { series: Array.from({ length: 6 }, () => ({ ...one, points: points(8_600) })) },
      'series: 51600 points, at most 50000 in one request',
    ],
    ['no points', { series: [{ ...one, points: [] }] }, 'series.0.points: must not be empty'],
    ['points of the older shape', { series: [one, { ...one, points: [[nowS, 1]] }] }, 'series.1.points.0: expected an object, not a list'],
    [
      'a value that is no number',
      { series: [{ ...one, points: [{ timestamp: nowS, value: '1' }] }] },
      'series.0.points.0.value: expected a number, not a text',
    ],
    ['an unknown field', { series: [{ ...one, hots: 'a' }] }, "unknown field 'hots' in series.0"],
    ['an unknown type', { series: [{ ...one, type: 4 }] }, 'series.0.type: expected 0 to 3, or unspecified, count, rate or gauge'],
    [
      'a metric without a letter',
      { series: [one, { ...one, metric: '1m' }] },
      'series.1.metric: a metric name begins with a letter (A to Z)',
    ],
    ['a long metric', { series: [{ ...one, metric: 'm'.repeat(201) }] }, 'series.0.metric: a metric name has at most 200 characters'],
    [
      'a long tag',
      { series: [{ ...one, tags: [`t:${'x'.repeat(199)}`] }] },
      `series.0.tags: "t:${'x'.repeat(38)}…" has more than 200 characters`,
    ],
    [
      'too many tags',
      { series: [{ ...one, tags: Array.from({ length: 101 }, (_, i) => `t:${i}`) }] },
      'series.0.tags: must have at most 100 entries',
    ],
    [
      'the future',
      { series: [{ ...one, points: [...one.points, { timestamp: nowS + 601, value: 1 }] }] },
      'series.0.points.1.timestamp: more than 10 minutes in the future (expected seconds since 1970)',
    ],
    [
      'milliseconds',
      { series: [{ ...one, points: [{ timestamp: nowMs, value: 1 }] }] },
      'series.0.points.0.timestamp: more than 10 minutes in the future (expected seconds since 1970)',
    ],
    [
      'a time past retention',
      { series: [{ ...one, points: [{ timestamp: nowS - 15 * 86_400 - 1, value: 1 }] }] },
      'series.0.points.0.timestamp: older than 15 days, which is how long points are kept (expected seconds since 1970)',
    ],
    [
      'a time before time',
      { series: [{ ...one, points: [{ timestamp: -1e300, value: 1 }] }] },
      'series.0.points.0.timestamp: older than 15 days, which is how long points are kept (expected seconds since 1970)',
    ],
  ])('%s', (_name, body, error) => {
    expect(parseSeries(body, nowMs)).toEqual({ ok: false, errors: [error] })
  })

  test('many mistakes are told in a bounded number of sentences', () => {
    const result = parseSeries({ series: Array.from({ length: 100 }, () => ({ ...one, metric: '1' })) }, nowMs)
    expect(result.ok || result.errors.length).toBe(20)
  })
})

test('no body makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (body, series) => {
      expect(typeof parseSeries(body, nowMs).ok).toBe('boolean')
      expect(parseSeries({ series: [series] }, nowMs).ok).toBe(false)
    }),
  )
})

test('a normalised tag is normal, sorted, and holds nothing that a query or a group key would trip over', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 50 })), (texts) => {
      const result = normaliseTags(texts)
      if (!result.ok) return
      expect(normaliseTags(result.tags)).toEqual(result)
      for (const tag of result.tags) expect(tag).not.toMatch(/[,\\{}()"*!\s]|\p{Cc}/u)
    }),
  )
})

test('a normalised metric name is normal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const result = normaliseMetric(text)
      if (result.ok) expect(normaliseMetric(result.metric)).toEqual(result)
    }),
  )
})
