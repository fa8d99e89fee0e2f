import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type EvaluationWriter, type EvaluationWriterBounds, evaluationWriter } from '../../adapters/postgres/evaluation-writer.ts'
import { createPool, type Pool } from '../../adapters/postgres/pool.ts'
import { listEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { maintainEvaluations } from '../../adapters/postgres/queries/retention.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { evaluationEntry as entry } from '../support/evaluation-entry.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'

const dayMs = 86_400_000
const nowMs = 1_700_000_000_000
const today = Math.floor(nowMs / dayMs)

let database: TestDatabase
let admin: Pool
beforeAll(async () => {
  database = await createTestDatabase()
  admin = createPool(inject('postgresUrl'), { max: 1 })
})
afterAll(async () => {
  await admin.end()
  await database.drop()
})
beforeEach(async () => {
  // In the order in which a writer locks them: one that was cut off may be at its last statement still.
  await database.pool.query('truncate evaluation_queries, evaluations')
})

type Counted = Readonly<{ writer: EvaluationWriter; counts: { written: number; batches: number; dropped: number; events: string[] } }>

function open(bounds: Partial<EvaluationWriterBounds> = {}, pool = database.pool): Counted {
  const counts: Counted['counts'] = { written: 0, batches: 0, dropped: 0, events: [] }
  const writer = evaluationWriter({
    pool,
    bounds: { flushMs: 20, ...bounds },
    log: { warn: (_fields, event) => void counts.events.push(event) },
    metrics: {
      written: (rows) => {
        counts.written += rows
        counts.batches += 1
      },
      dropped: (rows) => {
        counts.dropped += rows
      },
      waiting: () => {},
    },
  })
  return { writer, counts }
}

const slots = async (): Promise<number[]> => (await listEvaluations(database.pool, 1001, null, 1_000)).map((row) => row.slot)

/** As if the server had gone: connections are cut and new ones refused. */
async function lockOut(): Promise<void> {
  const name = new URL(database.url).pathname.slice(1)
  await admin.query(`alter database ${name} allow_connections false`)
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
}

async function letIn(): Promise<void> {
  await admin.query(`alter database ${new URL(database.url).pathname.slice(1)} allow_connections true`)
}

describe('what is recorded', () => {
  test('is written as it was, soon after', async () => {
    const { writer } = open()
    writer.record(entry(nowMs, { delayMs: 60_000, version: 7 }))
    writer.record(entry(nowMs + 60_000, { outcome: 'failed', reason: 'timeout: 8 s', values: null, groupsSeen: 0, query: null }))
    const rows = await until('two rows', async () => {
      const found = await listEvaluations(database.pool, 1001, null, 10)
      return found.length === 2 && found
    })
    expect(rows).toEqual([
      expect.objectContaining({
        slot: nowMs + 60_000,
        outcome: 'failed',
        reason: 'timeout: 8 s',
        value_min: null,
        value_max: null,
        query: null,
      }),
      {
        slot: nowMs,
        at_ms: nowMs + 20,
        version: 7,
        outcome: 'evaluated',
        reason: null,
        value_min: 1,
        value_max: 5.25,
        groups_seen: 3,
        groups_told: 1,
        duration_ms: 12,
        delay_ms: 60_000,
        query: 'avg(last_5m):avg:app.load{*} > 4',
      },
    ])
    await writer.close()
  })

  test('goes in batches, each bounded', async () => {
    const { writer, counts } = open({ batchMax: 100 })
    for (let n = 0; n < 1_000; n += 1) writer.record(entry(nowMs + n))
    await until('all rows', () => counts.written === 1_000)
    expect(counts.batches).toBe(10)
    expect(await slots()).toEqual(Array.from({ length: 1_000 }, (_, n) => nowMs + 999 - n))
    await writer.close()
  })

  test('is not held back for the pause where a batch is full', async () => {
    const { writer, counts } = open({ flushMs: 3_600_000, batchMax: 10 })
    for (let n = 0; n < 10; n += 1) writer.record(entry(nowMs + n))
    await until('a batch', () => counts.written === 10)
    await writer.close()
  })

  test('of one slot twice is one row, and the later one, within a batch and over batches', async () => {
    const { writer, counts } = open()
    writer.record(entry(nowMs, { groupsSeen: 1 }))
    writer.record(entry(nowMs, { groupsSeen: 2 }))
    await until('a row', () => counts.written === 1)
    writer.record(entry(nowMs, { groupsSeen: 3, outcome: 'caught-up' }))
    await until('the row again', () => counts.written === 2)
    expect(await listEvaluations(database.pool, 1001, null, 10)).toMatchObject([{ groups_seen: 3, outcome: 'caught-up' }])
    await writer.close()
  })

  test('by several writers at once, in any order, is written once each', async () => {
    const writers = Array.from({ length: 4 }, () => open({ batchMax: 50 }))
    writers.forEach(({ writer }, index) => {
      for (let n = 0; n < 200; n += 1) writer.record(entry(nowMs + (index % 2 === 0 ? n : 199 - n), { query: `q${n % 7}` }))
    })
    await Promise.all(writers.map(({ writer }) => writer.close()))
    expect(writers.map(({ counts }) => counts.written)).toEqual([200, 200, 200, 200])
    expect(await slots()).toHaveLength(200)
  })

  test('keeps each text that was sent once', async () => {
    const { writer } = open()
    for (let n = 0; n < 50; n += 1) writer.record(entry(nowMs + n, { monitorId: 1001 + n, query: `query ${n % 2}` }))
    await writer.close()
    expect((await database.pool.query('select text from evaluation_queries order by text')).rows).toEqual([
      { text: 'query 0' },
      { text: 'query 1' },
    ])
  })

  test.each([
    ['NUL characters', { reason: 'a\u0000b', query: '\u0000' }, { reason: 'a\ufffdb', query: '\ufffd' }],
    ['half a surrogate', { reason: '\ud800', query: '\udc00' }, { reason: '\ufffd', query: '\ufffd' }],
    ['a clock that was set back', { durationMs: -5 }, { duration_ms: 0 }],
    ['fractions of milliseconds', { durationMs: 1.5 }, { duration_ms: 2 }],
    ['extreme values', { values: { min: -1e308, max: 5e-324 } }, { value_min: -1e308, value_max: 5e-324 }],
    ['texts without end', { reason: 'x'.repeat(5_000) }, { reason: `${'x'.repeat(1_000)}…` }],
  ])('may hold %s', async (_what, given, found) => {
    const { writer } = open()
    writer.record(entry(nowMs, given))
    await writer.close()
    expect(await listEvaluations(database.pool, 1001, null, 1)).toMatchObject([found])
  })
})

describe('while PostgreSQL is away', () => {
  test('nothing is lost that there is room for, and recording never waits', async () => {
    const { writer, counts } = open({ longestWaitMs: 100 })
    writer.record(entry(nowMs))
    await until('the first row', () => counts.written === 1)
    await lockOut()
    for (let n = 1; n <= 300; n += 1) writer.record(entry(nowMs + n))
    await until('a failed try', () => counts.events.includes('evaluations-not-written'))
    await letIn()
    await until('all rows', () => counts.written === 301)
    expect(counts.dropped).toBe(0)
    expect(await slots()).toHaveLength(301)
    await writer.close()
  })

  test('one that is silent is taken for away', async () => {
    const proxy = await startTcpProxy(Number(new URL(database.url).port))
    const url = new URL(database.url)
    url.port = String(proxy.port)
    const pool = createPool(url.href)
    const { writer, counts } = open({ writeTimeoutMs: 200, longestWaitMs: 100 }, pool)
    writer.record(entry(nowMs))
    await until('the first row', () => counts.written === 1)
    proxy.set('half-open')
    writer.record(entry(nowMs + 1))
    await until('a failed try', () => counts.events.includes('evaluations-not-written'))
    proxy.set('pass')
    await until('the row', () => counts.written === 2)
    await writer.close()
    await pool.end()
    await proxy.close()
    expect(await slots()).toEqual([nowMs + 1, nowMs])
  })

  test('the oldest go where there is no more room, and are counted', async () => {
    const { writer, counts } = open({ waitingMax: 100, batchMax: 50, longestWaitMs: 100 })
    await lockOut()
    for (let n = 0; n < 250; n += 1) writer.record(entry(nowMs + n))
    expect(counts.dropped).toBe(150)
    await letIn()
    await until('what is left', () => counts.written === 100)
    expect((await slots()).toReversed()).toEqual(Array.from({ length: 100 }, (_, n) => nowMs + 150 + n))
    await writer.close()
  })

  test('closing waits no longer than it may, and counts what is lost', async () => {
    const { writer, counts } = open({ drainMs: 300 })
    await lockOut()
    for (let n = 0; n < 10; n += 1) writer.record(entry(nowMs + n))
    const startedAt = performance.now()
    await writer.close()
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(counts).toMatchObject({ written: 0, dropped: 10 })
    expect(counts.events).toContain('evaluations-lost')
    await letIn()
  })
})

describe('closing', () => {
  test('writes what is left at once', async () => {
    const { writer, counts } = open({ flushMs: 3_600_000, batchMax: 100 })
    for (let n = 0; n < 350; n += 1) writer.record(entry(nowMs + n * 1_000, { monitorId: 1001 + (n % 3) }))
    await writer.close()
    expect(counts).toMatchObject({ written: 350, dropped: 0 })
  })

  test('with nothing to write is closing', async () => {
    const { writer, counts } = open()
    await writer.close()
    await writer.close()
    expect(counts).toMatchObject({ written: 0, dropped: 0 })
  })
})

test('a batch that PostgreSQL refuses is dropped and counted, and the next ones are written', async () => {
  const { writer, counts } = open()
  writer.record(entry(nowMs, { version: 2 ** 40 }))
  await until('a refusal', () => counts.dropped === 1)
  writer.record(entry(nowMs + 1))
  await writer.close()
  expect(counts).toMatchObject({ written: 1, dropped: 1 })
})

describe('upkeep', () => {
  test('makes the coming days, drops those past retention with the texts that only they sent', async () => {
    const { writer } = open()
    writer.record(entry(nowMs - 8 * dayMs, { query: 'old' }))
    writer.record(entry(nowMs - 7 * dayMs, { query: 'kept' }))
    writer.record(entry(nowMs - 9 * dayMs, { query: 'kept' }))
    await until('three rows', async () => (await slots()).length === 3)
    expect(await maintainEvaluations(database.pool, nowMs, 7)).toEqual({ daysDropped: 2, queriesDropped: 1 })
    const { rows } = await database.pool.query("select day from day_partitions('evaluations') as day order by day")
    expect(rows.map((row) => row.day)).toEqual([today - 7, today, today + 1, today + 2, today + 3])
    expect(await listEvaluations(database.pool, 1001, null, 10)).toMatchObject([{ slot: nowMs - 7 * dayMs, query: 'kept' }])
    // What the writer knows to be there is there no more.
    writer.record(entry(nowMs - 8 * dayMs, { query: 'old' }))
    await until('the row again', async () => (await slots()).length === 2)
    expect((await listEvaluations(database.pool, 1001, null, 10)).at(-1)).toMatchObject({ query: 'old' })
    await writer.close()
  })
})

test('a row takes little room and little time', async () => {
  const { writer, counts } = open({ flushMs: 3_600_000, waitingMax: 200_000 })
  const monitors = 2_000
  const startedAt = performance.now()
  for (let n = 0; n < 100_000; n += 1) {
    const slot = nowMs + Math.floor(n / monitors) * 60_000
    writer.record(entry(slot, { monitorId: 1001 + (n % monitors), query: `avg(last_5m):avg:app.load{*} by {host} > ${n % monitors}` }))
  }
  const recordMs = performance.now() - startedAt
  await writer.close()
  const writeMs = performance.now() - startedAt - recordMs
  const { rows } = await database.pool.query<{ table: number; index: number }>(
    `select sum(pg_relation_size(inhrelid))::bigint as table, sum(pg_indexes_size(inhrelid))::bigint as index
     from pg_inherits where inhparent = 'evaluations'::regclass`,
  )
  expect(counts).toMatchObject({ written: 100_000, dropped: 0 })
  const [size] = rows
  const bytes = ((size?.table ?? 0) + (size?.index ?? 0)) / 100_000
  console.log(
    `an evaluation's row: ${((size?.table ?? 0) / 100_000).toFixed(0)} + ${((size?.index ?? 0) / 100_000).toFixed(0)} bytes, ` +
      `${((recordMs / 100_000) * 1_000).toFixed(1)} µs to record, ${((writeMs / 100_000) * 1_000).toFixed(1)} µs to write`,
  )
  // 2.9 million of them a day, 2,000 monitors a minute, are half a gigabyte.
  expect(bytes).toBeLessThan(220)
  // A loaded machine may take several times as long; ten times means that something is wrong.
  expect(writeMs).toBeLessThan(30_000)
})
