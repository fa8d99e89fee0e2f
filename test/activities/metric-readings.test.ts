import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricReadings } from '../../activities/metric-readings.ts'
import { type SeriesSource, SourceError, type SourceQuery } from '../../activities/ports.ts'
import { utcStarts } from '../../core/monitor/spec.ts'
import type { Expression, MetricQuery } from '../../core/query/metric-nodes.ts'
import type { SeriesWorld } from '../conformance/series-source.ts'
import { type MemorySeriesSource, memorySeriesSource } from '../support/memory-series-source.ts'
import { arithmetic, call, number, over, series } from '../support/metric-query.ts'

const minute = 60_000
const hour = 60 * minute
const slot = 1_700_000_017_000

/** One value a minute up to the slot; null = none. */
function host(name: string, values: readonly (number | null)[], metric = 'cpu'): SeriesWorld[number] {
  const points = values.flatMap((value, i) => (value === null ? [] : [{ atMs: slot - (values.length - 1 - i) * minute, value }]))
  return { metric, tags: [`host:${name}`], points }
}

function question(query: Partial<SourceQuery> = {}): SourceQuery {
  return {
    type: 'query alert',
    query: '',
    slots: [slot],
    delayMs: 0,
    calendar: utcStarts,
    requireFullWindow: false,
    groupsMax: 100,
    timeoutMs: 1_000,
    ...query,
  }
}

/** Hours of UTC, which is all that is asked for here. */
function hourStart(_unit: unknown, _starts: unknown, endMs: number): number {
  return Math.floor((endMs - 1) / hour) * hour
}

function read(source: SeriesSource, parsed: MetricQuery, query: Partial<SourceQuery> = {}) {
  return metricReadings(source, question(query), parsed, hourStart)
}

async function valuesOf(world: SeriesWorld, of: Expression, minutes = 4, different: Partial<MetricQuery['over']> = {}) {
  const [reading] = await read(memorySeriesSource(world), over(minutes, of, different))
  return reading?.values
}

const byHost = { by: ['host'] }
const world: SeriesWorld = [
  host('a', [4, 4, 4, 4, 1, 2, 3, 6]),
  host('b', [null, null, null, null, 10, null, 20, null]),
  host('c', [7, 7, 7, 7, null, null, null, null]),
  host('a', [2, 2, 2, 2, 4, 4, 4, 4], 'total'),
  host('b', [1, 1, 1, 1, 0, 0, 0, 0], 'total'),
]

