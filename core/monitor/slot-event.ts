/**
 * What a slot is to step(): an event. One place for the workflow's evaluations, scenario files and tests, so that none of
 * them shapes it otherwise. Read next: observe.ts, step.ts.
 */
import type { Effect, MonitorEvent, Observation, Outcome, Transition } from './types.ts'

/** Nobody calls half a minute late: a monitor of every second that is a few slots behind tells as always. */
const lateAfterMs = 60_000

/** Whether what a slot tells waits until the engine is up to date. `newest`: the newest slot that is due. */
export function isLate(slot: number, newest: number): boolean {
  return newest - slot >= lateAfterMs
}

/** A slot that told something, or (null) said nothing new. `newest`: the newest that is due. */
export function slotEvent(slot: number, observation: Observation | null, newest: number = slot): MonitorEvent {
  return observation === null ? { kind: 'quiet', through: slot, newest } : { kind: 'observed', observation, newest }
}

/** A slot without values: it failed, or was skipped. */
export function withoutValues(slot: number, outcome: Exclude<Outcome, { kind: 'ok' }>): Observation {
  return { slot, outcome, changed: [], missing: [], refused: 0 }
}

/** The transitions among the effects of a step, in order. */
export function transitionsOf(effects: readonly Effect[]): Transition[] {
  return effects.flatMap((effect) => (effect.kind === 'commit' ? effect.commit.transitions : []))
}
