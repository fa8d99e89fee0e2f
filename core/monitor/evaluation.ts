/**
 * The evaluation contract: what the monitor's workflow asks of the evaluate activity, and what comes back.
 * Plain JSON. The request is an argument of a local activity, which history doesn't store, so it may carry the whole
 * state; the reply is stored, so it tells only what the state machine must hear.
 * Read next: observe.ts (what must be told) and activities/evaluate.ts.
 */
import { withoutValues } from './slot-event.ts'
import type { MonitorState, Observation } from './types.ts'

export type SlotRange = Readonly<{ first: number; count: number; intervalMs: number }>

export type EvaluateRequest = Readonly<{
  state: MonitorState
  slots: SlotRange
  /** Slots before these that are too old to be evaluated: counted here, skipped in the ledger. */
  dropped: number
}>

export type EvaluateReply = Readonly<{
  /** In ascending order of slots. */
  observations: readonly Observation[]
  /** The last slot that was dealt with: slots without an observation up to here said nothing new. */
  unchangedThrough: number
}>

/** The slots of a range, oldest first. */
export function slotsOf(range: SlotRange): number[] {
  return Array.from({ length: range.count }, (_, index) => range.first + index * range.intervalMs)
}

/** The reply for slots that got no answer at all, so that each of them is accounted for. */
export function failedReply(range: SlotRange, reason: string): EvaluateReply {
  const slots = slotsOf(range)
  return {
    observations: slots.map((slot) => withoutValues(slot, { kind: 'failed', reason })),
    unchangedThrough: slots.at(-1) ?? range.first,
  }
}
