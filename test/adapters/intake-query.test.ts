import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SourceError } from '../../activities/ports.ts'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { freePort } from '../../cli/up/port.ts'
import type { SeriesPoints } from '../../contract/series.ts'
import type { CalendarStarts } from '../../core/monitor/spec-types.ts'
import { bucketLengthMs, bucketsMax } from '../../core/query/evaluate/steps.ts'
import { parseQuery } from '../../core/query/parse.ts'
import { printQuery } from '../../core/query/print.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { intakeMetrics } from '../support/intake-metrics.ts'
import { plainSeries } from '../support/plain-series.ts'
import { referenceReadings } from '../support/reference-query.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate series, points')
})

const slot = 1_700_000_000_000
const utc: CalendarStarts = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
const question = { type: 'query alert', delayMs: 0, calendar: utc, requireFullWindow: false, groupsMax: 1_000, timeoutMs: 10_000 }

function series(tags: readonly string[], points: Readonly<Record<number, number>>, metric = 'app.load'): SeriesPoints {
  const pairs = Object.entries(points).map(([secondsBefore, value]) => ({ atMs: slot - Number(secondsBefore) * 1_000, value }))
  return { metric, tags: [...tags].sort(), kind: 'gauge', intervalS: 0, points: pairs }
}

async function ask(
  query: string,
  options: Partial<typeof question> = {},
  slots = [slot],
): Promise<readonly Readonly<Record<string, number>>[]> {
  const readings = await intakeMetrics(database.pool).query({ ...question, ...options, query, slots })
  return readings.map(({ values }) => values)
}

describe('one value per group', () => {
  beforeEach(() =>
    ingestSeries(database.pool, [
      // In the last minute: a 1 and 3; b 10. The minute before: a 5; c 100, of no host.
      series(['host:a', 'env:prod', 'canary'], { 10: 1, 20: 3, 70: 5 }),
      series(['host:b', 'env:prod'], { 30: 10 }),
      series(['env:dev', 'device:c:'], { 80: 100 }),
      series(['host:a', 'env:prod'], { 10: 1_000 }, 'app.other'),
    ]),
  )

  test.each<[string, Record<string, number>]>([
    ['avg(last_1m):avg:app.load{*}', { '*': 6 }],
    ['avg(last_1m):sum:app.load{*}', { '*': 12 }],
    ['avg(last_1m):min:app.load{*}', { '*': 2 }],
    ['avg(last_1m):max:app.load{*}', { '*': 10 }],
    ['avg(last_5m):sum:app.load{*}', { '*': (12 + 105) / 2 }],
    ['sum(last_5m):sum:app.load{*}', { '*': 117 }],
    ['min(last_5m):sum:app.load{*}', { '*': 12 }],
    ['max(last_5m):sum:app.load{*}', { '*': 105 }],
    ['count(last_5m):sum:app.load{*}', { '*': 2 }],
    ['sum(last_5m):sum:app.load{*} by {host}', { 'host:N/A': 100, 'host:a': 7, 'host:b': 10 }],
    ['sum(last_5m):sum:app.load{*} by {host,env}', { 'env:dev,host:N/A': 100, 'env:prod,host:a': 7, 'env:prod,host:b': 10 }],
    ['sum(last_5m):sum:app.load{*} by {env,host}', { 'env:dev,host:N/A': 100, 'env:prod,host:a': 7, 'env:prod,host:b': 10 }],
    ['sum(last_5m):sum:app.load{*} by {device}', { 'device:N/A': 17, 'device:c:': 100 }],
    ['sum(last_5m):sum:app.load{env:prod}', { '*': 17 }],
    ['sum(last_5m):sum:app.load{ENV:Prod,host:b}', { '*': 10 }],
    ['sum(last_5m):sum:app.load{!env:prod}', { '*': 100 }],
    ['sum(last_5m):sum:app.load{!host:a,env:*}', { '*': 110 }],
    ['sum(last_5m):sum:app.load{!host:*}', { '*': 100 }],
    ['sum(last_5m):sum:app.load{env:p*d}', { '*': 17 }],
    ['sum(last_5m):sum:app.load{env:*ro*}', { '*': 17 }],
    ['sum(last_5m):sum:app.load{env:p_od}', {}],
    ['sum(last_5m):sum:app.load{canary}', { '*': 7 }],
    ['sum(last_5m):sum:app.load{!canary}', { '*': 110 }],
    ['sum(last_5m):sum:app.load{host}', { '*': 17 }],
    ['sum(last_5m):sum:app.load{env:staging}', {}],
    ['sum(last_5m):sum:app.nothing{*} by {host}', {}],
    ['sum(last_5m):sum:App.load{*}', {}],
  ])('%s', async (query, values) => {
    expect(await ask(`${query} > 1`)).toEqual([values])
  })

  test('quotes and percent signs in a filter are text like any other', async () => {
    expect(await ask(`sum(last_5m):sum:app.load{env:pr%d,x:"'--"} > 1`)).toEqual([{}])
    expect(await ask(`sum(last_5m):sum:app.load{x:"'*';--"} > 1`)).toEqual([{}])
  })

  test('a series with several values of a key is in each of their groups', async () => {
    await ingestSeries(database.pool, [series(['team:x', 'team:y'], { 10: 1 }, 'app.shared')])
    expect(await ask('sum(last_1m):sum:app.shared{*} by {team} > 1')).toEqual([{ 'team:x': 1, 'team:y': 1 }])
  })
})

