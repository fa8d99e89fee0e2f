/**
 * Takes a scenario through the real state machine and says what came of it. Pure: no clock, no source, no second set of
 * rules; what holds here holds for the engine, which test/scenarios/run.test.ts takes through the same files.
 * Read next: plan.ts, compare.ts.
 */
import { assertNever } from '../assert.ts'
import { begin } from '../monitor/begin.ts'
import { observe } from '../monitor/observe.ts'
import { slotEvent, transitionsOf, withoutValues } from '../monitor/slot-event.ts'
import { step } from '../monitor/step.ts'
import type { MonitorEvent, MonitorState, Transition } from '../monitor/types.ts'
import { type PlannedAction, planScenario, type ScenarioPlan, type Stage, slotNumberAt, stageOf } from './plan.ts'
import type { PlacedTransition } from './transition-line.ts'
import type { Scenario, SlotReading } from './types.ts'

export type ScenarioRun = Readonly<{ plan: ScenarioPlan; transitions: readonly PlacedTransition[]; state: MonitorState }>

export function runScenario(scenario: Scenario, stage: Stage = stageOf(scenario)): ScenarioRun {
  const plan = planScenario(scenario, stage)
  let state = begin(plan.spec, null, plan.slots[0] ?? stage.firstSlot).state
  const transitions: Transition[] = []
  const hear = (event: MonitorEvent): void => {
    const result = step(state, event)
    state = result.state
    transitions.push(...transitionsOf(result.effects))
  }
  for (const [number, reading] of scenario.slots.entries()) {
    const slot = plan.slots[number]
    if (slot === undefined) break
    if (!state.paused) hear(eventOf(state, slot, reading))
    for (const action of plan.actions) if (action.after === number) hear(eventOfAction(action))
  }
  return { plan, transitions: placed(plan, transitions), state }
}

/** Transitions with the numbers of their slots, in the order in which they were decided. */
export function placed(plan: ScenarioPlan, transitions: readonly Transition[]): PlacedTransition[] {
  return transitions.map((transition) => ({ slot: slotNumberAt(plan.slots, transition.slot), transition }))
}

function eventOf(state: MonitorState, slot: number, reading: SlotReading): MonitorEvent {
  return slotEvent(slot, reading.kind === 'values' ? observe(state, slot, reading.values) : withoutValues(slot, reading))
}

function eventOfAction(action: PlannedAction): MonitorEvent {
  switch (action.kind) {
    case 'respecify':
      return { kind: 'respecified', spec: action.spec, at: action.at }
    case 'resolve':
      return { kind: 'resolved', groups: action.groups, at: action.at }
    case 'pause':
      return { kind: 'paused', at: action.at }
    case 'resume':
      return { kind: 'resumed', at: action.at }
    default:
      return assertNever(action)
  }
}