describe('a metric query over a source of series', () => {
  const cases: readonly (readonly [string, Expression, Readonly<Record<string, number>>])[] = [
    ['averages over space, then over time', series('cpu'), { '*': (5.5 + 2 + 11.5 + 6) / 4 }],
    ['by group, those without data absent', series('cpu', byHost), { 'host:a': 3, 'host:b': 15 }],
    ['arithmetic with a number', arithmetic(number(100), '-', series('cpu', byHost)), { 'host:a': 97, 'host:b': 85 }],
    [
      'arithmetic between groups that both sides have',
      arithmetic(series('cpu', byHost), '+', series('total', byHost)),
      { 'host:a': 7, 'host:b': 15 },
    ],
    ['division by zero is no data', arithmetic(series('cpu', byHost), '/', series('total', byHost)), { 'host:a': 0.75 }],
    ['a side without groups goes with all', arithmetic(series('cpu', byHost), '-', series('total')), { 'host:a': 1, 'host:b': 13 }],
    ['gaps as zero', call('default_zero', series('cpu', byHost)), { 'host:a': 3, 'host:b': 7.5, 'host:c': 0 }],
    ['zero where there is nothing at all', call('default_zero', series('missing')), { '*': 0 }],
    ['the same an hour before: nothing here', call('hour_before', series('cpu')), {}],
    ['the same 4 minutes before', call('timeshift', series('cpu', byHost), -240), { 'host:a': 4, 'host:c': 7 }],
    ['differences, also to the last point before the window', call('diff', series('cpu', byHost)), { 'host:a': 0.5, 'host:b': 10 }],
    ['the highest groups', call('top', series('cpu', byHost), 1, 'max', 'desc'), { 'host:b': 15 }],
    ['how many groups there are', call('count_not_null', series('cpu', byHost)), { '*': 1.5 }],
    ['groups of groups', call('sum', series('cpu', byHost)), { '*': (11 + 2 + 23 + 6) / 4 }],
  ]
  test.each(cases)('%s', async (_, of, expected) => {
    const values = await valuesOf(world, of)
    const close = Object.entries(expected).map(([group, value]) => [group, expect.closeTo(value, 9)])
    expect(values).toEqual(Object.fromEntries(close))
  })

  test.each([
    ['avg', 3],
    ['sum', 12],
    ['min', 1],
    ['max', 6],
    ['count', 4],
    [{ percentile: 50 }, 2.5],
  ] as const)('aggregates over time: %j', async (aggregator, expected) => {
    const values = await valuesOf([host('a', [1, 2, 3, 6])], series('cpu'), 4, { aggregator })
    expect(values).toEqual({ '*': expected })
  })

  test.each([
    ['change', -1],
    ['pct_change', -25],
  ] as const)('%s is the difference to before, point by point', async (kind, expected) => {
    const values = await valuesOf(world, series('cpu', byHost), 4, { change: { kind, shiftMs: 4 * minute, shiftText: 'last_4m' } })
    expect(values).toEqual({ 'host:a': expected })
  })

  test('divides sums of counts, not counts', async () => {
    const counts = [host('a', [1, 2, 3, 4], 'errors'), host('a', [10, 10, 10, 50], 'requests')]
    const of = arithmetic(series('errors', { as: 'count' }), '/', series('requests', { as: 'count' }))
    expect(await valuesOf(counts, of, 4, { aggregator: 'sum' })).toEqual({ '*': 0.125 })
  })

  test('names groups with gaps where a full window is required', async () => {
    const gaps = [host('a', [1, 1, 1, 1, 1, 1]), host('b', [1, null, null, null, null, 1]), host('c', [null, 1, 1, 1, 1, 1])]
    const answer = await read(memorySeriesSource(gaps), over(6, series('cpu', byHost)), { requireFullWindow: true })
    expect(answer).toEqual([{ slot, values: { 'host:a': 1 }, partial: ['host:b', 'host:c'] }])
  })

  test('reads data up to the slot less the delay', async () => {
    const answer = await read(memorySeriesSource(world), over(4, series('cpu', byHost)), { delayMs: 4 * minute })
    expect(answer).toEqual([{ slot, values: { 'host:a': 4, 'host:c': 7 } }])
  })

  test('says where a window of the calendar begins, and cuts its oldest bucket there', async () => {
    const begin = Math.floor(slot / hour) * hour
    const one = [
      host(
        'a',
        Array.from({ length: 60 }, (_, i) => i),
      ),
    ]
    const source = memorySeriesSource(one)
    const [reading] = await read(source, over(60, series('cpu'), { calendar: 'hour', aggregator: 'count', windowText: 'current_1h' }))
    const inside = one[0]?.points.filter(({ atMs }) => atMs > begin).length
    expect(reading).toEqual({ slot, values: { '*': inside }, windowFromMs: begin })
    expect(source.requests).toMatchObject([{ fromMs: begin, toMs: slot }])
  })
})

describe('what a source is asked', () => {
  test('one question a leaf for all slots on one grid', async () => {
    const source = memorySeriesSource(world)
    const slots = [4, 3, 2, 1, 0].map((back) => slot - back * minute)
    await read(source, over(4, arithmetic(series('cpu'), '/', series('total'))), { slots })
    expect(source.requests.map(({ series: { metric }, fromMs, toMs }) => [metric, fromMs, toMs])).toEqual([
      ['cpu', slot - 8 * minute, slot],
      ['total', slot - 8 * minute, slot],
    ])
  })

  test('a leaf that stands twice is asked for once', async () => {
    const source = memorySeriesSource(world)
    await read(
      source,
      over(4, arithmetic(call('default_zero', series('cpu', { fill: { method: 'zero', limitMs: null } })), '-', series('cpu'))),
    )
    expect(source.requests.filter(({ stepMs }) => stepMs === minute)).toHaveLength(1)
  })

  test('what lies far apart is asked for apart', async () => {
    const source = memorySeriesSource(world)
    await read(source, over(4, arithmetic(series('cpu'), '-', call('week_before', series('cpu')))))
    expect(source.requests.map(({ toMs }) => slot - toMs)).toEqual([7 * 24 * hour, 0])
  })

  test('buckets of the length that a leaf asks for', async () => {
    const source = memorySeriesSource(world)
    const [reading] = await read(source, over(4, series('cpu', { ...byHost, rollup: { method: 'max', ms: 8 * minute } })))
    expect(source.requests).toMatchObject([{ fromMs: slot - 8 * minute, stepMs: 8 * minute }])
    expect(reading?.values).toEqual({ 'host:a': 6, 'host:b': 20, 'host:c': 7 })
  })

  test('fails as its source fails', async () => {
    const answer = read(memorySeriesSource(world), over(4, arithmetic(series('cpu'), '+', series('down'))))
    await expect(answer).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('a source that answers other buckets is no source', async () => {
    const source: SeriesSource = { series: async ({ toMs }) => ({ startMs: toMs, stepMs: 1, length: 0, series: {} }) }
    await expect(read(source, over(4, series('cpu')))).rejects.toMatchObject({ code: 'bad-reply' })
  })

  test.each([
    ['a function that isn’t one', over(4, call('nonsense', series('cpu'))), 'nonsense() can’t stand here'],
    ['an algorithm within', over(4, call('abs', call('anomalies', series('cpu'), 'basic', 2))), 'anomalies() can’t stand here'],
    ['a window ahead without forecast', over(4, series('cpu'), { ahead: true, windowText: 'next_4m' }), 'next_4m looks ahead'],
    ['keys that don’t meet', over(4, arithmetic(series('a', { by: ['x'] }), '+', series('b', { by: ['y'] }))), 'can’t be joined'],
  ])('%s is a bad query', async (_, query, message) => {
    const error: unknown = await read(memorySeriesSource(world), query).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ code: 'bad-query', message: expect.stringContaining(message) })
  })
})

