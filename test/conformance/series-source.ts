import { describe, expect, test } from 'vitest'
import type { SeriesRequest, SeriesSource } from '../../activities/ports.ts'
import { type Frame, frameOf } from '../../core/query/frame.ts'
import type { Rollup, SeriesExpression } from '../../core/query/metric-nodes.ts'

/** Raw series of gauges, as a client would push them. Each key of `tags` has one value. */
export type SeriesWorld = readonly Readonly<{
  metric: string
  tags: readonly string[]
  points: readonly Readonly<{ atMs: number; value: number }>[]
}>[]

/** Where the world ends; off every round time. */
export const worldEndMs = 1_700_000_017_000
const minuteMs = 60_000

/** Values at the ends of buckets of a minute, the last of them at the world's end; null = no point there. */
function pointsAt(values: readonly (number | null)[]): { atMs: number; value: number }[] {
  return values.flatMap((value, index) => (value === null ? [] : [{ atMs: worldEndMs - (values.length - 1 - index) * minuteMs, value }]))
}

const world: SeriesWorld = [
  { metric: 'disk.used', tags: ['host:a', 'env:prod', 'device:sda'], points: pointsAt([1, 2, 3, 4]) },
  { metric: 'disk.used', tags: ['host:a', 'env:prod', 'device:sdb'], points: pointsAt([3, null, 5, 0]) },
  { metric: 'disk.used', tags: ['host:b', 'env:prod', 'device:sda'], points: pointsAt([null, null, -1.5, 8]) },
  { metric: 'disk.used', tags: ['host:c', 'env:dev', 'device:sda'], points: pointsAt([7, null, null, null]) },
  { metric: 'disk.used', tags: ['env:prod', 'device:sdc'], points: pointsAt([null, 9, null, null]) },
  { metric: 'disk.free', tags: ['host:a', 'env:prod'], points: pointsAt([100, 100, 100, 100]) },
]

const used: SeriesExpression = {
  kind: 'series',
  aggregator: 'avg',
  metric: 'disk.used',
  filter: { kind: 'all' },
  by: [],
  as: null,
  rollup: null,
  fill: null,
  weighted: false,
}

const tag = (key: string, value: string | null) => ({ kind: 'tag', key, value }) as const

/** A leaf over the four minutes of the world in buckets of one, and what it answers. */
const cases: readonly (readonly [string, Partial<SeriesExpression>, Frame['series']])[] = [
  ['averages what isn’t grouped', {}, { '*': [11 / 3, 5.5, 6.5 / 3, 4] }],
  [
    'groups, with N/A where a series has no such tag',
    { by: ['host'], aggregator: 'max' },
    { 'host:N/A': [null, 9, null, null], 'host:a': [3, 2, 5, 4], 'host:b': [null, null, -1.5, 8], 'host:c': [7, null, null, null] },
  ],
  [
    'groups by several keys under their sorted names',
    { by: ['host', 'device'], filter: tag('host', 'a') },
    { 'device:sda,host:a': [1, 2, 3, 4], 'device:sdb,host:a': [3, null, 5, 0] },
  ],
  ['sums', { aggregator: 'sum', filter: tag('host', 'a') }, { '*': [4, 2, 8, 4] }],
  ['takes the least', { aggregator: 'min', filter: tag('host', 'a') }, { '*': [1, 2, 3, 0] }],
  ['takes the most', { aggregator: 'max', filter: tag('host', 'a') }, { '*': [3, 2, 5, 4] }],
  ['takes a percentile', { aggregator: { percentile: 50 }, filter: tag('host', 'a') }, { '*': [2, 2, 4, 2] }],
  ['filters by a tag', { filter: tag('env', 'dev') }, { '*': [7, null, null, null] }],
  ['filters by part of a value', { aggregator: 'sum', filter: tag('device', 'sd*') }, { '*': [11, 11, 6.5, 12] }],
  ['filters by what isn’t', { aggregator: 'sum', filter: { kind: 'not', of: tag('host', 'a') } }, { '*': [7, 9, -1.5, 8] }],
  [
    'filters by one of several',
    { by: ['host'], aggregator: 'sum', filter: { kind: 'or', of: [tag('host', 'b'), tag('host', 'c')] } },
    { 'host:b': [null, null, -1.5, 8], 'host:c': [7, null, null, null] },
  ],
  [
    'filters by all of several',
    { aggregator: 'sum', filter: { kind: 'and', of: [tag('env', 'prod'), { kind: 'not', of: tag('device', 'sdb') }] } },
    { '*': [1, 11, 1.5, 12] },
  ],
  ['knows no metric that isn’t there', { metric: 'disk.missing' }, {}],
  ['knows no group that doesn’t match', { by: ['host'], filter: tag('host', 'z') }, {}],
]

