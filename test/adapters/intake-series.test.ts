import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeriesRequest } from '../../activities/ports.ts'
import { intakeSeries } from '../../adapters/datasources/intake/series.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import type { SeriesKind, SeriesPoints } from '../../contract/series.ts'
import type { SeriesExpression } from '../../core/query/metric-nodes.ts'
import { expectFrame, type SeriesWorld, seriesSourceConformance, worldEndMs } from '../conformance/series-source.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { memorySeriesSource } from '../support/memory-series-source.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

async function push(world: SeriesWorld, kind: SeriesKind = 'gauge', intervalS = 0): Promise<void> {
  await database.pool.query('truncate series, points')
  await ingestSeries(
    database.pool,
    world.map((one): SeriesPoints => ({ ...one, tags: [...one.tags].sort(), kind, intervalS })),
  )
}

seriesSourceConformance('the intake', async (world) => {
  await push(world)
  return intakeSeries(database.pool)
})

const leaf: SeriesExpression = {
  kind: 'series',
  aggregator: 'sum',
  metric: 'web.hits',
  filter: { kind: 'all' },
  by: [],
  as: null,
  rollup: null,
  fill: null,
  weighted: false,
}
const request: SeriesRequest = {
  series: leaf,
  fromMs: worldEndMs - 90_000,
  toMs: worldEndMs,
  stepMs: 60_000,
  groupsMax: 100,
  timeoutMs: 10_000,
}

describe('counts and rates, by what the client said they are', () => {
  // In the newest bucket of a minute three points; in the oldest, which is cut to half a minute, two.
  const hits = [30, 20, 10].map((value, index) => ({ atMs: worldEndMs - index * 10_000, value }))
  const older = [6, 3].map((value, index) => ({ atMs: worldEndMs - 60_000 - index * 10_000, value }))
  const world = [{ metric: 'web.hits', tags: [], points: [...hits, ...older] }]

  test.each<[SeriesKind, Partial<SeriesExpression>, [number, number]]>([
    ['count', {}, [4.5, 20]],
    ['count', { as: 'count' }, [9, 60]],
    ['count', { as: 'rate' }, [9 / 30, 1]],
    ['count', { as: 'count', rollup: { method: 'max', ms: null } }, [6, 30]],
    ['count', { as: 'rate', rollup: { method: 'max', ms: null } }, [0.6, 3]],
    ['rate', {}, [4.5, 20]],
    ['rate', { as: 'count' }, [90, 600]],
    ['rate', { as: 'rate' }, [3, 10]],
    ['rate', { as: 'rate', rollup: { method: 'avg', ms: null } }, [4.5, 20]],
    ['gauge', { as: 'count' }, [4.5, 20]],
    ['gauge', { as: 'rate' }, [4.5, 20]],
    ['unspecified', { as: 'rate' }, [4.5, 20]],
  ])('%s %j', async (kind, series, [oldest, newest]) => {
    await push(world, kind, 10)
    const { series: answer } = await intakeSeries(database.pool).series({ ...request, series: { ...leaf, ...series } })
    expect(answer['*']).toEqual([expect.closeTo(oldest, 9), expect.closeTo(newest, 9)])
  })
})

test('weighted averages count a series by the points it has', async () => {
  await push([
    { metric: 'web.hits', tags: ['host:a'], points: [0, 10, 20].map((back) => ({ atMs: worldEndMs - back * 1_000, value: 1 })) },
    { metric: 'web.hits', tags: ['host:b'], points: [{ atMs: worldEndMs, value: 5 }] },
  ])
  const ask = (weighted: boolean) => intakeSeries(database.pool).series({ ...request, series: { ...leaf, aggregator: 'avg', weighted } })
  expect((await ask(false)).series['*']).toEqual([null, 3])
  expect((await ask(true)).series['*']).toEqual([null, 2])
})

test('filters are text and find tags as they are stored', async () => {
  await push([{ metric: 'web.hits', tags: ['path:/a_b%', 'canary'], points: [{ atMs: worldEndMs, value: 1 }] }])
  const found = async (key: string, value: string | null) =>
    Object.keys((await intakeSeries(database.pool).series({ ...request, series: { ...leaf, filter: { kind: 'tag', key, value } } })).series)
  expect(await found('canary', null)).toEqual(['*'])
  expect(await found('Path', '/A B*')).toEqual(['*'])
  expect(await found('path', null)).toEqual(['*'])
  expect(await found('pat*', '*')).toEqual(['*'])
  expect(await found('path', '/axb%')).toEqual([])
  expect(await found("'", "'; drop table points --")).toEqual([])
})

const tagList = fc
  .tuple(
    fc.subarray(['host:a', 'host:b', 'host:c']).filter((hosts) => hosts.length < 2),
    fc.constantFrom([], ['env:prod'], ['env:dev']),
  )
  .map((parts) => parts.flat())
const world = fc.uniqueArray(
  fc.record({
    metric: fc.constantFrom('web.hits', 'web.hits', 'other'),
    tags: tagList,
    points: fc.uniqueArray(
      fc.record({
        atMs: fc.integer({ min: -1_200, max: 60 }).map((s) => worldEndMs + s * 1_000),
        value: fc.integer({ min: -50, max: 50 }),
      }),
      { maxLength: 30, selector: ({ atMs }) => atMs },
    ),
  }),
  { maxLength: 8, selector: ({ metric, tags }) => `${metric} ${tags.join()}` },
)
const scope = fc.constantFrom<SeriesExpression['filter']>(
  { kind: 'all' },
  { kind: 'tag', key: 'env', value: 'p*' },
  { kind: 'not', of: { kind: 'tag', key: 'host', value: null } },
  {
    kind: 'or',
    of: [
      { kind: 'tag', key: 'host', value: 'a' },
      { kind: 'not', of: { kind: 'tag', key: 'env', value: 'prod' } },
    ],
  },
)
const random = fc.record({
  series: fc.record({
    aggregator: fc.constantFrom<SeriesExpression['aggregator']>(
      'avg',
      'sum',
      'min',
      'max',
      'count',
      { percentile: 95 },
      { percentile: 99.9 },
    ),
    filter: scope,
    by: fc.constantFrom<string[]>([], ['host'], ['host', 'env'], ['region']),
    rollup: fc.constantFrom<SeriesExpression['rollup']>(
      null,
      { method: 'sum', ms: null },
      { method: 'max', ms: null },
      { method: 'count', ms: null },
    ),
  }),
  toMs: fc.constantFrom(worldEndMs, worldEndMs - 77_000),
  length: fc.constantFrom(60_000, 300_000, 1_000_000),
  stepMs: fc.constantFrom(60_000, 90_000, 300_000),
})

test('on random data it answers what the plain source in memory answers', async () => {
  await fc.assert(
    fc.asyncProperty(world, random, async (pushed, { series, toMs, length, stepMs }) => {
      await push(pushed)
      const asked = { ...request, series: { ...leaf, ...series }, toMs, fromMs: toMs - length, stepMs }
      const [actual, expected] = await Promise.all([intakeSeries(database.pool).series(asked), memorySeriesSource(pushed).series(asked)])
      expectFrame(actual, expected)
    }),
    { numRuns: 100 },
  )
})