describe('more groups than may be', () => {
  test('are cut in the order of group keys, each slot by itself', async () => {
    const many = [host('a', [null, null, 1]), host('b', [1, 1, 1]), host('c', [1, 1, null]), host('d', [1, null, null])]
    const slots = [slot - 2 * minute, slot - minute, slot]
    const answer = await read(memorySeriesSource(many), over(1, series('cpu', byHost)), { slots, groupsMax: 2 })
    expect(answer.map(({ values }) => Object.keys(values))).toEqual([
      ['host:b', 'host:c'],
      ['host:b', 'host:c'],
      ['host:a', 'host:b'],
    ])
  })
})

const value = fc.option(fc.integer({ min: -3, max: 9 }), { freq: 3 })
const worlds = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('cpu', 'total'), fc.array(value, { minLength: 30, maxLength: 30 })),
  {
    maxLength: 6,
  },
)
const leaves = fc.record({
  metric: fc.constantFrom('cpu', 'total'),
  by: fc.constantFrom([], ['host']),
  aggregator: fc.constantFrom('avg' as const, 'sum' as const, 'max' as const, 'count' as const),
  as: fc.constantFrom(null, null, 'count' as const),
  fill: fc.constantFrom(null, null, { method: 'last' as const, limitMs: 2 * minute }, { method: 'linear' as const, limitMs: null }),
})
const unary = [
  'abs',
  'log2',
  'default_zero',
  'diff',
  'monotonic_diff',
  'per_minute',
  'ewma_3',
  'median_3',
  'cumsum',
  'trend_line',
  'autosmooth',
  'count_nonzero',
  'top5',
]
const expressions: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaves.map(({ metric, ...different }) => series(metric, different)),
    fc.tuple(fc.constantFrom(...unary), tie('expression')).map(([name, of]) => call(name, of)),
    tie('expression').map((of) => call('timeshift', of, -300)),
    tie('expression').map((of) => call('moving_rollup', of, 180, 'sum')),
    tie('expression').map((of) => call('clamp_min', of, 2)),
    fc
      .tuple(tie('expression'), fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const), tie('expression'))
      .map(([left, operator, right]) => arithmetic(left, operator, right)),
  ),
})).expression
const queries = fc.oneof(
  expressions.map((of) => over(5, of)),
  expressions.map((of) =>
    over(5, of, { aggregator: { percentile: 90 }, change: { kind: 'pct_change', shiftMs: 240_000, shiftText: 'last_4m' } }),
  ),
  leaves.map(({ metric, ...different }) =>
    over(10, call('anomalies', series(metric, different), 'basic', 1, 'alert_window=last_3m', 'interval=60')),
  ),
  leaves.map(({ metric, ...different }) => over(3, call('outliers', series(metric, { ...different, by: ['host'] }), 'mad', 1, 50))),
)

function openWorld(members: readonly (readonly [string, string, readonly (number | null)[]])[]): MemorySeriesSource {
  // The source adds up series of one group itself.
  return memorySeriesSource(members.map(([name, metric, values]) => host(name, values, metric)))
}

describe('whatever is asked', () => {
  test('a slot’s readings don’t depend on the other slots', async () => {
    // The last ones lie around the begin of the world: what is there for one slot is not yet for the next.
    const offsets = fc.array(fc.constantFrom(0, 1, 2, 3, 5, 10, 10.5, 15, 26, 28, 31, 33), { minLength: 2, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        worlds,
        queries,
        offsets,
        fc.boolean(),
        fc.constantFrom(2, 100),
        async (members, query, back, requireFullWindow, groupsMax) => {
          const slots = back.map((minutes) => slot - minutes * minute).sort((a, b) => a - b)
          const asked = { requireFullWindow, groupsMax }
          const together = await read(openWorld(members), query, { ...asked, slots })
          const alone = await Promise.all(slots.map((one) => read(openWorld(members), query, { ...asked, slots: [one] })))
          expect(together).toEqual(alone.flat())
        },
      ),
      { numRuns: 300 },
    )
  })

  test('every value is a number, and groups come sorted', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, queries, async (members, query) => {
        const [reading] = await read(openWorld(members), query)
        const groups = Object.keys(reading?.values ?? {})
        expect(groups).toEqual([...groups].sort())
        for (const number of Object.values(reading?.values ?? {})) expect(Number.isFinite(number)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
