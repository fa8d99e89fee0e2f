import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StoreAwayError } from '../../activities/store-ports.ts'
import { downtimeSource } from '../../adapters/postgres/downtime-source.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { cancelDowntime, countDowntimeChange, insertDowntime, updateDowntime } from '../../adapters/postgres/queries/downtimes.ts'
import { recurrences } from '../../adapters/recurrences/recurrences.ts'
import { inForceMax, inForceScopeCharsMax } from '../../core/downtime/matching.ts'
import { overMs } from '../../core/downtime/occurrences.ts'
import type { DowntimePlan, EndState } from '../../core/downtime/plan.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import { parseScope } from '../../core/query/scope.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { planOf } from '../support/downtime-plan.ts'
import { type MemoryDowntime, memoryDowntimes } from '../support/memory-downtimes.ts'
import { downtimeSourceConformance } from './downtime-source.ts'

const { times } = recurrences()
const by = { name: 'test', handle: 'test', email: 'test', id: 1 }
const epoch = Date.parse('2026-11-24T12:00:00Z')

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(
    `insert into monitors (id, type, name, query, message, options, multi, creator)
     select id, 'query alert', 'x', 'x', '', '{}', false, '{}' from unnest('{1,2}'::bigint[]) as id`,
  )
})
afterAll(() => database.drop())

const statusOf = { alert: 'Alert', 'no data': 'No Data', warn: 'Warn' } as const satisfies Readonly<Record<EndState, Status>>

downtimeSourceConformance('memory', async () => {
  const list = new Map<string, MemoryDowntime>()
  const set = (id: string, plan: DowntimePlan): void => {
    const scope = parseScope(plan.scope)
    if (!scope.ok) throw new Error(scope.error.message)
    const downtime = {
      id,
      scope: scope.scope,
      startAt: plan.startMs,
      endAt: plan.endMs,
      notifyEndStates: plan.notifyEndStates.map((state) => statusOf[state]),
      notifyEndTypes: plan.notifyEndTypes,
      muteFirstRecovery: plan.muteFirstRecovery,
    }
    list.set(id, { downtime, canceledAt: null, monitorId: plan.monitorId, monitorTags: plan.monitorTags })
  }
  return {
    source: memoryDowntimes(() => [...list.values()]),
    plan: async (said) => {
      const id = randomUUID()
      set(id, planOf(said))
      return id
    },
    change: async (id, said) => set(id, planOf(said)),
    cancel: async (id, canceledAt) => {
      const found = list.get(id)
      if (found !== undefined) list.set(id, { ...found, canceledAt })
    },
  }
})

async function plan(said: Partial<DowntimePlan>): Promise<string> {
  await countDowntimeChange(database.pool)
  const stored = await insertDowntime(database.pool, writeOf(said))
  if (stored === null) throw new Error('there are too many')
  return stored.id
}

function writeOf(said: Partial<DowntimePlan>) {
  const whole = planOf(said)
  return { plan: whole, overMs: overMs(whole, times), by, nowMs: epoch }
}

/** Time passes with each look at the clock: each question finds its last look too old. */
const hasty = () => {
  let now = epoch
  return () => {
    now += 1_000
    return now
  }
}

downtimeSourceConformance('PostgreSQL', async () => {
  await database.pool.query('delete from downtimes')
  await countDowntimeChange(database.pool)
  return {
    source: downtimeSource({ pool: database.pool, times, clock: hasty() }),
    plan,
    change: async (id, said) => {
      await countDowntimeChange(database.pool)
      await updateDowntime(database.pool, id, writeOf(said))
    },
    cancel: async (id, atMs) => {
      await countDowntimeChange(database.pool)
      await cancelDowntime(database.pool, id, by, atMs)
    },
  }
})

const monitor = { monitorId: 1, tags: [] }

