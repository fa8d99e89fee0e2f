import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { maintainIntake } from '../../adapters/postgres/queries/retention.ts'
import { retentionDays, type SeriesPoints } from '../../contract/series.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('select drop_points_before(1000000)')
  await database.pool.query('truncate series')
})

const dayMs = 86_400_000
const nowMs = 1_700_000_000_000
const today = Math.floor(nowMs / dayMs)

function load(host: string, points: readonly (readonly [number, number])[], more: Partial<SeriesPoints> = {}): SeriesPoints {
  const pairs = points.map(([atMs, value]) => ({ atMs, value }))
  return { metric: 'app.load', tags: [`host:${host}`], kind: 'gauge', intervalS: 10, points: pairs, ...more }
}

async function stored(): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ line: string }>(
    "select concat_ws(' ', metric, array_to_string(tags, ','), at_ms, value) as line from points join series on id = series_id",
  )
  return rows.map((row) => row.line).sort()
}

async function days(): Promise<readonly number[]> {
  const { rows } = await database.pool.query<{ day: number }>('select day from points_days() as day order by day')
  return rows.map((row) => row.day)
}

test('a batch that comes twice is stored once', async () => {
  const batch = [
    load('a', [
      [nowMs, 1],
      [nowMs + 1_000, 2],
    ]),
    load('b', [[nowMs, 3]]),
  ]
  expect(await ingestSeries(database.pool, batch)).toEqual({ accepted: 3 })
  expect(await ingestSeries(database.pool, batch)).toEqual({ accepted: 3 })
  expect(await stored()).toEqual([`app.load host:a ${nowMs} 1`, `app.load host:a ${nowMs + 1_000} 2`, `app.load host:b ${nowMs} 3`])
})

test('the last value of a point wins, within a batch and over batches', async () => {
  await ingestSeries(database.pool, [
    load('a', [
      [nowMs, 1],
      [nowMs, 2],
    ]),
    load('a', [[nowMs, 3]]),
  ])
  expect(await stored()).toEqual([`app.load host:a ${nowMs} 3`])
  await ingestSeries(database.pool, [load('a', [[nowMs, 4]])])
  expect(await stored()).toEqual([`app.load host:a ${nowMs} 4`])
})

test('an empty batch and series without points store nothing', async () => {
  expect(await ingestSeries(database.pool, [])).toEqual({ accepted: 0 })
  expect(await ingestSeries(database.pool, [load('a', [])])).toEqual({ accepted: 0 })
  expect(await days()).toEqual([])
})

test('series differ by metric and tags, not by kind and interval, which are as last pushed', async () => {
  await ingestSeries(database.pool, [load('a', [[nowMs, 1]])])
  await ingestSeries(database.pool, [load('a', [[nowMs, 2]], { kind: 'count', intervalS: 60 }), load('a', [[nowMs, 9]], { tags: [] })])
  const { rows } = await database.pool.query('select tags, kind, interval_s from series order by tags')
  expect(rows).toEqual([
    { tags: [], kind: 'gauge', interval_s: 10 },
    { tags: ['host:a'], kind: 'count', interval_s: 60 },
  ])
})

test('each day has a partition of its own, made by the first point of it', async () => {
  await ingestSeries(database.pool, [
    load('a', [
      [nowMs, 1],
      [nowMs - dayMs, 2],
      [nowMs + dayMs, 3],
    ]),
  ])
  expect(await days()).toEqual([today - 1, today, today + 1])
  expect(await stored()).toHaveLength(3)
})

test('many processes may push the same series, points and new days at once', async () => {
  const batch = Array.from({ length: 50 }, (_, index) =>
    load(`h${index}`, [
      [nowMs, index],
      [nowMs + dayMs, index],
    ]),
  )
  const rounds = Array.from({ length: 8 }, (_, round) => (round % 2 === 0 ? batch : batch.toReversed()))
  await Promise.all([...rounds.map((round) => ingestSeries(database.pool, round)), maintainIntake(database.pool, nowMs)])
  expect(await stored()).toHaveLength(100)
  expect((await database.pool.query('select 1 from series')).rowCount).toBe(50)
})

test('a batch that PostgreSQL refuses leaves nothing behind', async () => {
  const bad = load('b', [[nowMs, 1]], { intervalS: 2 ** 40 })
  await expect(ingestSeries(database.pool, [load('a', [[nowMs, 1]]), bad])).rejects.toThrow('out of range')
  expect(await stored()).toEqual([])
  expect((await database.pool.query('select 1 from series')).rowCount).toBe(0)
})

test('upkeep makes the coming days and drops what is past retention, whole series too', async () => {
  const oldMs = nowMs - (retentionDays + 1) * dayMs
  const keptMs = nowMs - retentionDays * dayMs
  await ingestSeries(database.pool, [
    load('gone', [[oldMs, 1]]),
    load('kept', [
      [oldMs, 1],
      [keptMs, 2],
    ]),
    load('new', [[nowMs, 3]]),
  ])
  expect(await maintainIntake(database.pool, nowMs)).toEqual({ daysDropped: 1, seriesDropped: 1 })
  expect(await days()).toEqual([today - retentionDays, today, today + 1, today + 2, today + 3])
  expect(await stored()).toEqual([`app.load host:kept ${keptMs} 2`, `app.load host:new ${nowMs} 3`])
  expect(await maintainIntake(database.pool, nowMs)).toEqual({ daysDropped: 0, seriesDropped: 0 })
})

test('20,000 points of 2,000 series are stored in about a second', async () => {
  const batch = Array.from({ length: 2_000 }, (_, index) =>
    load(
      `h${index}`,
      Array.from({ length: 10 }, (_, point) => [nowMs + point * 10_000, point] as const),
      {
        tags: ['env:prod', `host:h${index}`, 'region:eu', 'service:web'],
      },
    ),
  )
  const startedAt = performance.now()
  await ingestSeries(database.pool, batch)
  const firstMs = performance.now() - startedAt
  await ingestSeries(
    database.pool,
    batch.map((one) => ({ ...one, points: one.points.map(({ atMs, value }) => ({ atMs: atMs + 3_600_000, value })) })),
  )
  const secondMs = performance.now() - startedAt - firstMs
  console.log(`20,000 points: ${firstMs.toFixed(0)} ms with new series, ${secondMs.toFixed(0)} ms with known ones`)
  // A loaded machine may take several times as long; ten times means that something is wrong.
  expect(secondMs).toBeLessThan(10_000)
})
