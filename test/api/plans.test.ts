/** What lists and searches read: with 20,000 monitors each question that leaves most of them out is answered by an index. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listStatement, type MonitorFilter } from '../../adapters/postgres/queries/monitor-list.ts'
import {
  groupCountsStatement,
  groupsStatement,
  type MonitorSearch,
  monitorCountsStatement,
  monitorsStatement,
  type Statement,
} from '../../adapters/postgres/queries/monitor-search.ts'
import { compositesStatement } from '../../adapters/postgres/queries/restrictions.ts'
import { parseMonitorSearch } from '../../contract/monitor-search.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { storeManyMonitors } from '../support/many-monitors.ts'

const monitors = 20_000

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await storeManyMonitors(database.pool, monitors)
})
afterAll(() => database.drop())

const all: MonitorFilter = { name: null, scopeTags: [], monitorTags: [], afterId: 0, offset: 0, limit: 100 }

describe('lists', () => {
  test.each<[string, Partial<MonitorFilter>]>([
    ['a page', {}],
    ['after an id', { afterId: 15_000 }],
    ['by name', { name: 'rarely' }],
    ['by tags of the monitor', { monitorTags: ['service:s7'] }],
    ['by tags of the scope', { scopeTags: ['host:h77'] }],
    ['by all of them', { name: 'Monitor 77', monitorTags: ['service:s77'], scopeTags: ['env:prod', 'host:h77'] }],
  ])('%s', async (_, filter) => {
    expect(await wholeReads(listStatement({ ...all, ...filter }))).toEqual([])
  })

  test('composites that a monitor is in', async () => {
    expect(await wholeReads(compositesStatement(77))).toEqual([])
  })
})

const searches = [
  ...['status:alert', 'type:log', 'service:s7', 'tag:"service:s7"', 'service:s7*', 'title:rarely', 'title:rare*', 'rarely', 'priority:1'],
  ...['metric:system.metric_77', 'scope:host:h77', 'notification:team-77', 'draft_status:draft', 'creator:"user 7"', 'muted:true', '12345'],
  ...['status:alert team:t0', 'service:s7 OR service:s8', 'id:12345'],
]

describe('searches for monitors', () => {
  test.each(searches)('%s', async (query) => {
    expect(await wholeReads(monitorsStatement(searchFor(query)))).toEqual([])
    expect(await wholeReads(monitorCountsStatement(searchFor(query)))).toEqual([])
  })

  test.each(['id', 'name'] as const)('a page of all, by %s', async (field) => {
    expect(await wholeReads(monitorsStatement({ ...searchFor(''), sort: { field, descending: false } }))).toEqual([])
  })
})

describe('searches for groups', () => {
  test.each([...searches, 'group_status:alert', 'type:log group_status:alert'])('%s', async (query) => {
    expect(await wholeReads(groupsStatement(searchFor(query)))).toEqual([])
    expect(await wholeReads(groupCountsStatement(searchFor(query)))).toEqual([])
  })
})

function searchFor(query: string): MonitorSearch {
  const parsed = parseMonitorSearch(query)
  if (!parsed.ok) throw new Error(parsed.errors.join())
  const mutes = { monitorIds: [77], tagSets: [] }
  return { search: parsed.search, mutes, nowMs: 0, sort: { field: 'id', descending: false }, offset: 0, limit: 30 }
}

/** Tables that the plan reads from one end to the other. */
async function wholeReads({ text, values }: Statement): Promise<string[]> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
  const plan = rows.map((row) => row['QUERY PLAN'])
  return plan.filter((line) => /Seq Scan on monitor/.test(line))
}
