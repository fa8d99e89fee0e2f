/** What fires elsewhere, as of a slot, from what is committed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CauseSource } from '../../activities/ports.ts'
import { SourceError } from '../../activities/ports.ts'
import { causeSource } from '../../adapters/postgres/cause-source.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { inhibitedByOf } from '../../core/monitor/spec-causes.ts'
import type { MonitorSpec, Status } from '../../core/monitor/spec-types.ts'
import type { Commit } from '../../core/monitor/types.ts'
import { evaluated, minuteMs, play, stateOf } from '../core/monitor/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let now = 0
let source: CauseSource
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate monitors cascade')
  source = causeSource({ pool: database.pool, clock: () => now })
  now += 10_000
})

async function insert(
  id: number,
  said: Readonly<{ tags?: readonly string[]; draft?: boolean; rules?: readonly object[] }> = {},
): Promise<void> {
  await database.pool.query(
    `insert into monitors (id, type, name, query, message, options, multi, creator, tags, draft_status)
     values ($1, 'query alert', 'x', 'x', '', $2, false, '{}', $3, $4)`,
    [id, said.rules === undefined ? {} : { inhibited_by: said.rules }, said.tags ?? [], said.draft ? 'draft' : 'published'],
  )
}

/** A monitor that sees these values, slot by slot, from the epoch of the fixtures on; resolves with its slots. */
async function live(id: number, values: readonly Readonly<Record<string, number>>[], spec: Partial<MonitorSpec> = {}): Promise<number[]> {
  let state = stateOf({ monitorId: id, ...spec })
  await store({ ...emptyCommit, monitorId: id, slot: state.lastSlot })
  const slots: number[] = []
  for (const seen of values) {
    const run = play(state, [evaluated(state, seen)])
    state = run.state
    slots.push(state.lastSlot)
    for (const effect of run.effects) if (effect.kind === 'commit') await store(effect.commit)
  }
  return slots
}

const store = (commit: Commit) => monitorStore(database.pool).commit(commit)

const emptyCommit: Omit<Commit, 'monitorId' | 'slot'> = {
  version: 1,
  sequence: 0,
  overall: 'OK',
  paused: false,
  health: { kind: 'healthy' },
  transitions: [],
  groups: {},
  removed: [],
  memory: null,
}

async function firing(
  slots: readonly number[],
  rules: readonly object[],
  about = { monitorId: 1, tags: ['layer:app'] },
): Promise<string[][]> {
  const answer = await source.firing({ ...about, inhibitedBy: inhibitedByOf(rules) }, slots)
  return answer.map((groups) => groups.map(({ monitorId, group, status }) => `${monitorId} ${group} ${status}`).sort())
}

const any: readonly Status[] = ['Alert', 'Warn', 'No Data']
const statuses = any.map((status) => status.toLowerCase())

describe('a cause source', () => {
  test('answers each slot as of itself, whatever came afterwards', async () => {
    await insert(7)
    const slots = await live(7, [
      { 'host:a': 10, 'host:b': 95 },
      { 'host:a': 95, 'host:b': 85 },
      { 'host:a': 95, 'host:b': 10 },
      { 'host:a': 10, 'host:b': 10 },
    ])
    const rules = [{ monitor_id: 7, statuses }]
    const whole = [['7 host:b Alert'], ['7 host:a Alert', '7 host:b Warn'], ['7 host:a Alert'], []]
    expect(await firing(slots, rules)).toEqual(whole)
    for (const [index, slot] of slots.entries()) expect(await firing([slot], rules)).toEqual([whole[index]])
    expect(await firing([(slots[0] ?? 0) - minuteMs, (slots[1] ?? 0) + 1], rules)).toEqual([[], whole[1]])
  })

  test('only statuses that a rule names count', async () => {
    await insert(7)
    const [slot = 0] = await live(7, [{ 'host:a': 95, 'host:b': 85 }])
    expect(await firing([slot], [{ monitor_id: 7 }])).toEqual([['7 host:a Alert']])
    expect(await firing([slot], [{ monitor_id: 7, statuses: ['warn'] }])).toEqual([['7 host:b Warn']])
  })

  test('bundles of the cause are none of its groups', async () => {
    await insert(7)
    const [slot = 0, next = 0] = await live(7, [{ 'host:a': 95 }, { 'host:a': 10 }], { notifyBy: [] })
    expect(await firing([slot, next], [{ monitor_id: 7 }])).toEqual([['7 host:a Alert'], []])
  })

  test.each<[string, object, boolean]>([
    ['its id', { monitor_id: 7 }, true],
    ['another id', { monitor_id: 8 }, false],
    ['one of its tags', { monitor_tags: ['env:p'] }, true],
    ['all of its tags', { monitor_tags: ['env:p', 'layer:net'] }, true],
    ['one tag that it hasn’t', { monitor_tags: ['env:p', 'layer:db'] }, false],
  ])('is named by %s', async (_what, rule, isNamed) => {
    await insert(7, { tags: ['layer:net', 'env:p'] })
    const [slot = 0] = await live(7, [{ 'host:a': 95 }])
    expect(await firing([slot], [rule])).toEqual([isNamed ? ['7 host:a Alert'] : []])
  })

  test.each(['draft', 'paused', 'deleted', 'never begun'])('a monitor that is %s holds nobody', async (how) => {
    await insert(7, { draft: how === 'draft' })
    const [slot = 0] = how === 'never begun' ? [minuteMs] : await live(7, [{ 'host:a': 95 }])
    if (how === 'paused') await database.pool.query('update monitor_state set paused = true')
    if (how === 'deleted') await database.pool.query('update monitors set deleted_at = now()')
    expect(await firing([slot], [{ monitor_id: 7 }])).toEqual([[]])
  })

  test('no monitor holds itself', async () => {
    await insert(1, { tags: ['layer:app'] })
    const [slot = 0] = await live(1, [{ 'host:a': 95 }])
    expect(await firing([slot], [{ monitor_tags: ['layer:app'] }])).toEqual([[]])
  })

  test('of two that hold each other by tags only the younger one is held', async () => {
    const [app, net] = [[{ monitor_tags: ['layer:net'] }], [{ monitor_tags: ['layer:app'] }]]
    await insert(1, { tags: ['layer:app'], rules: app })
    await insert(7, { tags: ['layer:net'], rules: net })
    await live(1, [{ 'host:a': 95 }])
    const [slot = 0] = await live(7, [{ 'host:a': 95 }])
    expect(await firing([slot + minuteMs], app)).toEqual([[]])
    expect(await firing([slot + minuteMs], net, { monitorId: 7, tags: ['layer:net'] })).toEqual([['1 host:a Alert']])
  })

  test('without PostgreSQL it says so', async () => {
    const pool = createPool('postgres://nobody@127.0.0.1:1/nothing')
    const away = causeSource({ pool, clock: () => now })
    const asked = away.firing({ monitorId: 1, tags: [], inhibitedBy: inhibitedByOf([{ monitor_id: 7 }]) }, [1])
    await expect(asked).rejects.toBeInstanceOf(SourceError)
    await pool.end()
  })
})
