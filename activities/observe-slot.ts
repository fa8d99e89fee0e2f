/** What a source is asked for a monitor's slots, and what the state machine hears of its answer: the same for all who evaluate. */
import { type Circumstances, observe } from '../core/monitor/observe.ts'
import { withoutValues } from '../core/monitor/slot-event.ts'
import type { MonitorSpec, MonitorState, Observation } from '../core/monitor/types.ts'
import type { SlotReadings, SourceQuery } from './ports.ts'

export function questionOf(spec: MonitorSpec, slots: readonly number[], timeoutMs: number): SourceQuery {
  return {
    type: spec.type,
    query: spec.query,
    slots,
    delayMs: spec.delayMs,
    calendar: spec.calendar,
    requireFullWindow: spec.requireFullWindow,
    // Twice what is tracked, so that the health can tell how many are refused; beyond that the number is a lower bound.
    groupsMax: spec.groupsMax * 2,
    timeoutMs,
  }
}

/** null = nothing that the state machine must hear. `known`: what somebody other than the source knows of the slot. */
export function observeSlot(
  state: MonitorState,
  slot: number,
  reading: SlotReadings | undefined,
  known: Omit<Circumstances, 'partial'> = {},
): Observation | null {
  if (reading === undefined) return withoutValues(slot, { kind: 'failed', reason: 'bad-reply: the source left this slot out' })
  if (reading.skipped !== undefined) return withoutValues(slot, { kind: 'skipped', reason: reading.skipped })
  return observe(state, slot, reading.values, { ...known, ...(reading.partial === undefined ? {} : { partial: reading.partial }) })
}
