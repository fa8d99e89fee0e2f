/** Slots that are evaluated afterwards: states as if nothing had happened, and nothing owed once the engine is up to date. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slotEvent } from '../../../core/monitor/slot-event.ts'
import { step } from '../../../core/monitor/step.ts'
import type { MonitorEvent, MonitorState } from '../../../core/monitor/types.ts'
import { play, type Run } from './fixtures.ts'
import { observationOf, type SlotHappening, slotAfter, slots, start, story, tell } from './stories.ts'

test('slots that are caught up in batches of any size come out as one by one', () => {
  fc.assert(
    fc.property(story, slots, fc.integer({ min: 1, max: 12 }), ({ spec, happenings }, missed, size) => {
      const { state } = play(play(start(spec), tell(happenings)).state, [{ kind: 'resumed', at: 0 }])
      const oneByOne = caughtUp(state, missed, 1)
      const inBatches = caughtUp(state, missed, size)
      expect(inBatches.state).toEqual(oneByOne.state)
      expect(inBatches.transitions).toEqual(oneByOne.transitions)
    }),
  )
})

test('what is caught up ends in the same groups as what was never missed', () => {
  fc.assert(
    fc.property(story, slots, ({ spec, happenings }, missed) => {
      const { state } = play(play(start(spec), tell(happenings)).state, [{ kind: 'resumed', at: 0 }])
      const late = caughtUp(state, missed, 3)
      const onTime = play(state, tell(missed.map((what) => ({ ...what, late: false }))))
      expect(statesOf(late.state)).toEqual(statesOf(onTime.state))
      expect(changesOf(late)).toEqual(changesOf(onTime))
    }),
  )
})

test('nothing is owed after a slot that isn’t late, and what is owed then is nothing new', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      for (const what of happenings) {
        const before = state
        state = play(state, tell([what])).state
        if ('late' in what && !what.late && !before.paused) expect(state.owed).toEqual({})
        // Somebody who acts tells nothing that would have to wait.
        if (!('late' in what) && what.kind !== 'edit')
          expect(Object.keys(before.owed)).toEqual(expect.arrayContaining(Object.keys(state.owed)))
      }
    }),
  )
})

test('while slots are late nobody is told', () => {
  fc.assert(
    fc.property(story, slots, ({ spec, happenings }, missed) => {
      const { state } = play(play(start(spec), tell(happenings)).state, [{ kind: 'resumed', at: 0 }])
      const { transitions } = play(state, tell(missed.map((what) => ({ ...what, late: true }))))
      expect(transitions.filter(({ notify }) => notify.send)).toEqual([])
    }),
  )
})

/** As the evaluate activity and the workflow do it: `size` slots a request, the newest of all known from the beginning. */
function caughtUp(state: MonitorState, missed: readonly SlotHappening[], size: number): Run {
  const all: number[] = []
  for (const _ of missed) all.push(slotAfter({ ...state, lastSlot: all.at(-1) ?? state.lastSlot }))
  const newest = all.at(-1) ?? state.lastSlot
  let run: Run = { state, transitions: [], effects: [] }
  for (let first = 0; first < missed.length; first += size) {
    const events = eventsOf(run.state, missed.slice(first, first + size), all.slice(first, first + size), newest)
    const { state: next, transitions, effects } = play(run.state, events)
    run = { state: next, transitions: [...run.transitions, ...transitions], effects: [...run.effects, ...effects] }
  }
  return run
}

/** Slots that have nothing to tell are told by the last one alone. */
function eventsOf(known: MonitorState, happenings: readonly SlotHappening[], times: readonly number[], newest: number): MonitorEvent[] {
  const events: MonitorEvent[] = []
  let state = known
  for (const [index, what] of happenings.entries()) {
    const slot = times[index] ?? newest
    const observation = observationOf(state, slot, what, slot < newest)
    if (observation !== null) events.push(slotEvent(slot, observation, newest))
    state = step(state, slotEvent(slot, observation, newest)).state
  }
  return [...events, slotEvent(times.at(-1) ?? known.lastSlot, null, newest)]
}

/** Without what is remembered of who was told, and the values that go with it. */
function statesOf({ groups, overall, health, lastSlot, forgotten }: MonitorState): unknown {
  const judged = Object.entries(groups).map(([key, { told, toldAt, repeats, held, value, acknowledged, ...group }]) => [key, group])
  return { judged, overall, health, lastSlot, forgotten }
}

function changesOf({ transitions }: Run): string[] {
  const changes = transitions.filter(({ from, to, reason, bundle }) => from !== to && reason !== 'caught-up' && bundle === null)
  return changes.map(({ slot, group, from, to, reason }) => `${slot} ${group} ${from} → ${to}, ${reason}`)
}
