import { beforeEach, describe, expect, test } from 'vitest'
import type { MonitorStore } from '../../activities/ports.ts'
import { begin } from '../../core/monitor/begin.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import type { Commit, Effect, Memory } from '../../core/monitor/types.ts'
import { epoch, evaluated, minuteMs, play, specOf, stateOf } from '../core/monitor/fixtures.ts'

export type StoreUnderTest = Readonly<{
  store: MonitorStore
  /** Stores a definition of this specification; its id may be another than the specification's. */
  define: (spec: MonitorSpec) => Promise<number>
  remove: (monitorId: number) => Promise<void>
}>

const memory: Memory = {
  bundles: {
    'service:o\'brien "x"': {
      status: 'Alert',
      since: epoch,
      value: 1e-300,
      firstTriggeredAt: epoch,
      lastTriggeredAt: epoch,
      told: true,
      toldAt: epoch,
      repeats: 2,
      held: false,
    },
  },
  downtimes: [
    {
      id: 'd-1:1',
      scope: { kind: 'not', of: { kind: 'tag', key: 'env', value: null } },
      startAt: epoch,
      endAt: null,
      notifyEndStates: ['Alert', 'Unknown'],
      notifyEndTypes: ['expired'],
      muteFirstRecovery: true,
    },
  ],
  owed: { 'host:a': { worst: 'Warn', value: null, firstTriggeredAt: null, toldBefore: true } },
  forgotten: { 'host:b': epoch - minuteMs },
}

/** What every MonitorStore must do. */
export function monitorStoreConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a monitor store`, () => {
    let under: StoreUnderTest
    let monitorId: number
    beforeEach(async () => {
      under = await open()
      monitorId = await under.define(specOf())
    })

    const commitsOf = (effects: readonly Effect[]): Commit[] =>
      effects.flatMap((effect) => (effect.kind === 'commit' ? [{ ...effect.commit, monitorId }] : []))
    const story = () =>
      play(stateOf(), [(s) => evaluated(s, { 'host:a': 95, 'host:b': 1 }), (s) => evaluated(s, { 'host:a': 1, 'host:b': 85 })])

    test('a new monitor has a specification and no state', async () => {
      const loaded = await under.store.load(monitorId)
      expect(loaded?.spec).toMatchObject({ monitorId, version: 1, query: specOf().query })
      expect(loaded?.stored).toBeNull()
    })

    test('a monitor that is unknown or deleted loads as null', async () => {
      expect(await under.store.load(987_654_321)).toBeNull()
      await under.remove(monitorId)
      expect(await under.store.load(monitorId)).toBeNull()
    })

    test('what was committed is what a workflow begins with', async () => {
      const { state, effects } = story()
      for (const commit of commitsOf(effects)) expect(await under.store.commit(commit)).toEqual({ kind: 'stored' })
      const loaded = await under.store.load(monitorId)
      expect(loaded?.stored).toEqual({
        sequence: 3,
        lastSlot: state.lastSlot,
        paused: false,
        health: { kind: 'healthy' },
        groups: state.groups,
        memory: null,
      })
      const again = loaded === null ? null : begin(loaded.spec, loaded.stored, epoch + 60 * minuteMs).state
      expect(again).toMatchObject({ sequence: 3, overall: 'Warn', groups: state.groups })
    })

    test('a commit that comes again is known already and changes nothing', async () => {
      const commits = commitsOf(story().effects)
      for (const commit of commits) await under.store.commit(commit)
      const before = await under.store.load(monitorId)
      for (const commit of commits) expect(await under.store.commit(commit)).toEqual({ kind: 'already-stored' })
      expect(await under.store.load(monitorId)).toEqual(before)
    })

    test('another decision under a number that is taken is reported and never stored', async () => {
      const [first, second] = commitsOf(story().effects)
      if (first === undefined || second === undefined) throw new Error('the story has two commits')
      await under.store.commit(first)
      await under.store.commit(second)
      const before = await under.store.load(monitorId)
      const [transition] = first.transitions
      if (transition === undefined) throw new Error('the first commit has a transition')
      const other: Commit = {
        ...first,
        sequence: 9,
        transitions: [
          { ...transition, to: 'Warn' },
          { ...transition, sequence: 9 },
        ],
        slot: second.slot + 1,
      }
      expect(await under.store.commit(other)).toEqual({ kind: 'diverged', sequences: [1] })
      expect(await under.store.load(monitorId)).toEqual(before)
    })

    test('an older commit never overwrites a newer one', async () => {
      const [first, second] = commitsOf(story().effects)
      if (first === undefined || second === undefined) throw new Error('the story has two commits')
      await under.store.commit(second)
      const before = await under.store.load(monitorId)
      await under.store.commit(first)
      expect((await under.store.load(monitorId))?.stored).toEqual(before?.stored)
    })

    test('groups that left the state are gone', async () => {
      const [first] = commitsOf(story().effects)
      if (first === undefined) throw new Error('the story has a commit')
      await under.store.commit(first)
      await under.store.commit({ ...first, transitions: [], groups: {}, removed: ['host:a'], slot: first.slot + minuteMs })
      expect(Object.keys((await under.store.load(monitorId))?.stored?.groups ?? {})).toEqual(['host:b'])
    })

    test('what a state remembers beside its groups is stored whole, and stays until it changes', async () => {
      const [first, second] = commitsOf(story().effects)
      if (first === undefined || second === undefined) throw new Error('the story has two commits')
      const remembered = async (): Promise<Memory | null | undefined> => (await under.store.load(monitorId))?.stored?.memory
      await under.store.commit({ ...first, memory })
      expect(await remembered()).toEqual(memory)
      await under.store.commit({ ...second, memory: null })
      expect(await remembered()).toEqual(memory)
      const less: Memory = { bundles: {}, downtimes: [], owed: {}, forgotten: { 'host:c': epoch } }
      await under.store.commit({ ...second, transitions: [], slot: second.slot + minuteMs, memory: less })
      expect(await remembered()).toEqual(less)
      await under.store.commit({ ...first, memory })
      expect(await remembered()).toEqual(less)
    })

    test('values that JSON and SQL like to bend come back as they were', async () => {
      const key = 'host:o\'brien "x" ünï\\,y'
      const { effects, state } = play(stateOf(), [(s) => evaluated(s, { [key]: 1e-300 }), (s) => evaluated(s, { [key]: 1234567.125 })])
      for (const commit of commitsOf(effects)) await under.store.commit(commit)
      expect((await under.store.load(monitorId))?.stored?.groups).toEqual(state.groups)
    })
  })
}
