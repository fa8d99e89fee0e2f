import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkReadings } from '../../adapters/datasources/intake/checks.ts'
import { heartbeatReadings } from '../../adapters/datasources/intake/heartbeats.ts'
import { ingestChecks } from '../../adapters/postgres/queries/checks.ts'
import { recordPing } from '../../adapters/postgres/queries/heartbeats.ts'
import type { CheckRun, CheckStatus } from '../../contract/checks.ts'
import type { StatusCounts } from '../../core/monitor/spec-types.ts'
import { parseCheck } from '../../core/query/check-language.ts'
import { parseHeartbeat } from '../../core/query/heartbeat-language.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate check_series, check_runs, heartbeat_pings')
})

const slot = 1_700_000_000_000
const utc = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
const question = {
  type: 'service check',
  query: '',
  delayMs: 0,
  calendar: utc,
  requireFullWindow: false,
  groupsMax: 100,
  timeoutMs: 10_000,
}
const freshMs = 600_000
const counts: StatusCounts = { ok: 1, warning: 1, critical: 1, unknown: null }

/** Runs a minute apart, the newest at the slot. */
function runs(tags: readonly string[], newestFirst: readonly CheckStatus[], check = 'app.up'): CheckRun[] {
  return newestFirst.map((status, index) => ({ check, tags: [...tags].sort(), atMs: slot - index * 60_000, status, message: '' }))
}

async function ask(text: string, statusCounts: Partial<StatusCounts> = {}, slots = [slot], options: Partial<typeof question> = {}) {
  const parsed = parseCheck(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const source = { ...question, ...options, slots, statusCounts: { ...counts, ...statusCounts } }
  return (await checkReadings(database.pool, parsed.query, source, freshMs)).map(({ slot: _, ...reading }) => reading)
}

describe('results in a row', () => {
  test.each<[string, CheckStatus[], Partial<StatusCounts>, object]>([
    ['one critical is enough by default', [2, 0, 0], {}, { values: { 'host:a': 2 } }],
    ['one warning', [1, 2], {}, { values: { 'host:a': 1 } }],
    ['one ok', [0, 2, 2], {}, { values: { 'host:a': 0 } }],
    ['three of three', [2, 2, 2, 0], { critical: 3 }, { values: { 'host:a': 2 } }],
    ['two of three say nothing yet', [2, 2, 0, 2], { critical: 3 }, { values: {}, partial: ['host:a'] }],
    ['one ok of two says nothing yet', [0, 2, 2, 2], { critical: 3, ok: 2 }, { values: {}, partial: ['host:a'] }],
    ['what is unknown is passed over', [3, 2, 3, 2], { critical: 2 }, { values: { 'host:a': 2 } }],
    ['unless somebody counts it', [3, 3, 0], { unknown: 2 }, { values: { 'host:a': 2 } }],
    ['only unknown results say nothing', [3, 3], {}, { values: {}, partial: ['host:a'] }],
  ])('%s', async (_what, statuses, more, expected) => {
    await ingestChecks(database.pool, runs(['host:a'], statuses))
    expect(await ask('"app.up".over("*").by("host").last(5).count_by_status()', more)).toEqual([expected])
  })

  test('groups, filters, and a group of several members in the order of their results', async () => {
    await ingestChecks(database.pool, [
      ...runs(['host:a', 'env:prod'], [0, 0, 0]),
      ...runs(['host:b', 'env:prod'], [2, 2, 2]),
      ...runs(['host:c', 'env:dev'], [1]),
      ...runs(['host:d', 'env:prod'], [2], 'other'),
    ])
    expect(await ask('"app.up".over("*").by("host").last(2).count_by_status()')).toEqual([
      { values: { 'host:a': 0, 'host:b': 2, 'host:c': 1 } },
    ])
    expect(await ask('"app.up".over("env:prod").exclude("host:b").by("host").last(2).count_by_status()')).toEqual([
      { values: { 'host:a': 0 } },
    ])
    expect(await ask('"app.up".over("*").by("*").last(2).count_by_status()')).toEqual([
      { values: { 'env:dev,host:c': 1, 'env:prod,host:a': 0, 'env:prod,host:b': 2 } },
    ])
    expect(await ask('"app.up".over("env:prod").by("env").last(4).count_by_status()', { critical: 2, ok: 2 })).toEqual([
      { values: {}, partial: ['env:prod'] },
    ])
    expect(await ask('"app.up".over("*").by("host").last(2).count_by_status()', {}, [slot], { groupsMax: 1 })).toEqual([
      { values: { 'host:a': 0 } },
    ])
  })

  test('each slot sees what had run by then; who hasn’t run for a while is missing', async () => {
    await ingestChecks(database.pool, runs(['host:a'], [2, 0]))
    const slots = [slot - 61_000, slot - 60_000, slot, slot + freshMs - 1, slot + freshMs]
    const query = '"app.up".over("*").by("host").last(2).count_by_status()'
    const expected = [{ values: {} }, { values: { 'host:a': 0 } }, { values: { 'host:a': 2 } }, { values: { 'host:a': 2 } }, { values: {} }]
    expect(await ask(query, {}, slots)).toEqual(expected)
    expect((await Promise.all(slots.map((one) => ask(query, {}, [one])))).flat()).toEqual(expected)
    expect(await ask(query, {}, [slot], { delayMs: 30_000 })).toEqual([{ values: { 'host:a': 0 } }])
  })
})

describe('members in percent', () => {
  beforeEach(() =>
    ingestChecks(database.pool, [
      ...runs(['host:a', 'env:prod'], [2, 0]),
      ...runs(['host:b', 'env:prod'], [1, 0]),
      ...runs(['host:c', 'env:prod'], [0, 2]),
      ...runs(['host:d', 'env:prod'], [0, 2]),
    ]),
  )
  test.each<[Partial<StatusCounts>, number]>([
    [{ critical: 25 }, 2],
    [{ critical: 26, warning: 50 }, 1],
    [{ critical: 26, warning: 51 }, 0],
  ])('%j', async (more, level) => {
    const text = '"app.up".over("*").by("env").last(2).pct_by_status()'
    expect(await ask(text, more)).toEqual([{ values: { 'env:prod': level } }])
  })
})

test('a heartbeat counts the pings that didn’t come in time, as of each slot, and nothing before the first', async () => {
  const parsed = parseHeartbeat('heartbeat("nightly").every("1h").grace("5m")')
  if (!parsed.ok) throw new Error(parsed.error.message)
  const hour = 3_600_000
  await recordPing(database.pool, 'nightly', slot)
  await recordPing(database.pool, 'nightly', slot + 400)
  await recordPing(database.pool, 'nightly', slot + 3 * hour)
  await recordPing(database.pool, 'another', slot + 2 * hour)
  const slots = [-1, 0, hour, hour + 300_000, hour + 300_001, 2 * hour + 300_001, 3 * hour].map((after) => slot + after)
  const readings = await heartbeatReadings(database.pool, parsed.query, { ...question, slots })
  expect(readings.map(({ values }) => values)).toEqual([{}, ...[0, 0, 0, 1, 2, 0].map((missed) => ({ '*': missed }))])
  expect((await database.pool.query('select 1 from heartbeat_pings')).rowCount).toBe(3)
})
