/**
 * Takes a scenario through the real state machine and says what came of it. Pure: no clock, no source, no second set of
 * rules; what holds here holds for the engine, which test/scenarios/run.test.ts takes through the same files.
 * Read next: plan.ts, compare.ts.
 */
import { assertNever } from '../assert.ts'
import { begin } from '../monitor/begin.ts'
import { causesAmong } from '../monitor/causes.ts'
import { type Circumstances, newsOf, observe } from '../monitor/observe.ts'
import { isLate, slotEvent, transitionsOf, withoutValues } from '../monitor/slot-event.ts'
import { step } from '../monitor/step.ts'
import type { MonitorEvent, MonitorState, Transition } from '../monitor/types.ts'
import { downtimesAt, firingAt, type PlannedAction, planScenario, type ScenarioPlan, type Stage, slotNumberAt, stageOf } from './plan.ts'
import type { PlacedTransition } from './transition-line.ts'
import type { Scenario, SlotReading } from './types.ts'

export type ScenarioRun = Readonly<{ plan: ScenarioPlan; transitions: readonly PlacedTransition[]; state: MonitorState }>

export function runScenario(scenario: Scenario, stage: Stage = stageOf(scenario)): ScenarioRun {
  const plan = planScenario(scenario, stage)
  const firstSlot = plan.slots[0] ?? stage.firstSlot
  // A schedule's first slot is still to come when its monitor begins.
  let state = begin(plan.spec, null, plan.agenda === null ? firstSlot : firstSlot - 1, plan.agenda).state
  const transitions: Transition[] = []
  const hear = (event: MonitorEvent): void => {
    const result = step(state, event)
    state = result.state
    transitions.push(...transitionsOf(result.effects))
  }
  for (const [number, reading] of scenario.slots.entries()) {
    const slot = plan.slots[number]
    if (slot === undefined) break
    if (!state.paused) hear(eventOf(state, slot, reading, heldBy(plan, state, slot), newestAt(scenario, plan, number)))
    for (const action of plan.actions) if (action.after === number) hear(eventOfAction(action, plan.agenda))
  }
  return { plan, transitions: placed(plan, transitions), state }
}

/** Transitions with the numbers of their slots, in the order in which they were decided. */
export function placed(plan: ScenarioPlan, transitions: readonly Transition[]): PlacedTransition[] {
  return transitions.map((transition) => ({ slot: slotNumberAt(plan.slots, transition.slot), transition }))
}

/** The engine comes back before the slot after an outage: the last slot of it is the newest then. */
function newestAt({ outages }: Scenario, { slots }: ScenarioPlan, number: number): number {
  const outage = outages.find(({ first, last }) => number >= first && number <= last)
  return slots[outage?.last ?? number] ?? 0
}

type HeldBy = Required<Pick<Circumstances, 'downtimes' | 'causes'>>

function heldBy(plan: ScenarioPlan, { spec }: MonitorState, slot: number): HeldBy {
  return { downtimes: downtimesAt(plan, slot), causes: causesAmong(spec, firingAt(plan, slot)) }
}

function eventOf(state: MonitorState, slot: number, reading: SlotReading, held: HeldBy, newest: number): MonitorEvent {
  if (reading.kind !== 'values') return slotEvent(slot, { ...withoutValues(slot, reading), ...newsOf(state, slot, held) }, newest)
  return slotEvent(slot, observe(state, slot, reading.values, { partial: reading.partial, ...held, late: isLate(slot, newest) }), newest)
}

function eventOfAction(action: PlannedAction, agenda: readonly number[] | null): MonitorEvent {
  switch (action.kind) {
    case 'respecify':
      return { kind: 'respecified', spec: action.spec, at: action.at, agenda }
    case 'resolve':
      return { kind: 'resolved', groups: action.groups, at: action.at }
    case 'acknowledge':
      return { kind: 'acknowledged', groups: action.groups, said: action.said, at: action.at }
    case 'pause':
      return { kind: 'paused', at: action.at }
    case 'resume':
      return { kind: 'resumed', at: action.at }
    default:
      return assertNever(action)
  }
}
