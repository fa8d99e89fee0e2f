/** What holds of the state machine whatever happens. What holds of its notifications: telling.property.test.ts. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { begin, type Stored } from '../../../core/monitor/begin.ts'
import { keepsGroup } from '../../../core/monitor/identity.ts'
import { bundleKeyOf } from '../../../core/monitor/membership.ts'
import { isWorse } from '../../../core/monitor/overall.ts'
import type { Status } from '../../../core/monitor/spec-types.ts'
import { step } from '../../../core/monitor/step.ts'
import type { Effect, GroupState, Memory, MonitorState } from '../../../core/monitor/types.ts'
import { minuteMs, play } from './fixtures.ts'
import { agendaOf, changes, eventOf, groups, readings, type SlotHappening, slotAfter, start, story, tell, viaJson } from './stories.ts'

test('cut anywhere and carried on through JSON, a story ends as if it had not been cut', () => {
  fc.assert(
    fc.property(story, fc.nat({ max: 40 }), ({ spec, happenings }, cut) => {
      const whole = play(start(spec), tell(happenings))
      const first = play(start(spec), tell(happenings.slice(0, cut)))
      const second = play(viaJson(first.state), tell(happenings.slice(cut)))
      expect(second.state).toEqual(whole.state)
      expect([...first.transitions, ...second.transitions]).toEqual(whole.transitions)
    }),
  )
})

test('what commits leave in the store is the state, and a workflow that begins with it goes on alike', () => {
  fc.assert(
    fc.property(story, fc.nat({ max: 40 }), ({ spec, happenings }, cut) => {
      const first = play(start(spec), tell(happenings.slice(0, cut)))
      const stored = storedOf(first.effects, start(spec))
      const { sequence, paused, health } = first.state
      expect(stored).toMatchObject({ sequence, paused, health })
      expect(stored.memory).toEqual(memoryOf(first.state))
      expect(stored.groups).toEqual(first.state.groups)
      // Slots that said nothing leave no commit; the engine goes on from where it stood.
      const begun = begin(first.state.spec, { ...stored, lastSlot: first.state.lastSlot }, first.state.lastSlot, first.state.agenda).state
      expect(overdueAside(begun)).toEqual(overdueAside(first.state))
      const whole = play(first.state, tell(happenings.slice(cut)))
      const second = play(viaJson(begun), tell(happenings.slice(cut)))
      expect(overdueAside(second.state)).toEqual(overdueAside(whole.state))
      expect(second.transitions).toEqual(whole.transitions)
    }),
  )
})

test('notify_by that was edited while the engine was away bundles what is bad as an edit does that it hears of', () => {
  fc.assert(
    fc.property(story, fc.constantFrom(null, [], ['env'], ['host']), ({ spec, happenings }, notifyBy) => {
      const { state } = play(start(spec), tell(happenings))
      const { state: edited, transitions } = play(state, tell([{ kind: 'edit', changes: { notifyBy } }]))
      // A downtime that lets go of what only it held tells so in the same moment.
      fc.pre(transitions.length === 0)
      const begun = begin(edited.spec, { ...state, memory: memoryOf(state) }, state.lastSlot, state.agenda).state
      expect(toldOf(begun.bundles)).toEqual(toldOf(edited.bundles))
      expect(toldOf(begun.groups)).toEqual(toldOf(edited.groups))
      expect(Object.keys(begun.owed).sort()).toEqual(Object.keys(edited.owed).sort())
    }),
  )
})

function memoryOf({ bundles, downtimes, causes, flapping, owed, forgotten }: MonitorState): Memory {
  const extras = { ...(causes === undefined ? {} : { causes }), ...(flapping === undefined ? {} : { flapping }) }
  return { bundles, downtimes, ...extras, owed, forgotten }
}

function toldOf(units: MonitorState['bundles']): unknown {
  return Object.fromEntries(
    Object.entries(units).map(([key, { status, told, toldAt, repeats }]) => [key, { status, told, toldAt, repeats }]),
  )
}

/** By how much something is overdue decides nothing. */
function overdueAside(state: MonitorState): MonitorState {
  return { ...state, nextDueAt: state.nextDueAt === null ? null : Math.max(state.nextDueAt, state.lastSlot) }
}