test('a point exactly at the slot counts, one exactly a window before it does not', async () => {
  await ingestSeries(database.pool, [series([], { 0: 1, 60: 10, '-1': 100 })])
  expect(await ask('sum(last_1m):sum:app.load{*} > 1')).toEqual([{ '*': 1 }])
})

test('with a delay the slot sees nothing newer than slot − delay', async () => {
  await ingestSeries(database.pool, [series([], { 10: 1, 40: 10, 80: 100 })])
  expect(await ask('sum(last_1m):sum:app.load{*} > 1', { delayMs: 30_000 })).toEqual([{ '*': 55 }])
})

test('points on both sides of midnight are one window', async () => {
  const midnight = Math.floor(slot / 86_400_000) * 86_400_000
  const seconds = (slot - midnight) / 1_000
  await ingestSeries(database.pool, [series([], { [seconds - 10]: 1, [seconds + 10]: 2 })])
  expect(await ask('max(last_5m):sum:app.load{*} > 1', {}, [midnight + 60_000])).toEqual([{ '*': 2 }])
})

describe('windows of the calendar', () => {
  // 2023-11-14, 22:13:20 in UTC, 17:13:20 in New York.
  const points = { 0: 1, 700: 10, 900: 100, 79000: 1_000, 81000: 10_000 }
  beforeEach(() => ingestSeries(database.pool, [series([], points)]))

  test.each<[string, Partial<CalendarStarts>, number]>([
    ['current_1h', {}, 11],
    ['current_1h', { hourMinute: 13 }, 1],
    ['current_1h', { hourMinute: 14 }, 111],
    ['current_1d', {}, 1_111],
    ['current_1d', { dayMinute: 22 * 60 }, 11],
    ['current_1d', { dayMinute: 23 * 60 }, 11_111],
    ['current_1d', { timezone: 'America/New_York' }, 111],
    // In buckets of three hours: what is close together is averaged.
    ['current_1mo', { monthDay: 14 }, 1_037],
    ['current_1mo', { monthDay: 13 }, 5_537],
  ])('%s, beginning at %j', async (window, starts, sum) => {
    expect(await ask(`sum(${window}):sum:app.load{*} > 1`, { calendar: { ...utc, ...starts } })).toEqual([{ '*': sum }])
  })

  test('each slot is cut at the begin of its own window, whoever else is asked for', async () => {
    const hour = slot - 800_000
    const asked = [hour, hour + 1_000, hour + 110_000, slot]
    expect(await ask('sum(current_1h):sum:app.load{*} > 1', {}, asked)).toEqual([{ '*': 100 }, {}, { '*': 10 }, { '*': 11 }])
  })

  test('each slot says where its window began, so that nothing counts as missing for longer', async () => {
    const readings = await intakeMetrics(database.pool).query({
      ...question,
      query: 'sum(current_1h):sum:app.load{*} > 1',
      slots: [slot - 800_000, slot],
    })
    expect(readings.map(({ windowFromMs }) => windowFromMs)).toEqual([slot - 4_400_000, slot - 800_000])
  })

  test('one that reaches back further than points are kept is a bad query', async () => {
    const error = await ask('sum(current_1mo):sum:app.load{*} > 1', { calendar: { ...utc, monthDay: 28 } }).catch(
      (rejected: unknown) => rejected,
    )
    expect(error).toMatchObject({ code: 'bad-query', message: 'current_1mo reaches back further than points are kept (15 days)' })
  })
})

