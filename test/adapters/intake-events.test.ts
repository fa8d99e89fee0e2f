import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventReadings } from '../../adapters/datasources/intake/events.ts'
import { intakeEvents } from '../../adapters/datasources/intake/sources.ts'
import { ingestEntries } from '../../adapters/postgres/queries/entries.ts'
import type { Entry } from '../../contract/entry.ts'
import { defaultIntakeDays } from '../../core/intake-days.ts'
import { groupKey } from '../../core/monitor/group.ts'
import { parseEvent } from '../../core/query/event-language.ts'
import type { EventQuery } from '../../core/query/event-nodes.ts'
import { matches, type SearchedEvent } from '../../core/query/search-match.ts'
import type { Field, FieldTest, Search } from '../../core/query/search-nodes.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate logs, events')
})

const slot = 1_700_000_000_000
const utc = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
const question = { type: 'log alert', query: '', delayMs: 0, calendar: utc, requireFullWindow: false, groupsMax: 100, timeoutMs: 10_000 }

function entry(secondsBefore: number, more: Partial<Entry> = {}): Entry {
  const atMs = slot - secondsBefore * 1_000
  return { atMs, timed: true, message: '', status: 'info', service: '', host: '', tags: [], attributes: {}, ...more }
}

function parsed(text: string): EventQuery {
  const result = parseEvent('log alert', text)
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`)
  return result.query
}

async function ask(query: EventQuery | string, slots: readonly number[] = [slot], options: Partial<typeof question> = {}) {
  const node = typeof query === 'string' ? parsed(query) : query
  const readings = await eventReadings(database.pool, node, { ...question, ...options, slots }, defaultIntakeDays)
  return readings.map(({ values }) => values)
}

describe('rollups and groups', () => {
  beforeEach(() =>
    ingestEntries(database.pool, 'logs', [
      entry(10, {
        message: 'GET /a 200',
        service: 'Shop',
        tags: ['env:prod'],
        attributes: { duration: 10, user: { id: 'u1' }, codes: [1, 2] },
      }),
      entry(20, {
        message: 'GET /b 500',
        service: 'shop',
        status: 'error',
        tags: ['env:prod'],
        attributes: { duration: '30', user: { id: 'u2' } },
      }),
      entry(30, { message: 'GET /c 200', service: 'shop', tags: ['env:dev'], attributes: { duration: 'slow', user: { id: 'u1' } } }),
      entry(90, { message: 'PUT /d 200', tags: ['service:cart', 'env:prod'], attributes: { duration: 2 } }),
      entry(600, { message: 'GET /e 200', service: 'shop', tags: ['env:prod'], attributes: { duration: 1_000 } }),
    ]),
  )

  test.each<[string, Record<string, number>]>([
    ['logs("*").index("*").rollup("count").last("5m")', { '*': 4 }],
    ['logs("*").rollup("count").last("1m")', { '*': 3 }],
    ['logs("service:shop").rollup("count").last("5m")', { '*': 3 }],
    ['logs("service:CART").rollup("count").last("5m")', { '*': 1 }],
    ['logs("status:error").rollup("count").last("5m")', { '*': 1 }],
    ['logs("-status:error get").rollup("count").last("5m")', { '*': 2 }],
    ['logs("nothing").rollup("count").last("5m")', { '*': 0 }],
    ['logs("*").rollup("count").by("service").last("5m")', { 'service:Shop': 1, 'service:shop': 2, 'service:cart': 1 }],
    [
      'logs("*").rollup("count").by("env,@user.id").last("5m")',
      { '@user.id:u1,env:dev': 1, '@user.id:u1,env:prod': 1, '@user.id:u2,env:prod': 1 },
    ],
    ['logs("*").rollup("count").by("@codes").last("5m")', { '@codes:1': 1, '@codes:2': 1 }],
    ['logs("*").rollup("cardinality", "@user.id").last("5m")', { '*': 2 }],
    ['logs("nothing").rollup("cardinality", "@user.id").last("5m")', { '*': 0 }],
    ['logs("*").rollup("sum", "@duration").last("5m")', { '*': 42 }],
    ['logs("*").rollup("avg", "@duration").last("5m")', { '*': 14 }],
    ['logs("*").rollup("min", "@duration").last("5m")', { '*': 2 }],
    ['logs("*").rollup("max", "@duration").by("env").last("5m")', { 'env:prod': 30 }],
    ['logs("*").rollup("pc50", "@duration").last("5m")', { '*': 10 }],
    ['logs("nothing").rollup("sum", "@duration").last("5m")', {}],
    ['logs("@duration:>5").rollup("count").last("5m")', { '*': 2 }],
  ])('%s', async (query, values) => {
    expect(await ask(`${query} > 0`)).toEqual([values])
  })

  test('each slot sees its own window, whoever else is asked for', async () => {
    const slots = [slot - 560_000, slot - 70_000, slot]
    const query = 'logs("*").rollup("count").by("env").last("1m") > 0'
    expect(await ask(query, slots)).toEqual([{ 'env:prod': 1 }, { 'env:prod': 1 }, { 'env:dev': 1, 'env:prod': 2 }])
    expect((await Promise.all(slots.map((one) => ask(query, [one])))).flat()).toEqual(await ask(query, slots))
  })

  test('a delay looks away from the newest, and groupsMax cuts', async () => {
    expect(await ask('logs("*").rollup("count").last("1m") > 0', [slot], { delayMs: 15_000 })).toEqual([{ '*': 2 }])
    expect(await ask('logs("*").rollup("count").by("service").last("5m") > 0', [slot], { groupsMax: 1 })).toEqual([{ 'service:Shop': 1 }])
  })
})

describe('formulas over counts', () => {
  const variable = (
    name: string,
    query: string,
    by: readonly string[] = [],
    compute: object = { aggregation: 'count' },
    source = 'logs',
  ) => ({
    ...{ name, data_source: source, indexes: ['*'], search: { query }, compute },
    group_by: by.map((facet) => ({ facet })),
  })
  const share = [variable('errors', 'status:error', ['env']), variable('total', '*', ['env'])]

  async function formula(text: string, variables: readonly unknown[], slots = [slot]) {
    const source = intakeEvents(database.pool)
    const readings = await source.query({ ...question, query: `formula("${text}").last("5m") > 5`, variables, slots })
    return readings.map(({ values }) => values)
  }

  beforeEach(() =>
    ingestEntries(database.pool, 'logs', [
      ...[10, 20, 30].map((back) => entry(back, { tags: ['env:prod'], attributes: { duration: back } })),
      entry(40, { tags: ['env:prod'], status: 'error' }),
      entry(50, { tags: ['env:dev'] }),
      entry(400, { tags: ['env:dev'], status: 'error' }),
    ]),
  )

  test.each<[string, readonly unknown[], Record<string, number>]>([
    ['errors / total * 100', share, { 'env:dev': 0, 'env:prod': 25 }],
    ['total - errors', share, { 'env:dev': 1, 'env:prod': 3 }],
    ['errors / total', [variable('errors', 'status:error'), variable('total', 'nothing')], {}],
    ['errors + 1', [variable('errors', 'nothing')], { '*': 1 }],
    ['slow * 2', [variable('slow', '*', ['env'], { aggregation: 'max', metric: '@duration' })], { 'env:prod': 60 }],
  ])('%s', async (text, variables, values) => {
    expect(await formula(text, variables)).toEqual([values])
  })

  test('each slot is answered as of itself', async () => {
    const slots = [slot - 390_000, slot - 45_000, slot]
    const together = await formula('errors / total * 100', share, slots)
    expect(together).toEqual([{ 'env:dev': 100 }, { 'env:dev': 0 }, { 'env:dev': 0, 'env:prod': 25 }])
    expect((await Promise.all(slots.map((one) => formula('errors / total * 100', share, [one])))).flat()).toEqual(together)
  })

  test.each<[string, readonly unknown[], string]>([
    ['a variable that isn’t there', [], 'names errors, which is not among the variables'],
    ['what nobody pushes', [variable('errors', '*', [], { aggregation: 'count' }, 'rum')], 'no source has rum'],
    ['an aggregation that isn’t', [variable('errors', '*', [], { aggregation: 'most' })], 'can’t be aggregated by most'],
  ])('%s is a bad query', async (_what, variables, reason) => {
    await expect(formula('errors + 1', variables)).rejects.toMatchObject({ code: 'bad-query', message: expect.stringContaining(reason) })
  })
})

test('events are searched like logs', async () => {
  await ingestEntries(database.pool, 'events', [entry(10, { message: 'Deploy\nversion 7', tags: ['source:ci'] })])
  const result = parseEvent('event-v2 alert', 'events("source:ci deploy").rollup("count").last("5m") > 0')
  if (!result.ok) throw new Error(result.error.message)
  expect(await ask(result.query)).toEqual([{ '*': 1 }])
})

test('a window that reaches back further than logs are kept, and what nobody pushes, are bad queries', async () => {
  const query = parsed('logs("*").rollup("count").last("1d") > 0')
  const short = eventReadings(database.pool, query, { ...question, slots: [slot] }, { ...defaultIntakeDays, logs: 0.5 })
  await expect(short).rejects.toMatchObject({ code: 'bad-query', message: '1d reaches back further than logs are kept (0.5 days)' })
  await expect(ask({ ...query, source: 'rum' })).rejects.toMatchObject({ code: 'bad-query' })
})

const text = fc.constantFrom('GET /a', 'get b', 'Fehler: Größe 5', 'a_b c', 'error', 'x', '')
const scalar = fc.constantFrom<unknown>('x', 'X', 'get b', 5, 5.5, -1, '7', '1e3', true, null, { a: 1 }, '')
const attributes = fc.record(
  {
    a: scalar,
    b: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
    http: fc.record({ code: scalar, list: fc.array(scalar, { maxLength: 2 }) }),
    'http.code': scalar,
  },
  { requiredKeys: [] },
)
const someEntry = fc.record({
  back: fc.integer({ min: 0, max: 400 }),
  message: text,
  status: fc.constantFrom('', 'info', 'error'),
  service: fc.constantFrom('', 'Shop', 'cart'),
  tags: fc
    .uniqueArray(fc.constantFrom('env:prod', 'env:p_od', 'team:a', 'canary', 'service:other', 'size:7'), { maxLength: 3 })
    .map((tags) => tags.sort()),
  attributes,
})
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.constantFrom('a', 'b', 'http.code', 'http.list', 'http.list.0', 'none', 'http').map((name) => ({ kind: 'attribute', name }) as const),
  fc
    .constantFrom('env', 'team', 'canary', 'service', 'status', 'host', 'tags', 'size', 'none')
    .map((name) => ({ kind: 'tag', name }) as const),
)
const bound = fc.option(fc.record({ value: fc.constantFrom(-1, 5, 5.5, 7, 1_000), inclusive: fc.boolean() }), { nil: null })
const fieldTest: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.constant({ kind: 'exists' } as const),
  fc
    .constantFrom('x', 'prod', 'p_od', 'shop', '5', 'true', '', 'error', 'env:prod', 'get b')
    .map((value) => ({ kind: 'is', value }) as const),
  fc.constantFrom('*', 'p*', 'p?od', 'p_*', 'g?t*', '*:prod', '\\*', 'sh*').map((pattern) => ({ kind: 'like', pattern }) as const),
  fc.record({ kind: fc.constant('range' as const), from: bound, to: bound }),
)
const leaf: fc.Arbitrary<Search> = fc.oneof(
  fc.constant({ kind: 'all' } as const),
  fc.record({
    kind: fc.constant('words' as const),
    words: fc.constantFrom(['get'], ['get', 'a'], ['gr*'], ['?'], ['a_b'], ['fehler', 'größe'], ['5'], ['x'], ['e*r']),
    anywhere: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('field' as const), field, test: fieldTest }),
)
const search = fc.letrec<{ search: Search }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.record({ kind: fc.constantFrom('and', 'or'), of: fc.array(tie('search'), { minLength: 1, maxLength: 3 }) }),
    tie('search').map((of) => ({ kind: 'not', of }) as const),
  ),
})).search

type Row = Readonly<{
  at_ms: number
  message: string
  status: string
  service: string
  host: string
  tags: string[]
  attributes: Record<string, unknown>
}>

function searched({ at_ms, message, tags, attributes, status, service, host }: Row): SearchedEvent {
  return { message, tags, attributes, status: status || null, service: service || null, host: host || null, at: at_ms }
}

test('on random logs every search finds what the matcher finds, for every slot', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(someEntry, { maxLength: 15 }),
      search,
      fc.constantFrom([], ['service'], ['env']),
      fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 4 }),
      async (pushed, tree, by, backs) => {
        await database.pool.query('truncate logs')
        await ingestEntries(
          database.pool,
          'logs',
          pushed.map(({ back, ...more }) => entry(back, more)),
        )
        const { rows } = await database.pool.query<Row>('select * from logs')
        const slots = backs.map((back) => slot - back * 1_000).sort((a, b) => a - b)
        const query: EventQuery = { ...parsed('logs("*").rollup("count").last("2m") > 0'), search: tree, by }
        const answered = await ask(query, slots)
        const expected = slots.map((at) => {
          const values: Record<string, number> = by.length === 0 ? { '*': 0 } : {}
          for (const row of rows.filter(({ at_ms }) => at_ms > at - 120_000 && at_ms <= at)) {
            if (!matches(tree, searched(row))) continue
            for (const key of groupsOf(row, by)) values[key] = (values[key] ?? 0) + 1
          }
          return values
        })
        expect(answered).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

function groupsOf(row: Row, by: readonly string[]): string[] {
  const [key] = by
  if (key === undefined) return ['*']
  if (key === 'service') return row.service === '' ? [] : [groupKey({ service: row.service })]
  const values = row.tags.filter((tag) => tag.startsWith(`${key}:`)).map((tag) => tag.slice(key.length + 1))
  return [...new Set(values)].map((value) => groupKey({ [key]: value }))
}