/** One group over four minutes in one bucket. */
const rollups: readonly (readonly [string, Rollup | null, number])[] = [
  ['their average where nothing is said', null, 2.5],
  ['avg', { method: 'avg', ms: null }, 2.5],
  ['sum', { method: 'sum', ms: null }, 10],
  ['min', { method: 'min', ms: null }, 1],
  ['max', { method: 'max', ms: null }, 4],
  ['count', { method: 'count', ms: null }, 4],
]

/** What every SeriesSource promises. `open` makes one that sees the world; nothing else was ever pushed. */
export function seriesSourceConformance(name: string, open: (world: SeriesWorld) => Promise<SeriesSource>): void {
  const ask = async (series: Partial<SeriesExpression>, request: Partial<SeriesRequest> = {}): Promise<Frame> => {
    const source = await open(world)
    return source.series({
      series: { ...used, ...series },
      fromMs: worldEndMs - 4 * minuteMs,
      toMs: worldEndMs,
      stepMs: minuteMs,
      groupsMax: 100,
      timeoutMs: 30_000,
      ...request,
    })
  }

  describe(`${name} as a source of series`, () => {
    test.each(cases)('%s', async (_, series, expected) => {
      expectFrame(await ask(series), frameOf({ toMs: worldEndMs, stepMs: minuteMs, length: 4 }, expected))
    })

    test.each(rollups)('makes one value of the points of a bucket: %s', async (_, rollup, value) => {
      const answer = await ask({ rollup, filter: { kind: 'and', of: [tag('host', 'a'), tag('device', 'sda')] } }, { stepMs: 4 * minuteMs })
      expectFrame(answer, frameOf({ toMs: worldEndMs, stepMs: 4 * minuteMs, length: 1 }, { '*': [value] }))
    })

    test('makes one value of each series before the series of a group become one', async () => {
      const answer = await ask({ aggregator: 'sum', filter: tag('host', 'a') }, { stepMs: 2 * minuteMs })
      expectFrame(answer, frameOf({ toMs: worldEndMs, stepMs: 2 * minuteMs, length: 2 }, { '*': [1.5 + 3, 3.5 + 2.5] }))
    })

    test('cuts the oldest bucket short where buckets don’t fill the time', async () => {
      const answer = await ask({ filter: tag('device', 'sdb') }, { fromMs: worldEndMs - 3 * minuteMs, stepMs: 2 * minuteMs })
      // The point at fromMs lies before it.
      expectFrame(answer, frameOf({ toMs: worldEndMs, stepMs: 2 * minuteMs, length: 2 }, { '*': [null, 2.5] }))
    })

    test('answers a time in the past as it answered it then', async () => {
      const answer = await ask({ by: ['host'], filter: tag('env', 'prod') }, { toMs: worldEndMs - 2 * minuteMs })
      const span = { toMs: worldEndMs - 2 * minuteMs, stepMs: minuteMs, length: 2 }
      expectFrame(answer, frameOf(span, { 'host:N/A': [null, 9], 'host:a': [2, 2] }))
    })

    test('answers a time without data without groups', async () => {
      const day = 86_400_000
      const answer = await ask({}, { fromMs: worldEndMs - 2 * day, toMs: worldEndMs - day, stepMs: day / 2 })
      expectFrame(answer, frameOf({ toMs: worldEndMs - day, stepMs: day / 2, length: 2 }, {}))
    })

    test('cuts at groupsMax in the order of group keys', async () => {
      const answer = await ask({ by: ['device'] }, { groupsMax: 2 })
      expect(Object.keys(answer.series).sort()).toEqual(['device:sda', 'device:sdb'])
    })
  })
}

/** Equal to a millionth: sources add numbers in orders of their own. */
export function expectFrame(actual: Frame, expected: Frame): void {
  const { series, ...grid } = actual
  const { series: expectedSeries, ...expectedGrid } = expected
  expect(grid).toEqual(expectedGrid)
  expect(Object.keys(series).sort()).toEqual(Object.keys(expectedSeries).sort())
  for (const [group, values] of Object.entries(expectedSeries)) {
    expect(series[group], group).toEqual(values.map((value) => (value === null ? null : expect.closeTo(value, 6))))
  }
}