/** As PostgreSQL keeps it: each commit laid over those before. */
function storedOf(effects: readonly Effect[], { spec, lastSlot }: MonitorState): Stored {
  const nothing: Stored = { sequence: 0, lastSlot, paused: false, health: { kind: 'healthy' }, groups: {}, memory: null }
  const memory = { bundles: {}, downtimes: [], owed: {}, forgotten: {} }
  expect(spec.version).toBe(1)
  return effects.reduce<Stored>(
    (stored, effect) => {
      if (effect.kind !== 'commit') return stored
      const { commit } = effect
      const kept = Object.entries({ ...stored.groups, ...commit.groups }).filter(([key]) => !commit.removed.includes(key))
      return {
        sequence: commit.sequence,
        lastSlot: commit.slot,
        paused: commit.paused,
        health: commit.health,
        groups: viaJson(Object.fromEntries(kept)),
        memory: viaJson(commit.memory ?? stored.memory),
      }
    },
    { ...nothing, memory },
  )
}

test('sequence numbers are those of the transitions, without a gap, and time never runs back', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      let sequence = 0
      let slot = 0
      for (const what of happenings) {
        const before = state
        const run = play(state, tell([what]))
        state = run.state
        for (const transition of run.transitions) {
          expect(transition.sequence).toBe(++sequence)
          expect(transition.slot).toBeGreaterThanOrEqual(slot)
          slot = transition.slot
        }
        expect(state.sequence).toBe(sequence)
        expect(state.lastSlot).toBeGreaterThanOrEqual(before.lastSlot)
      }
    }),
  )
})

test('a state is plain JSON, and a step changes nothing in the state it was given', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      for (const what of happenings) {
        const before = viaJson(state)
        const result = step(state, eventOf(state, what))
        expect(viaJson(state)).toEqual(before)
        expect(viaJson(result)).toEqual(result)
        state = result.state
      }
    }),
  )
})

test('the overall status is that of the worst group, and a bundle’s that of its worst', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      for (const what of happenings) {
        state = play(state, tell([what])).state
        expect(state.overall).toBe(worstOf(state.groups) ?? 'No Data')
        expect(Object.fromEntries(Object.entries(state.bundles).map(([key, { status }]) => [key, status]))).toEqual(worstByBundle(state))
        if (state.spec.notifyBy !== null) expect(Object.values(state.groups).filter(({ told, held }) => told || held)).toEqual([])
      }
    }),
  )
})

function worstByBundle({ spec: { notifyBy }, groups: tracked }: MonitorState): Record<string, string> {
  const bundles = new Map<string, Record<string, GroupState>>()
  for (const [key, group] of Object.entries(tracked)) {
    if (notifyBy === null || group.status === 'OK') continue
    const bundle = bundleKeyOf(notifyBy, key)
    bundles.set(bundle, { ...bundles.get(bundle), [key]: group })
  }
  return Object.fromEntries([...bundles].map(([bundle, members]) => [bundle, worstOf(members) ?? 'OK']))
}

function worstOf(tracked: MonitorState['groups']): Status | null {
  return Object.values(tracked).reduce<Status | null>(
    (worst, { status }) => (worst === null || isWorse(status, worst) ? status : worst),
    null,
  )
}

test('slots that say nothing may be told one by one or all at once', () => {
  fc.assert(
    fc.property(story, fc.integer({ min: 1, max: 30 }), ({ spec, happenings }, quiet) => {
      const { state } = play(start(spec), tell(happenings))
      let through = state.lastSlot
      for (let n = 0; n < quiet; n += 1) through = slotAfter({ ...state, lastSlot: through })
      const atOnce = play(state, [{ kind: 'quiet', through, newest: through }])
      const oneByOne = play(
        state,
        Array.from({ length: quiet }, () => (now: MonitorState) => ({ kind: 'quiet', through: slotAfter(now), newest: through }) as const),
      )
      expect(oneByOne.state).toEqual(atOnce.state)
      expect(oneByOne.transitions).toEqual(atOnce.transitions)
    }),
  )
})

