/**
 * The evaluation contract: what the monitor's workflow asks of the evaluate activity, and what comes back.
 * Plain JSON. The request is an argument of a local activity, which history doesn't store, so it may carry all that is known;
 * the reply is stored, so it tells only what the state machine must hear.
 * Read next: observe.ts (what must be told), known.ts and activities/evaluate.ts.
 */
import type { KnownState } from './known.ts'
import { slotEvent, withoutValues } from './slot-event.ts'
import type { MonitorEvent, Observation } from './types.ts'

export type EvaluateRequest = Readonly<{
  known: KnownState
  /** Oldest first, at least one. */
  slots: readonly number[]
  /** The newest slot that is due: what older ones tell is late. */
  newest: number
  /** Slots before these that are too old to be evaluated: counted here, skipped in the ledger. */
  dropped: number
  /** The last of them; null = there are none. */
  lastDropped: number | null
}>

export type EvaluateReply = Readonly<{
  /** In ascending order of slots. */
  observations: readonly Observation[]
  /** The last slot that was dealt with: slots without an observation up to here said nothing new. */
  unchangedThrough: number
}>

/** What a reply means to step(), in order. */
export function eventsOf({ observations, unchangedThrough }: EvaluateReply, newest: number): MonitorEvent[] {
  return [...observations.map((observation) => slotEvent(observation.slot, observation, newest)), slotEvent(unchangedThrough, null, newest)]
}

/** The reply for slots that got no answer at all, so that each of them is accounted for. */
export function failedReply(slots: readonly number[], reason: string): EvaluateReply {
  return {
    observations: slots.map((slot) => withoutValues(slot, { kind: 'failed', reason })),
    unchangedThrough: slots.at(-1) ?? 0,
  }
}
