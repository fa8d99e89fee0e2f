import { expect, test } from 'vitest'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent } from '../../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import { step } from '../../../core/monitor/step.ts'
import type { MonitorState } from '../../../core/monitor/types.ts'
import { minuteMs, nextSlot, stateOf } from './fixtures.ts'

const count = 10_000
/** A workflow that doesn't yield for two seconds is taken for one that hangs; what takes 0.1 s here may be slow on a busy machine. */
const stepMaxMs = 2_000

const all = (value: number): Record<string, number> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`host:web-${n}`, value]))

/** After one slot at which all groups were fine. */
function calm(changes: Partial<MonitorSpec>): MonitorState {
  const state = stateOf({ groupsMax: 20_000, ...changes })
  const slot = nextSlot(state)
  return step(state, slotEvent(slot, observe(state, slot, all(1)), slot)).state
}

test.each([
  ['get worse', {}, 0],
  ['get worse at a slot that is caught up', {}, minuteMs],
  ['get worse, each of them a bundle', { notifyBy: ['host'] }, 0],
  ['get worse, each of them a bundle, at a slot that is caught up', { notifyBy: ['host'] }, minuteMs],
  ['get worse, all of them one bundle', { notifyBy: [] }, 0],
  ['go missing and leave', { newGroupDelayMs: minuteMs, retentionMs: 60 * minuteMs }, 0],
] as const)('10,000 groups that %s in one slot are no more than a workflow task takes', (what, changes, behindMs) => {
  let state = calm(changes)
  const startedAt = performance.now()
  const slot = nextSlot(state)
  const values = what.startsWith('go missing') ? {} : all(95)
  state = step(state, slotEvent(slot, observe(state, slot, values), slot + behindMs)).state
  const later = slot + (what.startsWith('go missing') ? 90 : 1) * minuteMs
  state = step(state, { kind: 'quiet', through: later }).state
  expect(performance.now() - startedAt).toBeLessThan(stepMaxMs)
  expect(Object.keys(state.groups)).toHaveLength(what.startsWith('go missing') ? 0 : count)
})
