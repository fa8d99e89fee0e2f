/**
 * What a slot is to step(): an event. One place for the workflow's evaluations, scenario files and tests, so that none of
 * them shapes it otherwise. Read next: observe.ts, step.ts.
 */
import type { Effect, MonitorEvent, Observation, Outcome, Transition } from './types.ts'

/** A slot that told something, or (null) said nothing new. `late`: newer ones are due already. */
export function slotEvent(slot: number, observation: Observation | null, late = false): MonitorEvent {
  return observation === null ? { kind: 'quiet', through: slot, late } : { kind: 'observed', observation, late }
}

/** A slot without values: it failed, or was skipped. */
export function withoutValues(slot: number, outcome: Exclude<Outcome, { kind: 'ok' }>): Observation {
  return { slot, outcome, changed: [], missing: [], refused: 0 }
}

/** The transitions among the effects of a step, in order. */
export function transitionsOf(effects: readonly Effect[]): Transition[] {
  return effects.flatMap((effect) => (effect.kind === 'commit' ? effect.commit.transitions : []))
}
