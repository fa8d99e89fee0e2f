/** What a source is asked for a monitor's slots, and what the state machine hears of its answer: the same for all who evaluate. */
import { type Circumstances, newsOf, observe } from '../core/monitor/observe.ts'
import { withoutValues } from '../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import type { MonitorState, Observation, Outcome } from '../core/monitor/types.ts'
import type { SlotReadings, SourceQuery } from './ports.ts'

export function questionOf(spec: MonitorSpec, slots: readonly number[], timeoutMs: number): SourceQuery {
  return {
    type: spec.type,
    query: spec.query,
    ...(spec.variables === undefined ? {} : { variables: spec.variables }),
    slots,
    delayMs: spec.delayMs,
    calendar: spec.calendar,
    ...(spec.statusCounts === undefined ? {} : { statusCounts: spec.statusCounts }),
    requireFullWindow: spec.requireFullWindow,
    // Twice what is tracked, so that the health can tell how many are refused; beyond that the number is a lower bound.
    groupsMax: spec.groupsMax * 2,
    timeoutMs,
  }
}

/** What somebody other than the source knows of a slot. */
export type Known = Omit<Circumstances, 'partial' | 'windowFromMs'>

/** null = nothing that the state machine must hear. */
export function observeSlot(state: MonitorState, slot: number, reading: SlotReadings | undefined, known: Known = {}): Observation | null {
  if (reading === undefined)
    return withoutReading(state, slot, { kind: 'failed', reason: 'bad-reply: the source left this slot out' }, known)
  if (reading.skipped !== undefined) return withoutReading(state, slot, { kind: 'skipped', reason: reading.skipped }, known)
  return observe(state, slot, reading.values, {
    ...known,
    ...(reading.partial === undefined ? {} : { partial: reading.partial }),
    ...(reading.windowFromMs === undefined ? {} : { windowFromMs: reading.windowFromMs }),
  })
}

/** A source that fails doesn't keep a downtime from beginning. */
export function withoutReading(state: MonitorState, slot: number, outcome: Exclude<Outcome, { kind: 'ok' }>, known: Known): Observation {
  return { ...withoutValues(slot, outcome), ...newsOf(state, slot, known) }
}
