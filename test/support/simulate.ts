import { begin } from '../../core/monitor/begin.ts'
import { observe } from '../../core/monitor/observe.ts'
import { slotEvent, transitionsOf, withoutValues } from '../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import { step } from '../../core/monitor/step.ts'
import type { MonitorEvent, MonitorState, Transition } from '../../core/monitor/types.ts'
import { slotAfter } from '../../core/schedule/slots.ts'
import type { Script } from './memory-ports.ts'

/** `asked`: the slots that were judged, in order. */
export type Simulation = Readonly<{ state: MonitorState; transitions: readonly Transition[]; asked: readonly number[]; slots: number }>

/** What a monitor comes to when each slot of the script is judged once, in order: the truth that engines are held against. */
export function simulate(spec: MonitorSpec, startedAt: number, lastSlot: number, script: Script): Simulation {
  let state = begin(spec, null, startedAt).state
  const transitions: Transition[] = []
  const asked: number[] = []
  for (let slot = nextSlotOf(state); slot <= lastSlot; slot = nextSlotOf(state)) {
    const result = step(state, eventAt(state, slot, script))
    state = result.state
    transitions.push(...transitionsOf(result.effects))
    asked.push(slot)
  }
  return { state, transitions, asked, slots: asked.length }
}

function nextSlotOf(state: MonitorState): number {
  return slotAfter(state.spec.monitorId, state.spec.intervalMs, state.lastSlot)
}

function eventAt(state: MonitorState, slot: number, script: Script): MonitorEvent {
  const values = script(slot)
  return slotEvent(
    slot,
    values instanceof Error ? withoutValues(slot, { kind: 'failed', reason: values.message }) : observe(state, slot, values),
  )
}