test('PostgreSQL is asked once a second, however many ask, and the list is read only when it changed', async () => {
  await database.pool.query('delete from downtimes')
  let now = epoch
  let statements: string[] = []
  const pool = createPool(database.url)
  const query = pool.query.bind(pool)
  Object.assign(pool, {
    query: (text: string, values: unknown[]) => {
      statements.push(/from (\w+)/.exec(text)?.[1] ?? text)
      return query(text, values)
    },
  })
  const source = downtimeSource({ pool, times, clock: () => now })
  const ask = async () => {
    statements = []
    const answers = await Promise.all(Array.from({ length: 50 }, () => source.inForce(monitor, [now])))
    return { held: new Set(answers.flat(2).map(({ id }) => id)).size, statements }
  }
  expect(await ask()).toEqual({ held: 0, statements: ['downtime_changes', 'downtimes'] })
  await plan({ startMs: epoch })
  now += 999
  expect(await ask()).toEqual({ held: 0, statements: [] })
  now += 1
  expect(await ask()).toEqual({ held: 1, statements: ['downtime_changes', 'downtimes'] })
  now += 1_000
  expect(await ask()).toEqual({ held: 1, statements: ['downtime_changes'] })
  await pool.end()
})

test('while PostgreSQL is away, what was known last holds; without that there is no answer', async () => {
  await database.pool.query('delete from downtimes')
  await plan({ startMs: epoch, endMs: epoch + 60_000 })
  let now = epoch
  const pool = createPool(database.url)
  const source = downtimeSource({ pool, times, clock: () => now })
  const held = async (): Promise<number> => (await source.inForce(monitor, [now])).flat().length
  expect(await held()).toBe(1)
  await pool.end()
  now += 59_999
  expect(await held()).toBe(1)
  now += 1
  expect(await held()).toBe(0)
  // However long: nobody can plan or cancel one.
  now = epoch + 30_000
  expect(await held()).toBe(1)
  now = epoch + 86_400_000
  expect(await held()).toBe(0)
  await expect(downtimeSource({ pool, times, clock: () => now }).inForce(monitor, [now])).rejects.toThrow(StoreAwayError)
})

test('one that comes again has an occurrence a day, in its zone, also where slots are caught up', async () => {
  await database.pool.query('delete from downtimes')
  const id = await plan({ timezone: 'Europe/Berlin', recurrences: [{ start: '2026-01-01T13:00', duration: '30m', rrule: 'FREQ=DAILY' }] })
  const source = downtimeSource({ pool: database.pool, times, clock: hasty() })
  const day = 86_400_000
  const slots = [epoch - day, epoch - day + 1_800_000, epoch, epoch + 1_799_999]
  const held = (await source.inForce(monitor, slots)).map((downtimes) => downtimes.map((downtime) => downtime.id))
  expect(held).toEqual([[`${id}:${epoch - day}`], [], [`${id}:${epoch}`], [`${id}:${epoch}`]])
})

test('what ended or was canceled within a day still answers for its slots; a monitor is held by so many at most', async () => {
  await database.pool.query('delete from downtimes')
  const hour = 3_600_000
  await plan({ startMs: epoch - 25 * hour, endMs: epoch - 20 * hour })
  await cancelDowntime(database.pool, await plan({ startMs: epoch - 25 * hour }), by, epoch - 22 * hour)
  const source = downtimeSource({ pool: database.pool, times, clock: () => epoch })
  const counts = async (slots: readonly number[]) => (await source.inForce(monitor, slots)).map((downtimes) => downtimes.length)
  expect(await counts([epoch - 23 * hour, epoch - 21 * hour, epoch - 19 * hour])).toEqual([2, 1, 0])
  for (let count = 0; count <= inForceMax; count += 1) await plan({ startMs: epoch })
  const heldNow = async () => (await downtimeSource({ pool: database.pool, times, clock: () => epoch }).inForce(monitor, [epoch]))[0]
  expect(await heldNow()).toHaveLength(inForceMax)
  await database.pool.query('delete from downtimes')
  const longScope = `host:${'a'.repeat(1_995)}`
  for (let chars = 0; chars <= inForceScopeCharsMax; chars += longScope.length) await plan({ scope: longScope, startMs: epoch })
  expect(await heldNow()).toHaveLength(inForceScopeCharsMax / longScope.length)
})