test('an evaluation that fails moves no group, unless that was asked for', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const { state } = play(start(spec), tell(happenings))
      const { state: kept } = play(state, tell([{ kind: 'edit', changes: { onEvaluationError: 'keep' } }]))
      // Deadlines of slots before it are met first; then the failed slot itself adds nothing.
      const before = play(kept, [{ kind: 'quiet', through: slotAfter(kept) - 1 }]).state
      const failed: SlotHappening = { kind: 'failed', late: false, downtimes: before.downtimes }
      const after = play(before, tell([failed]))
      expect(after.state.groups).toEqual(before.groups)
      expect(after.transitions).toEqual([])
    }),
  )
})

test('an edit that keeps a group’s identity keeps its state', () => {
  fc.assert(
    fc.property(story, changes, ({ spec, happenings }, edit) => {
      const { state } = play(start(spec), tell(happenings))
      const { state: edited } = play(state, tell([{ kind: 'edit', changes: edit }]))
      expect(judgedOnly(edited.groups)).toEqual(judgedOnly(state.groups))
      expect(edited.overall).toBe(state.overall)
      expect(edited.lastSlot).toBe(state.lastSlot)
      expect(Object.keys(state.groups).filter((key) => !keepsGroup(edited.spec, key) && key !== '*')).toEqual([])
    }),
  )
})

/** Without what is remembered of who was told. */
function judgedOnly(tracked: MonitorState['groups']): unknown {
  return Object.entries(tracked).map(([key, { told, toldAt, repeats, held, acknowledged, ...group }]) => [key, group])
}

test('a group that gets worse has been bad for the whole hold, without a gap', () => {
  const holdMs = 3 * minuteMs
  const bad = fc.dictionary(fc.constantFrom(...groups), fc.constantFrom(85, 95))
  const slots = fc.array(fc.oneof(readings, bad, fc.constant(null)), { maxLength: 40 })
  fc.assert(
    fc.property(slots, (values) => {
      let state = start({ holdMs, missing: { action: 'keep', timeframeMs: minuteMs } })
      const badSince = new Map<string, number>()
      for (const found of values) {
        noteBad(badSince, found, slotAfter(state))
        const quiet = { late: false, downtimes: [] } as const
        const run = play(
          state,
          tell([found === null ? { kind: 'failed', ...quiet } : { kind: 'values', values: found, partial: [], ...quiet }]),
        )
        state = run.state
        for (const worse of run.transitions.filter(({ from }) => from === 'OK'))
          expect(worse.slot - (badSince.get(worse.group) ?? Infinity)).toBeGreaterThanOrEqual(holdMs)
      }
    }),
  )
})

function noteBad(badSince: Map<string, number>, values: Readonly<Record<string, number>> | null, slot: number): void {
  for (const group of values === null ? [] : groups) {
    if ((values?.[group] ?? 0) <= 80) badSince.delete(group)
    else if (!badSince.has(group)) badSince.set(group, slot)
  }
}

test('no event, however odd, makes step throw', () => {
  const odd = fc.record({
    // Ahead no further than the loop ever asks (temporal.config.ts, catchUpHorizonMs): each minute of it may have a repeat.
    slot: fc.integer({ min: -1e12, max: start({}).lastSlot + 24 * 60 * minuteMs }),
    changed: fc.array(
      fc.record({ group: fc.string(), level: fc.constantFrom('ok', 'warn', 'alert' as const), value: fc.double(), at: fc.integer() }),
    ),
    missing: fc.array(fc.record({ group: fc.string(), lastAt: fc.integer() })),
    partial: fc.array(fc.string()),
    refused: fc.nat(),
    outcome: fc.constant({ kind: 'ok' } as const),
  })
  fc.assert(
    fc.property(story, odd, ({ spec, happenings }, observation) => {
      const { state } = play(start(spec), tell(happenings))
      step(state, { kind: 'observed', observation })
      step(state, { kind: 'quiet', through: observation.slot })
      step(state, { kind: 'resolved', groups: observation.changed.map((reading) => reading.group), at: observation.slot })
      expect(agendaOf(spec) === null).toBe(state.agenda === null)
    }),
  )
})
