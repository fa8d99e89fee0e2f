import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NotificationSubject } from '../../activities/notification-ports.ts'
import type { FoundSource } from '../../activities/ports.ts'
import { triggerDetails } from '../../adapters/datasources/details.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { ingestChecks } from '../../adapters/postgres/queries/checks.ts'
import { ingestEntries } from '../../adapters/postgres/queries/entries.ts'
import type { Entry } from '../../contract/entry.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate logs, events, check_series, check_runs')
})

const slot = 1_700_000_000_000
const intake: FoundSource = { name: 'intake', source: { types: [], query: async () => [] } }

/** What is at hand for each group, all as of the slot. */
async function detailsOf(
  subject: Partial<NotificationSubject>,
  groups: readonly string[],
  { find = intake, pool = database.pool, failures = [] }: { find?: FoundSource; pool?: TestDatabase['pool']; failures?: string[] } = {},
) {
  const details = triggerDetails({ pool, find: async () => find, failed: (_id, reason) => void failures.push(reason) })
  const transitions = groups.map((group, index) => toldTransition({ sequence: index + 1, group, slot }))
  return details.of(notificationSubject(subject), transitions)
}

function entry(secondsBefore: number, message: string, more: Partial<Entry> = {}): Entry {
  const base = { timed: true, status: 'error', service: 'shop', host: '', tags: [], attributes: {} }
  return { ...base, atMs: slot - secondsBefore * 1_000, message, ...more }
}

describe('logs', () => {
  const logs = { type: 'log alert', query: 'logs("status:error").index("*").rollup("count").by("env,@user").last("5m") > 1' }

  test('each group has its newest entry that the search finds, within the window and up to the slot', async () => {
    await ingestEntries(database.pool, 'logs', [
      entry(-5, 'after the slot', { tags: ['env:a'], attributes: { user: 'ann' } }),
      entry(10, 'newest but fine', { status: 'info', tags: ['env:a'], attributes: { user: 'ann' } }),
      entry(20, 'newest', { tags: ['env:a'], attributes: { user: 'ann', n: 1 } }),
      entry(30, 'older', { tags: ['env:a'], attributes: { user: 'ann' } }),
      entry(15, 'of somebody else', { tags: ['env:a'], attributes: { user: 'bob' } }),
      entry(400, 'too old', { tags: ['env:b'], attributes: { user: 'ann' } }),
    ])
    const [ann, bob, none] = await detailsOf(logs, ['@user:ann,env:a', '@user:bob,env:a', '@user:ann,env:b'])
    expect(ann).toMatchObject({ 'log.message': 'newest', 'log.attributes.n': 1, 'log.tags.env': 'a' })
    expect(bob).toMatchObject({ 'log.message': 'of somebody else' })
    expect(none).toEqual({})
  })

  test('an evaluation that looks back later is told of what it saw', async () => {
    await ingestEntries(database.pool, 'logs', [entry(10, 'not seen yet'), entry(70, 'seen')])
    const query = 'logs("*").rollup("count").last("5m") > 1'
    expect(await detailsOf({ ...logs, query, options: { evaluation_delay: 60 } }, ['*'])).toMatchObject([{ 'log.message': 'seen' }])
  })

  test('a formula shows what its first variable finds', async () => {
    await ingestEntries(database.pool, 'logs', [entry(10, 'an error'), entry(5, 'fine', { status: 'info' })])
    const variable = (name: string, query: string) => ({
      name,
      data_source: 'logs',
      search: { query },
      indexes: ['*'],
      compute: { aggregation: 'count' },
      group_by: [],
    })
    const options = { variables: [variable('errors', 'status:error'), variable('all', '*')] }
    const query = 'formula("errors / all").last("5m") > 0.1'
    expect(await detailsOf({ ...logs, query, options }, ['*'])).toMatchObject([{ 'log.message': 'an error' }])
  })

  test('of another source nothing is at hand', async () => {
    await ingestEntries(database.pool, 'logs', [entry(10, 'here')])
    expect(await detailsOf(logs, ['*'], { find: { ...intake, name: 'loki' } })).toEqual([])
    expect(await detailsOf(logs, ['*'], { find: { missing: 'none' } })).toEqual([])
  })
})

test('events are told by title and text', async () => {
  await ingestEntries(database.pool, 'events', [entry(10, 'Deploy\nv2', { attributes: { title: 'Deploy' } })])
  const query = 'events("*").rollup("count").last("5m") > 0'
  expect(await detailsOf({ type: 'event-v2 alert', query }, ['*'])).toMatchObject([{ 'event.title': 'Deploy', 'event.text': 'v2' }])
})

test('a check says what its newest result of the group said', async () => {
  const run = (secondsBefore: number, host: string, message: string) => ({
    check: 'app.up',
    tags: ['env:prod', `host:${host}`],
    atMs: slot - secondsBefore * 1_000,
    status: 2 as const,
    message,
  })
  await ingestChecks(database.pool, [run(60, 'a', 'old'), run(5, 'a', 'connection refused'), run(1, 'b', 'timeout'), run(-9, 'b', 'later')])
  const query = '"app.up".over("env:prod").by("host").last(2).count_by_status()'
  expect(await detailsOf({ type: 'service check', query }, ['host:a', 'host:b', 'host:c'])).toEqual([
    { check_message: 'connection refused' },
    { check_message: 'timeout' },
    {},
  ])
})

describe('composites', () => {
  async function member(groups: Readonly<Record<string, readonly [Status, number]>>): Promise<number> {
    const definition = { name: 'm', type: 'query alert', query: 'avg(last_5m):avg:x{*} > 1', tags: [], priority: null }
    const id = await insertMonitor(database.pool, definition)
    for (const [group, [status, value]] of Object.entries(groups)) {
      await database.pool.query('insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, $2, $3, 0, $4)', [
        id,
        group,
        status,
        { value },
      ])
    }
    return id
  }

  test('members are told as they are, in the order of the query, each by its worst group of the same tags', async () => {
    const load = await member({ 'disk:1,host:a': ['OK', 1], 'disk:2,host:a': ['Alert', 99], 'host:b': ['Warn', 5] })
    const errors = await member({ '*': ['Warn', 7] })
    const gone = 999_999
    const query = `${errors} && !${load} && ${gone}`
    expect(await detailsOf({ type: 'composite', query }, ['host:a', 'host:b'])).toEqual([
      { 'a.status': 'Warn', 'a.value': 7, 'b.status': 'Alert', 'b.value': 99, 'c.status': 'No Data', 'c.value': null },
      { 'a.status': 'Warn', 'a.value': 7, 'b.status': 'Warn', 'b.value': 5, 'c.status': 'No Data', 'c.value': null },
    ])
  })
})

test('a database that is away costs the details and never the message', async () => {
  const pool = createPool('postgresql://nobody@127.0.0.1:1/nothing')
  const failures: string[] = []
  const query = 'logs("*").rollup("count").last("5m") > 1'
  expect(await detailsOf({ type: 'log alert', query }, ['*', '*'], { pool, failures })).toEqual([{}, {}])
  expect(failures).toHaveLength(1)
  await pool.end()
})
