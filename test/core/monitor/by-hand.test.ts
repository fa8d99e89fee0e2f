import { expect, test } from 'vitest'
import { step } from '../../../core/monitor/step.ts'
import { evaluated, minuteMs, nextSlot, play, stateOf } from './fixtures.ts'

const host = 'host:a'
const alerting = play(stateOf(), [(state) => evaluated(state, { [host]: 95 })]).state
const paused = play(alerting, [{ kind: 'paused', at: alerting.lastSlot }]).state
const later = alerting.lastSlot + 30 * minuteMs

test('a group that is resolved while slots are to be caught up is resolved before them', () => {
  const { transitions } = play(alerting, [{ kind: 'resolved', groups: [host], at: later }])
  expect(transitions.map(({ to, slot }) => [to, slot])).toEqual([['OK', nextSlot(alerting) - 1]])
})

test('a group that is resolved during a pause is resolved now', () => {
  const { transitions } = play(paused, [{ kind: 'resolved', groups: [host], at: later }])
  expect(transitions.map(({ to, slot }) => [to, slot])).toEqual([['OK', later]])
})

test('an evaluation asked for during a pause judges its own time, and none of the slots before it', () => {
  const missing = play(alerting, [(state) => evaluated(state, {}), { kind: 'paused', at: later }]).state
  const slot = nextSlot(missing, 10) + 7
  const observation = { slot, outcome: { kind: 'ok' }, changed: [], missing: [], refused: 0 } as const
  const { transitions } = play(missing, [{ kind: 'observed', observation }])
  expect(transitions.map(({ to, slot: at }) => [to, at])).toEqual([['No Data', slot]])
})

test.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
  'a group that is called %s is a group like any other, and none that is known',
  (group) => {
    const { state } = play(stateOf(), [(now) => evaluated(now, { 'host:a': 95 })])
    const slot = nextSlot(state)
    const reading = { group, level: 'ok', value: 1, at: slot } as const
    const observation = { slot, outcome: { kind: 'ok' }, changed: [reading], missing: [{ group, lastAt: slot }], refused: 0 } as const
    const heard = step(state, { kind: 'observed', observation })
    expect(heard.state.groups['host:a']).toEqual(state.groups['host:a'])
    expect(step(heard.state, { kind: 'resolved', groups: [group], at: slot }).effects).toEqual([])
  },
)
