import { describe, expect, test } from 'vitest'
import { observe } from '../../../core/monitor/observe.ts'
import { step } from '../../../core/monitor/step.ts'
import { evaluated, minuteMs, nextSlot, stateOf } from './fixtures.ts'

const before = stateOf({ windowMs: 60 * minuteMs })
const state = step(before, evaluated(before, { 'host:a': 10, 'host:b': 95 })).state
const slot = nextSlot(state)

describe('a group without a value', () => {
  test('had its last data where the window begins', () => {
    expect(observe(state, slot, { 'host:b': 95 })).toMatchObject({ missing: [{ group: 'host:a', lastAt: slot - 60 * minuteMs }] })
  })

  test('had it when the window of the calendar began, though that may be a moment ago', () => {
    const observation = observe(state, slot, { 'host:b': 95 }, { windowFromMs: slot - 5_000 })
    expect(observation).toMatchObject({ missing: [{ group: 'host:a', lastAt: slot - 5_000 }] })
  })

  test('isn’t missing where it has data and no full window', () => {
    expect(observe(state, slot, { 'host:b': 95 }, { partial: ['host:a'] })).toBeNull()
  })
})
