import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeToCell } from '../../adapters/postgres/queries/cells.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { saveProgress } from '../../adapters/postgres/queries/progress.ts'
import { evaluated, play, specOf, stateOf } from '../core/monitor/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { memoryMonitorStore } from '../support/memory-monitor-store.ts'
import { monitorStoreConformance } from './monitor-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

monitorStoreConformance('memory', async () => {
  const store = memoryMonitorStore()
  return {
    store,
    define: async (spec) => {
      store.define(spec)
      return spec.monitorId
    },
    remove: async (monitorId) => store.remove(monitorId),
  }
})

monitorStoreConformance('PostgreSQL', async () => ({
  store: monitorStore(database.pool),
  define: (spec) => insertMonitor(database.pool, spec),
  remove: async (monitorId) => {
    await database.pool.query('update monitors set deleted_at = now() where id = $1', [monitorId])
  },
}))

test('a transition and the intent to tell it are one commit in PostgreSQL, and so is what the API shows', async () => {
  const monitorId = await insertMonitor(database.pool, specOf())
  const { effects } = play(stateOf({ silenced: { 'host:b': null } }), [(s) => evaluated(s, { 'host:a': 95, 'host:b': 95, 'host:c': 95 })])
  for (const effect of effects) if (effect.kind === 'commit') await monitorStore(database.pool).commit({ ...effect.commit, monitorId })
  const { rows: notifications } = await database.pool.query(
    'select sequence, to_jsonb(transition_sequences) as transition_sequences from notifications where monitor_id = $1',
    [monitorId],
  )
  expect(notifications).toEqual([{ sequence: 3, transition_sequences: [1, 3] }])
  const { rows: monitors } = await database.pool.query('select overall_state, applied_version from monitors where id = $1', [monitorId])
  expect(monitors).toEqual([{ overall_state: 'Alert', applied_version: 1 }])
})

test('a commit that fails half-way leaves nothing', async () => {
  const monitorId = await insertMonitor(database.pool, specOf())
  const { effects } = play(stateOf(), [(s) => evaluated(s, { 'host:a': 95 })])
  const [effect] = effects
  if (effect?.kind !== 'commit') throw new Error('the first effect is a commit')
  const impossible = { ...effect.commit, monitorId, slot: Number.NaN }
  await expect(monitorStore(database.pool).commit(impossible)).rejects.toThrow()
  const { rows } = await database.pool.query(
    'select (select count(*) from transitions where monitor_id = $1) + (select count(*) from notifications where monitor_id = $1) as n',
    [monitorId],
  )
  expect(rows).toEqual([{ n: 0 }])
})

test('only workers of the cell in which a monitor lives load and commit it', async () => {
  const monitorId = await insertMonitor(database.pool, specOf())
  const { effects } = play(stateOf(), [(s) => evaluated(s, { 'host:a': 95 })])
  const [effect] = effects
  if (effect?.kind !== 'commit') throw new Error('the first effect is a commit')
  const commit = { ...effect.commit, monitorId }
  const [old, next] = [monitorStore(database.pool, 'default'), monitorStore(database.pool, 'west')]
  expect(await next.load(monitorId)).toBeNull()
  expect(await next.commit(commit)).toEqual({ kind: 'moved' })
  expect(await takeToCell(database.pool, { ids: [monitorId] }, 'west')).toMatchObject([{ monitorId, from: 'default' }])
  expect(await takeToCell(database.pool, { ids: [monitorId] }, 'west')).toEqual([])
  expect(await old.load(monitorId)).toBeNull()
  expect(await old.commit(commit)).toEqual({ kind: 'moved' })
  expect((await next.load(monitorId))?.stored).toBeNull()
  expect(await next.commit(commit)).toEqual({ kind: 'stored' })
})

test('what is started anew goes on after the last slot that was judged, committed or not', async () => {
  const monitorId = await insertMonitor(database.pool, specOf())
  const store = monitorStore(database.pool)
  const { effects } = play(stateOf(), [(s) => evaluated(s, { 'host:a': 95 })])
  const [effect] = effects
  if (effect?.kind !== 'commit') throw new Error('the first effect is a commit')
  await store.commit({ ...effect.commit, monitorId })
  const { slot } = effect.commit
  const progress = { monitorId, priority: null, dueAt: null, intervalMs: 60_000, stretch: 1, lagMs: 1 }
  await saveProgress(database.pool, [{ ...progress, slot: slot + 120_000, settled: slot + 60_000, at: 1 }])
  expect((await store.load(monitorId))?.stored?.lastSlot).toBe(slot + 60_000)
  // A load says nothing of it, and what is older than a commit counts for nothing.
  await saveProgress(database.pool, [{ ...progress, slot, at: 2 }])
  expect((await store.load(monitorId))?.stored?.lastSlot).toBe(slot + 60_000)
  await saveProgress(database.pool, [{ ...progress, slot, settled: slot - 60_000, at: 3 }])
  expect((await store.load(monitorId))?.stored?.lastSlot).toBe(slot)
})