describe('a full window', () => {
  // Ten buckets of a minute; the oldest ends nine minutes before the slot.
  const seconds = (minutes: readonly number[]) => Object.fromEntries(minutes.map((minute) => [minute * 60 + 30, 1]))
  test.each<[string, number[], boolean]>([
    ['all ten', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], true],
    ['the oldest and six others', [9, 8, 7, 6, 5, 4, 3], true],
    ['the oldest and five others', [9, 8, 7, 6, 5, 4], false],
    ['all but the oldest', [0, 1, 2, 3, 4, 5, 6, 7, 8], false],
  ])('has data in %s: %s', async (_what, minutes, full) => {
    await ingestSeries(database.pool, [series([], seconds(minutes))])
    const query = 'avg(last_10m):avg:app.load{*} > 1'
    const source = intakeMetrics(database.pool)
    expect(await source.query({ ...question, requireFullWindow: true, query, slots: [slot] })).toEqual([
      full ? { slot, values: { '*': 1 } } : { slot, values: {}, partial: ['*'] },
    ])
    expect(await ask(query)).toEqual([{ '*': 1 }])
  })
})

test.each([
  ['avg(last_1mo):avg:app.load{*} > 1', 'reaches back further than points are kept (15 days)'],
  ['formula("a").last("5m") > 1', 'a query of the kind formula is not about metrics'],
])('%s is a bad query', async (query, reason) => {
  const error = await ask(query).catch((rejected: unknown) => rejected)
  expect(error).toBeInstanceOf(SourceError)
  expect(error).toMatchObject({ code: 'bad-query', message: expect.stringContaining(reason) })
})

test('a lock that is held for too long is a timeout, and the pool goes on', async () => {
  const blocker = await database.pool.connect()
  await blocker.query('begin; lock table series in access exclusive mode')
  const error = await ask('avg(last_5m):avg:app.load{*} > 1', { timeoutMs: 200 }).catch((rejected: unknown) => rejected)
  await blocker.query('rollback')
  blocker.release()
  expect(error).toMatchObject({ name: 'SourceError', code: 'timeout' })
  expect(await ask('avg(last_5m):avg:app.load{*} > 1')).toEqual([{}])
})

test('a database that is away is unreachable', async () => {
  const away = createPool(`postgresql://tocsin:tocsin@127.0.0.1:${await freePort()}/nowhere`)
  const error = await intakeMetrics(away)
    .query({ ...question, query: 'avg(last_5m):avg:app.load{*} > 1', slots: [slot] })
    .catch((rejected: unknown) => rejected)
  await away.end()
  expect(error).toMatchObject({ name: 'StoreAwayError', code: 'unreachable' })
})

test.each([
  [1, 1],
  [5, 1],
  [60, 1],
  [240, 1],
  [300, 1],
  [301, 5],
  [1_440, 5],
  [10_080, 60],
  [43_200, 180],
])('a window of %i minutes has buckets of %i', (windowMinutes, bucketMinutes) => {
  expect(bucketLengthMs(windowMinutes * 60_000)).toBe(bucketMinutes * 60_000)
  expect(windowMinutes / bucketMinutes).toBeLessThanOrEqual(bucketsMax)
})

const hosts = ['host:a', 'host:b', 'host:c']
const tags = fc
  .tuple(fc.subarray(hosts), fc.constantFrom([], ['env:prod'], ['env:dev']), fc.constantFrom([], ['canary']))
  .map((parts) => parts.flat().sort())
