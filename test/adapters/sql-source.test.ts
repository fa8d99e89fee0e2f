import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SlotReadings } from '../../activities/ports.ts'
import { postgresSource } from '../../adapters/datasources/postgres/postgres.ts'
import { statementOf } from '../../adapters/datasources/postgres/statement.ts'
import { guardOf } from '../../adapters/http/guard.ts'
import { sourceBody } from '../../contract/source.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { silentSourceMetrics } from '../support/open-source.ts'

let database: TestDatabase
let url: URL
const role = `reader_${process.pid}_${Date.now()}`
beforeAll(async () => {
  database = await createTestDatabase()
  url = new URL(database.url)
  await database.pool.query(`
    create role ${role} login password 'hunter2';
    create table jobs (host text, state text, at timestamptz, cost numeric);
    insert into jobs values ('a', 'failed', '2026-01-01 00:00:10Z', 1.5), ('a', 'failed', '2026-01-01 00:01:10Z', 2), ('b', 'ok', '2026-01-01 00:01:20Z', 'NaN');
    grant all on jobs to ${role};
    grant all on schema public to ${role};
  `)
})
afterAll(async () => {
  await database.pool.query(`drop owned by ${role}; drop role ${role}`)
  await database.drop()
})

const now = Date.parse('2026-01-01T00:02:00Z')

function open(user = role, limits: object = {}, allow = 'all') {
  const source = sourceBody.parse({
    name: 'db',
    kind: 'postgres',
    config: { url: `postgresql://${user}@${url.host}${url.pathname}`, ssl: 'disable', limits },
    secrets: { password: user === role ? 'hunter2' : decodeURIComponent(url.password) || 'x' },
  })
  if (source.kind !== 'postgres') throw new Error('no PostgreSQL')
  const offset = Date.now() - now
  return postgresSource(source, { guard: guardOf(allow), metrics: silentSourceMetrics, clock: () => Date.now() - offset })
}

type Opened = ReturnType<typeof open>

function ask({ source }: Opened, query: string, more: object = {}): Promise<readonly SlotReadings[]> {
  return source.query({
    ...{ type: 'sql alert', query, slots: [now], delayMs: 0, requireFullWindow: false },
    ...{ calendar: { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }, groupsMax: 10, timeoutMs: 5_000, ...more },
  })
}

const values = async (query: string, more: object = {}) => (await ask(open(), query, more)).map((reading) => reading.values)

describe('rows are groups', () => {
  test.for([
    ['select count(*) as value from jobs', [{ '*': 3 }]],
    ['select host, count(*) as value from jobs group by host', [{ 'host:a': 2, 'host:b': 1 }]],
    ['select host, state, sum(cost) as value from jobs group by host, state', [{ 'host:a,state:failed': 3.5 }]],
    ['select count(*) from jobs', [{ '*': 3 }]],
    ['select count(*) > 2 as value from jobs', [{ '*': 1 }]],
    ['with late as (select * from jobs) select host, count(*) as value from late group by 1 -- by host', [{ 'host:a': 2, 'host:b': 1 }]],
    ['select host, null::int as value from jobs', [{}]],
    ['select 1 as value where false', [{}]],
    ['select null as host, 1 as value', [{ 'host:N/A': 1 }]],
    ["select '; $__slot' as text, 5 as value", [{ 'text:; $__slot': 5 }]],
  ] as const)('%s', async ([query, expected]) => {
    expect(await values(query)).toEqual(expected)
  })

  test('a statement that names its slot is asked about the past, each slot as of itself; another is not', async () => {
    const slots = [now - 60_000, now]
    const query = 'select count(*) as value from jobs where at <= $__slot'
    expect(await values(query, { slots })).toEqual([{ '*': 1 }, { '*': 3 }])
    expect(await values(query, { slots, delayMs: 45_000 })).toEqual([{ '*': 1 }, { '*': 2 }])
    const readings = await ask(open(), 'select count(*) as value from jobs', { slots })
    expect(readings).toMatchObject([{ values: {}, skipped: expect.stringContaining('$__slot') }, { values: { '*': 3 } }])
  })

  test('no more groups than asked for', async () => {
    expect(await values('select n as host, n as value from generate_series(1, 100000) as n', { groupsMax: 2 })).toEqual([
      { 'host:1': 1, 'host:2': 2 },
    ])
  })

  test('texts, comments and names keep what looks like the slot', () => {
    const { text, namesSlot } = statementOf(`select '$__slot', "$__slot", $$ $__slot $$, $a$ $__slot $a$ /* $__slot */ -- $__slot`, 1)
    expect([namesSlot, text.includes('$1')]).toEqual([false, false])
    expect(statementOf('select $__slot, $__slots', 1).text).toContain('select $1::timestamptz, $__slots')
  })
})

const refused: readonly (readonly [string, string, string, RegExp])[] = [
  [
    'deletes in a common table expression',
    'with gone as (delete from jobs returning *) select count(*) as value from gone',
    'bad-query',
    /top level|read-only/,
  ],
  ['locks rows', 'select cost as value from jobs for update', 'bad-query', /only read/],
  ['counts a sequence on', "select nextval('s') as value from (select 1) as x", 'bad-query', /./],
  ['makes a large object', 'select lo_create(0) as value', 'bad-query', /only read/],
  ['reads files', "select length(pg_read_file('/etc/passwd')) as value", 'bad-query', /permission denied/],
  ['lists folders', "select count(*) as value from pg_ls_dir('/')", 'bad-query', /permission denied/],
  ['writes files', "select lo_export(1, '/tmp/x') as value", 'bad-query', /permission denied/],
  ['is two statements', 'select 1) as answer; delete from jobs; select (1', 'bad-query', /./],
  ['leaves its brackets', 'select 1 as value) as answer limit 1; --', 'bad-query', /./],
  [
    'makes its transaction write',
    "select set_config('transaction_read_only', 'off', false)::text as t, 1 as value",
    'bad-query',
    /read-write/,
  ],
  ['runs long', 'select count(*) as value from pg_sleep(60)', 'timeout', /timeout/],
  [
    'sends endlessly',
    "select repeat('x', 1000000) || n as host, n as value from generate_series(1, 1000) as n",
    'bad-query',
    /larger than 8 MB/,
  ],
  ['has no number', "select 'a' as b", 'bad-query', /name one column "value"/],
  ['has a text for a value', "select 'a' as value", 'bad-query', /no number/],
  ['says one group twice', 'select host, 1 as value from jobs', 'bad-query', /several rows/],
  ['is no SQL', 'select from where', 'bad-query', /./],
]

describe('a statement', () => {
  test.for(refused)('that %s is refused or cut with a clear error', async ([, query, code, message]) => {
    const error = await ask(open(), query, { timeoutMs: 800, groupsMax: 1_000 }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect((await database.pool.query('select count(*) from jobs')).rows).toEqual([{ count: 3 }])
  })

  test('is never run as a superuser, nor at an address that may not be called', async () => {
    await expect(ask(open(url.username), 'select 1 as value')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('superuser'),
    })
    await expect(ask(open(role, {}, 'none'), 'select 1 as value')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('not a public address'),
    })
  })

  test('that several monitors ask for one slot runs once', async () => {
    const opened = open()
    await Promise.all(Array.from({ length: 20 }, () => ask(opened, 'select count(*) as value from jobs; > 3')))
    expect(opened.condition()).toMatchObject({ sent: 1, shared: 19 })
  })
})
