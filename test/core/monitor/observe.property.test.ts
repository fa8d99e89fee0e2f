/** What an evaluation tells is a filter, not a decision: it says no more and no less than every reading would. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classify } from '../../../core/monitor/classify.ts'
import { judgedStatus } from '../../../core/monitor/failure.ts'
import { newsOf } from '../../../core/monitor/observe.ts'
import { step } from '../../../core/monitor/step.ts'
import type { GroupState, MonitorState, Observation } from '../../../core/monitor/types.ts'
import { minuteMs, play } from './fixtures.ts'
import { changes, heldBy, observationOf, partialOf, readings, type SlotHappening, slotAfter, slots, start, tell } from './stories.ts'

test('telling only what must be heard comes to the same as telling everything', () => {
  fc.assert(
    fc.property(fc.record({ spec: changes, list: slots }), ({ spec, list }) => {
      let filtered = start(spec)
      let whole = start(spec)
      for (const what of list) {
        const slot = slotAfter(whole)
        const newest = what.late ? slot + minuteMs : slot
        filtered = play(filtered, tell([what])).state
        whole = step(whole, { kind: 'observed', observation: everything(whole, slot, what), newest }).state
        // A quiet slot leaves the last told value as it was; all else must agree.
        expect(valuesAside(filtered)).toEqual(valuesAside(whole))
      }
    }),
  )
})

test('what is told has the value of its slot', () => {
  fc.assert(
    fc.property(fc.record({ spec: changes, slots: fc.array(readings, { maxLength: 30 }) }), ({ spec, slots }) => {
      let state = start({ ...spec, notifyBy: null })
      for (const values of slots) {
        const run = play(state, tell([{ kind: 'values', values, partial: [], late: false, downtimes: [] }]))
        for (const { group, value, slot, notify } of run.transitions)
          if (notify.send && slot === run.state.lastSlot && group in values) expect(value).toBe(values[group])
        state = run.state
      }
    }),
  )
})

/** Every reading and every gap: what a source that filtered nothing would tell. */
function everything(state: MonitorState, slot: number, what: SlotHappening): Observation {
  if (what.kind !== 'values') return observed(state, slot, what)
  const partial = partialOf(what)
  const changed = Object.entries(what.values)
    .sort()
    .map(([group, value]) => ({ group, level: classify(value, state.spec, statusOf(state.groups[group])), value, at: slot }))
  const missing = Object.keys(state.groups)
    .filter((group) => !(group in what.values) && !partial.includes(group) && state.groups[group]?.missingSince === null)
    .map((group) => ({ group, lastAt: slot - state.spec.delayMs - state.spec.windowMs }))
  const news = newsOf(state, slot, heldBy(state, slot, what), Object.keys(what.values))
  return { slot, outcome: { kind: 'ok' }, changed, missing, partial, refused: 0, ...news }
}

function observed(state: MonitorState, slot: number, what: SlotHappening): Observation {
  const observation = observationOf(state, slot, what)
  if (observation === null) throw new TypeError('a slot without values always tells so')
  return observation
}

function statusOf(group: GroupState | undefined): GroupState['status'] {
  return group === undefined ? 'OK' : judgedStatus(group)
}

function valuesAside(state: MonitorState): unknown {
  const aside = <Valued extends object>(all: Readonly<Record<string, Valued>>): unknown =>
    Object.entries(all).map(([key, valued]) => [key, { ...valued, value: null }])
  const { downtimes: _, ...rest } = state
  return { ...rest, groups: aside(state.groups), bundles: aside(state.bundles), owed: aside(state.owed) }
}