const randomSeries: fc.Arbitrary<SeriesPoints> = fc.record({
  metric: fc.constantFrom('app.load', 'app.load', 'app.other'),
  tags,
  kind: fc.constant('gauge'),
  intervalS: fc.constant(10),
  points: fc.array(
    fc.record({
      atMs: fc.integer({ min: -90_000, max: 400 }).map((seconds) => slot + seconds * (seconds < -2_000 ? 1_000 : 300)),
      value: fc.integer({ min: -100, max: 100 }),
    }),
    { maxLength: 20 },
  ),
})
const randomQuery = fc
  .record({
    time: fc.constantFrom('avg', 'sum', 'min', 'max', 'count'),
    window: fc.constantFrom('last_1m', 'last_5m', 'last_7m', 'last_2h', 'last_301m', 'last_1d', 'last_2d', 'current_1h', 'current_1d'),
    space: fc.constantFrom('avg', 'sum', 'min', 'max'),
    filter: fc.constantFrom('*', 'env:prod', '!env:prod', 'host:*', '!canary', 'env:*o*,host:a', 'canary'),
    by: fc.constantFrom('', ' by {host}', ' by {host,env}', ' by {env}', ' by {region}'),
  })
  .map(({ time, window, space, filter, by }) => `${time}(${window}):${space}:app.load{${filter}}${by} > 1`)
const randomSlots = fc.record({ intervalMs: fc.constantFrom(10_000, 60_000, 600_000, 77_000), count: fc.integer({ min: 1, max: 6 }) })

test('on random series every query answers what the plain reference answers, for every slot', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(randomSeries, { maxLength: 8 }),
      randomQuery,
      randomSlots,
      fc.constantFrom(0, 45_000),
      fc.record({
        timezone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York'),
        hourMinute: fc.constantFrom(0, 13),
        dayMinute: fc.constantFrom(0, 1_330),
        monthDay: fc.constant(1),
      }),
      fc.boolean(),
      async (pushed, text, grid, delayMs, calendar, requireFullWindow) => {
        await database.pool.query('truncate series, points')
        await ingestSeries(database.pool, pushed)
        const parsed = parseQuery('query alert', text)
        if (!parsed.ok || parsed.query.kind !== 'metric') throw new Error(text)
        const query = plainSeries(parsed.query)
        if (query === null) throw new Error(text)
        const slots = Array.from({ length: grid.count }, (_, index) => slot - (grid.count - 1 - index) * grid.intervalMs)
        const asked = { ...question, delayMs, calendar, requireFullWindow, slots, query: printQuery(parsed.query) }
        const answered = await intakeMetrics(database.pool).query(asked)
        const merged = mergeSeries(pushed)
        slots.forEach((at, index) => {
          const toMs = at - delayMs
          const fromMs = query.calendar === null ? toMs - query.windowMs : windowStart(query.calendar, calendar, toMs)
          const expected = Object.entries(referenceReadings(query, merged, bucketLengthMs(query.windowMs), { fromMs, toMs }))
          const judged = expected.filter(([, { full }]) => full || !requireFullWindow)
          const partial = expected.filter(([, { full }]) => !full && requireFullWindow).map(([group]) => group)
          expect(Object.keys(answered[index]?.values ?? {})).toEqual(judged.map(([group]) => group).sort())
          expect(answered[index]?.partial ?? []).toEqual(partial.sort())
          for (const [group, { value }] of judged) expect(answered[index]?.values[group]).toBeCloseTo(value, 6)
        })
      },
    ),
    { numRuns: 150 },
  )
})

/** Series pushed twice are one, and the last value of a point wins. */
function mergeSeries(pushed: readonly SeriesPoints[]): SeriesPoints[] {
  const merged = new Map<string, SeriesPoints>()
  for (const one of pushed) {
    const name = `${one.metric} ${one.tags.join()}`
    const points = new Map([...(merged.get(name)?.points ?? []), ...one.points].map(({ atMs, value }) => [atMs, value]))
    merged.set(name, { ...one, points: [...points].map(([atMs, value]) => ({ atMs, value })) })
  }
  return [...merged.values()]
}
