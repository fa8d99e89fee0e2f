/** Against the real Prometheus, over the same data as the intake and a naive source in memory. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { metricReadings } from '../../activities/metric-readings.ts'
import type { Datasource, SeriesSource, SourceQuery } from '../../activities/ports.ts'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import { intakeSeries } from '../../adapters/datasources/intake/series.ts'
import { nameRule } from '../../adapters/datasources/prometheus/names.ts'
import { promqlDatasource } from '../../adapters/datasources/prometheus/promql.ts'
import { prometheusSeries } from '../../adapters/datasources/prometheus/series.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { functions, type Parameter } from '../../core/query/functions.ts'
import type { SeriesExpression } from '../../core/query/metric-nodes.ts'
import { parseQuery } from '../../core/query/parse.ts'
import { expectFrame } from '../conformance/series-source.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import type { Judge } from '../support/judge.ts'
import { memorySeriesSource } from '../support/memory-series-source.ts'
import { type OpenHttpSource, openHttpSource } from '../support/open-source.ts'
import { hasPrometheus, startPrometheus } from '../support/prometheus.ts'
import { counters, counts, endMs, hosts, seed, short, world } from '../support/random-world.ts'

/** Each function of the language once, with arguments that it takes. */
const calls = functions.map(({ name, family, parameters }) => {
  const args = parameters.filter(({ standard }) => standard === undefined).map(argumentOf)
  const of = [`avg:app.season{*} by {host}`, ...(family === 'space' ? ['{host}'] : []), ...args].join(', ')
  const over = name === 'forecast' ? 'max(next_1d)' : 'avg(last_4h)'
  return `${over}:${name}(${of}) ${name === 'anomalies' ? '>= 0.5' : '> 0'}`
})

function argumentOf({ name, type, choices, min, max }: Parameter): string {
  if (choices !== undefined) return `'${choices[0]}'`
  if (type === 'text') return `'-1d'`
  const wish = name === 'seconds' ? -3_600 : type === 'seconds' ? 900 : name === 'value' ? 110 : 2
  return String(Math.min(max ?? wish, Math.max(min ?? wish, wish)))
}

const minuteMs = 60_000

