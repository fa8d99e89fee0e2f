import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SourceError, type SourceQuery } from '../../activities/ports.ts'
import { compositeDatasource } from '../../adapters/datasources/composite.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { monitorStates } from '../../adapters/postgres/queries/states.ts'
import { utcStarts } from '../../core/monitor/spec.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertMonitor } from '../support/insert-monitor.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const now = 1_700_000_000_000
const question: SourceQuery = {
  type: 'composite',
  query: '',
  slots: [now],
  delayMs: 0,
  calendar: utcStarts,
  requireFullWindow: false,
  groupsMax: 100,
  timeoutMs: 5_000,
}

/** Stores a monitor with these groups; the worst of them is how it is as a whole. */
async function member(overall: Status, groups: Readonly<Record<string, Status>> = { '*': overall }): Promise<number> {
  const id = await insertMonitor(database.pool, {
    name: 'm',
    type: 'query alert',
    query: 'avg(last_5m):avg:x{*} > 1',
    tags: [],
    priority: null,
  })
  await database.pool.query('update monitors set overall_state = $2 where id = $1', [id, overall])
  for (const [group, status] of Object.entries(groups)) {
    await database.pool.query('insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, $2, $3, 0, $4)', [
      id,
      group,
      status,
      '{}',
    ])
  }
  return id
}

const ask = (query: string, changes: Partial<SourceQuery> = {}, clock = now) =>
  compositeDatasource(monitorStates(database.pool), () => clock).query({ ...question, query, ...changes })

const valuesOf = async (query: string): Promise<unknown> => (await ask(query))[0]?.values

describe('a composite', () => {
  test('answers a level of its members, and nothing where they come to No Data', async () => {
    const [alert, ok, warn, noData] = await Promise.all([member('Alert'), member('OK'), member('Warn'), member('No Data', {})])
    expect(await valuesOf(`${alert} && ${ok}`)).toEqual({ '*': 0 })
    expect(await valuesOf(`${alert} && !${ok}`)).toEqual({ '*': 2 })
    expect(await valuesOf(`${ok} || ${warn}`)).toEqual({ '*': 1 })
    expect(await valuesOf(`${alert} && ${noData}`)).toEqual({})
  })

  test('has the groups that its members have in common', async () => {
    const one = await member('Alert', { 'host:a': 'Alert', 'host:b': 'OK', 'host:c': 'Alert' })
    const other = await member('Alert', { 'host:a': 'Alert', 'host:b': 'Alert', 'host:d': 'Alert' })
    const whole = await member('Warn')
    expect(await valuesOf(`${one} && ${other}`)).toEqual({ 'host:a': 2, 'host:b': 0 })
    expect(await valuesOf(`(${one} || ${whole}) && ${other}`)).toEqual({ 'host:a': 2, 'host:b': 1 })
    expect((await ask(`${one} && ${other}`, { groupsMax: 1 }))[0]?.values).toEqual({ 'host:a': 2 })
  })

  test('is answered for now, and skipped for the past', async () => {
    const id = await member('Alert')
    const slots = [now - 180_000, now - 120_000, now - 60_000]
    const reason = 'how the members of a composite were at an earlier time is not kept'
    expect(await ask(`${id}`, { slots })).toEqual([
      { slot: slots[0], values: {}, skipped: reason },
      { slot: slots[1], values: {}, skipped: reason },
      { slot: slots[2], values: { '*': 2 } },
    ])
    expect(await ask(`${id}`, { slots }, now + 600_000)).toMatchObject([{ skipped: reason }, { skipped: reason }, { skipped: reason }])
    expect(await ask(`${id}`, { slots: [] })).toEqual([])
  })

  test('names the member that is gone', async () => {
    const id = await member('Alert')
    const gone = await member('Alert')
    await database.pool.query('update monitors set deleted_at = now() where id = $1', [gone])
    const error = await ask(`${id} && ${gone}`).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ code: 'bad-query', message: `monitor ${gone}, which this composite is made of, was deleted` })
  })

  test('can’t be read where it is no composite, nor while PostgreSQL is away', async () => {
    await expect(ask('1 and 2')).rejects.toMatchObject({ code: 'bad-query' })
    const away = createPool('postgres://nobody@127.0.0.1:1/none')
    const source = compositeDatasource(monitorStates(away), () => now)
    await expect(source.query({ ...question, query: '1' })).rejects.toMatchObject({ code: 'unreachable' })
    await away.end()
  })
})
