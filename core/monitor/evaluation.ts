/**
 * The evaluation contract: what the monitor's workflow asks of the evaluate activity, and what comes back.
 * Plain JSON. The request is an argument of a local activity, which history doesn't store, so it may carry all that is known;
 * the reply is stored, so it tells only what the state machine must hear. Which slots are due is said by the time in the reply: a
 * workflow's own clock doesn't tell the same when its history is replayed. Read next: observe.ts, known.ts, activities/evaluate.ts.
 */
import { countSlots, due, latestSlot } from '../schedule/timetable.ts'
import type { KnownState } from './known.ts'
import { slotsPerReply } from './room.ts'
import { slotEvent, withoutValues } from './slot-event.ts'
import type { MonitorEvent, MonitorState, Observation } from './types.ts'

export type Ask = Readonly<
  /** Whatever is due. `notBefore`: a time that is known to have come; the clock of whoever evaluates may be behind it. */
  | { kind: 'due'; notBefore: number; bounds: Readonly<{ batchMax: number; horizonMs: number }> }
  /** Between slots, because somebody wants to know. */
  | { kind: 'at'; slot: number }
>

export type EvaluateRequest = Readonly<{
  known: KnownState
  ask: Ask
  /** By which factor the interval is stretched now; absent = it isn't. */
  stretch?: number
  /** When the workflow took the monitor up, in epoch ms, at its first evaluation; absent = it has evaluated since. What was due before isn't late. */
  begunAt?: number
  /** The engine's own database was away, and slots had to wait for it: how late they are says nothing of how busy the engine is. */
  waited?: true
  /** The last slot before the oldest decision that isn't stored yet; absent = all of the state is stored. Whoever starts the monitor again goes on there. */
  settled?: number
}>

export type EvaluateReply = Readonly<{
  /** When it was evaluated. */
  now: number
  /** In ascending order of slots. Slots that were asked for and aren't among them said nothing new. */
  observations: readonly Observation[]
  /** Nothing was asked: the source is asked by the workers of this queue only (queues.ts, `source`). */
  elsewhere?: string
  /** Nothing could be asked, because the engine's own database is away: the slots stay due. Why, as a sentence. */
  away?: string
  /** By which factor the interval is stretched from now on, because the engine is behind; absent = it isn't. See core/schedule/stretch.ts. */
  stretch?: number
}>

export type Question = Readonly<{
  /** Oldest first; empty = nothing is due. */
  slots: readonly number[]
  /** The newest slot that is due: what older ones tell is late. */
  newest: number
  /** Slots before these that are too old to be evaluated, and the last of them. */
  dropped: number
  lastDropped: number | null
}>

/** The slots that an evaluation at `now` is about: the same for who evaluates and for who hears. */
export function questionAt(state: MonitorState, ask: Ask, now: number): Question {
  if (ask.kind === 'at') return { slots: [ask.slot], newest: ask.slot, dropped: 0, lastDropped: null }
  const { batchMax, horizonMs } = ask.bounds
  const fitting = slotsPerReply(state.groups, batchMax, countSlots(state, state.lastSlot, now))
  const { slots, dropped, lastDropped } = due(state, state.lastSlot, now, { batchMax: fitting, horizonMs })
  return { slots, newest: latestSlot(state, now) ?? now, dropped, lastDropped }
}

/** What a reply means to step(), in order. */
export function eventsOf({ observations }: Pick<EvaluateReply, 'observations'>, { slots, newest }: Question): MonitorEvent[] {
  const last = slots.at(-1)
  const heard = observations.map((observation) => slotEvent(observation.slot, observation, newest))
  return last === undefined ? heard : [...heard, slotEvent(last, null, newest)]
}

/** Observations of slots that got no answer at all, so that each of them is accounted for. */
export function failedSlots({ slots }: Question, reason: string): Observation[] {
  return slots.map((slot) => withoutValues(slot, { kind: 'failed', reason }))
}

/** Of the last slot; one without an observation said nothing new. */
export function lastOutcomeOf({ slots }: Question, { observations }: EvaluateReply): string {
  const last = observations.at(-1)
  return last !== undefined && last.slot === slots.at(-1) ? last.outcome.kind : 'ok'
}