describe.runIf(hasPrometheus)('over the same data', () => {
  let server: Judge | undefined
  let database: TestDatabase | undefined
  let http: OpenHttpSource
  let prometheus: SeriesSource
  let intake: SeriesSource
  beforeAll(async () => {
    console.log(`prometheus: seed ${seed}`)
    server = await startPrometheus([...world, ...counters])
    http = openHttpSource({ kind: 'prometheus', config: { url: server.url } })
    prometheus = prometheusSeries(http, { names: nameRule('underscores'), scrapeMs: 15_000 })
    database = await createTestDatabase()
    await ingestSeries(
      database.pool,
      world.map((series) => ({ ...series, kind: 'gauge' as const, intervalS: 0 })),
    )
    await ingestSeries(
      database.pool,
      counts.map((series) => ({ ...series, kind: 'count' as const, intervalS: 15 })),
    )
    intake = intakeSeries(database.pool)
  }, 60_000)
  afterAll(async () => {
    await server?.close()
    await database?.drop()
  })

  const scope = fc.constantFrom<SeriesExpression['filter']>(
    { kind: 'all' },
    { kind: 'tag', key: 'host', value: 'a' },
    { kind: 'tag', key: 'env', value: 'p*' },
    { kind: 'tag', key: 'host', value: null },
    { kind: 'not', of: { kind: 'tag', key: 'env', value: 'dev' } },
    {
      kind: 'or',
      of: [
        { kind: 'tag', key: 'host', value: 'b' },
        { kind: 'tag', key: 'device', value: 'y' },
      ],
    },
    {
      kind: 'not',
      of: {
        kind: 'or',
        of: [
          { kind: 'tag', key: 'host', value: 'b' },
          { kind: 'tag', key: 'device', value: 'y' },
        ],
      },
    },
    {
      kind: 'and',
      of: [
        {
          kind: 'or',
          of: [
            { kind: 'tag', key: 'host', value: 'b' },
            { kind: 'tag', key: 'host', value: 'c' },
          ],
        },
        { kind: 'tag', key: 'device', value: 'x' },
      ],
    },
  )
  const leaf: fc.Arbitrary<SeriesExpression> = fc.record({
    kind: fc.constant('series' as const),
    aggregator: fc.constantFrom<SeriesExpression['aggregator']>(
      'avg',
      'sum',
      'min',
      'max',
      'count',
      { percentile: 50 },
      { percentile: 95 },
    ),
    metric: fc.constantFrom('app.load', 'app.free', 'app.none'),
    filter: scope,
    by: fc.constantFrom<readonly string[]>([], ['host'], ['device', 'env'], ['nothing']),
    as: fc.constant(null),
    rollup: fc.constantFrom<SeriesExpression['rollup']>(
      null,
      ...(['avg', 'sum', 'min', 'max', 'count'] as const).map((method) => ({ method, ms: null })),
    ),
    fill: fc.constant(null),
    weighted: fc.constant(false),
  })

  test('leaves have the same numbers in the intake, in Prometheus and in memory', { timeout: 120_000 }, async () => {
    const memory = memorySeriesSource(short)
    const request = fc.record({
      series: leaf,
      back: fc.nat(60),
      length: fc.integer({ min: 1, max: 40 }),
      stepMs: fc.constantFrom(60_000, 77_000, 300_000),
    })
    await fc.assert(
      fc.asyncProperty(request, fc.boolean(), async ({ series, back, length, stepMs }, cut) => {
        const toMs = endMs - back * 13_000
        const fromMs = toMs - length * stepMs + (cut ? 20_000 : 0)
        const asked = { series, fromMs, toMs, stepMs, groupsMax: 100, timeoutMs: 30_000 }
        const expected = await memory.series(asked)
        expectFrame(await prometheus.series(asked), expected)
        expectFrame(await intake.series(asked), expected)
      }),
      { seed, numRuns: 150 },
    )
  })

  /** What both can express: functions are computed by the engine over the leaves of either. */
  const queries = [
    'avg(last_5m):avg:app.load{*} > 1',
    'max(last_15m):sum:app.load{env:prod} by {host} > 1',
    'min(last_1h):p95:app.load{*} by {device} > 1',
    'avg(last_30m):avg:app.load{host:a}.rollup(max, 120) > 1',
    'sum(last_10m):sum:app.load{*} by {host} / sum:app.free{*} by {host} * 100 > 1',
    'avg(last_10m):abs(avg:app.load{*} by {host} - avg:app.free{*} by {host}) > 1',
    'avg(last_15m):diff(avg:app.load{*} by {host}) > 1',
    'avg(last_15m):per_minute(avg:app.load{*} by {host}) > 1',
    'avg(last_15m):ewma_5(avg:app.load{*} by {host}) > 1',
    "avg(last_15m):moving_rollup(avg:app.load{*} by {host}, 300, 'avg') > 1",
    'avg(last_5m):hour_before(avg:app.load{*} by {host}) > 1',
    "avg(last_5m):top(avg:app.load{*} by {host}, 2, 'max', 'desc') > 1",
    'avg(last_5m):default_zero(avg:app.none{*}) > 1',
    'avg(last_5m):clamp_max(avg:app.load{*} by {host,device}, 60) > 1',
    'change(avg(last_10m),last_30m):avg:app.load{*} by {host} > 1',
    'pct_change(avg(last_10m),last_1h):avg:app.load{*} by {env} > 1',
    'percentile(last_1h):p90:app.load{*} > 1',
    'avg(current_1h):avg:app.load{*} by {host} > 1',
    "avg(last_1h):outliers(avg:app.load{*} by {host}, 'dbscan', 2) > 0",
  ]

  test.for([...queries, ...calls])('%s has the same values in the intake and in Prometheus', async (text) => {
    const parsed = parseQuery('query alert', text)
    if (!parsed.ok) throw new Error(parsed.error.message)
    if (parsed.query.kind !== 'metric') throw new Error(parsed.query.kind)
    const question = { ...questionOf('query alert', text), slots: [0, 7, 8, 9].map((back) => endMs - (9 - back) * minuteMs) }
    const one = await metricReadings(intake, question, parsed.query, windowStart)
    const other = await metricReadings(prometheus, question, parsed.query, windowStart)
    expect(other.map(({ values }) => Object.keys(values))).toEqual(one.map(({ values }) => Object.keys(values)))
    // A month before there was nothing.
    expect(one.some(({ values }) => Object.keys(values).length > 0)).toBe(!text.includes('month_before'))
    for (const [index, { values }] of one.entries()) {
      for (const [group, value] of Object.entries(values)) expect(other[index]?.values[group], group).toBeCloseTo(value, 5)
    }
  })

  test.for([
    'sum(last_10m):sum:web.hits{*} by {host}.as_count() > 1',
    'avg(last_10m):sum:web.hits{*}.as_rate() > 1',
    'max(last_1h):sum:web.hits{*}.as_rate().rollup(sum, 600) > 1',
  ])('%s is the same within three hundredths: Prometheus guesses at the ends of a bucket', async (text) => {
    const parsed = parseQuery('query alert', text)
    if (!parsed.ok || parsed.query.kind !== 'metric') throw new Error('no metric query')
    const question = { ...questionOf('query alert', text), slots: [endMs] }
    const [one] = await metricReadings(intake, question, parsed.query, windowStart)
    const [other] = await metricReadings(prometheus, question, parsed.query, windowStart)
    const groups = Object.entries(one?.values ?? {})
    expect(groups.length).toBeGreaterThan(0)
    expect(Object.keys(other?.values ?? {})).toEqual(groups.map(([group]) => group))
    for (const [group, value] of groups) expect(Math.abs((other?.values[group] ?? 0) / value - 1), group).toBeLessThan(0.03)
  })

  describe('PromQL', () => {
    let promql: Datasource
    beforeAll(() => {
      promql = promqlDatasource(http)
    })
    const slots = [3, 2, 1, 0].map((back) => endMs - back * minuteMs)
    const ask = (query: string, more: Partial<SourceQuery> = {}) => promql.query({ ...questionOf('promql alert', query), slots, ...more })

    test('is asked without its comparison, so that all series are seen; each set of labels is a group', async () => {
      const readings = await ask('max by (host) (app_load) > 1000')
      expect(readings.map(({ values }) => Object.keys(values))).toEqual(slots.map(() => hosts.map((host) => `host:${host}`)))
      expect(readings[0]?.sent).toBe('max by (host) (app_load)')
    })

    test('answers many slots as it answers each alone, evenly spaced or not, with a delay or not', async () => {
      for (const delayMs of [0, 45_000]) {
        const together = await ask('sum by (device) (app_load) > 1', { delayMs })
        const alone = await Promise.all(slots.map((slot) => ask('sum by (device) (app_load) > 1', { slots: [slot], delayMs })))
        const uneven = await ask('sum by (device) (app_load) > 1', { slots: [slots[0] ?? 0, slots[1] ?? 0, slots[3] ?? 0], delayMs })
        expect(alone.flat()).toEqual(together)
        expect(uneven).toEqual([together[0], together[1], together[3]])
      }
    })

    test('a scalar is one group, nothing is none, and NaN is no data', async () => {
      const first = async (query: string) => (await ask(query, { slots: slots.slice(0, 1) }))[0]?.values
      expect(await first('scalar(vector(3)) > 1')).toEqual({ '*': 3 })
      expect(await first('nothing_at_all > 1')).toEqual({})
      expect(await first('vector(0) / vector(0) > 1')).toEqual({})
      expect(await first('absent(nothing_at_all)')).toEqual({ '*': 1 })
    })

    test('groups are cut in the order of their keys', async () => {
      const readings = await ask('max by (host) (app_load) > 1', { groupsMax: 2 })
      expect(Object.keys(readings[0]?.values ?? {})).toEqual(['host:a', 'host:b'])
    })

    test('what Prometheus can’t read, or answers doubly, is the query’s fault', async () => {
      await expect(ask('max by (host (app_load) > 1')).rejects.toMatchObject({ code: 'bad-query' })
      await expect(ask('app_load / ignoring(device) app_free > 1')).rejects.toMatchObject({ code: 'bad-query' })
    })

    test('1,000 monitors with 50 different queries and as many thresholds send 50 queries for one slot', async () => {
      const before = http.sent()
      const [slot = 0] = slots
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, n) => ask(`max by (host) (app_load) + ${n % 50} > ${n}`, { slots: [slot - 7_000] })),
      )
      expect(answers.every(([reading]) => Object.keys(reading?.values ?? {}).length === hosts.length)).toBe(true)
      expect(http.sent() - before).toBe(50)
    })
  })
})

function questionOf(type: string, query: string): Omit<SourceQuery, 'slots'> {
  const calendar = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
  return { type, query, delayMs: 0, calendar, requireFullWindow: false, groupsMax: 100, timeoutMs: 30_000 }
}
