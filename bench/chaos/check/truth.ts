/**
 * Transitions are what `step` alone decides from the script. While a source is disturbed a slot may have failed, and nobody but the
 * engine knows which: there both are followed up, and one of them must explain every transition. Elsewhere there is one truth.
 * Pure. Read next: ../script.ts, ../../../core/monitor/step.ts.
 */
import { begin } from '../../../core/monitor/begin.ts'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent, transitionsOf, withoutValues } from '../../../core/monitor/slot-event.ts'
import { step } from '../../../core/monitor/step.ts'
import type { MonitorState, Transition } from '../../../core/monitor/types.ts'
import { slotAfter } from '../../../core/schedule/slots.ts'
import type { CarriedOut } from '../carry-out.ts'
import { type ScriptPace, sourceOf, valuesAt } from '../script.ts'
import type { MonitorFacts } from './facts.ts'
import type { Verdict } from './invariant.ts'

export type Span = Readonly<{ fromMs: number; toMs: number }>

/** What is caught up is asked for later than at its time: so far back a disturbance reaches. */
const reachesBackMs = 180_000
/** A circuit breaker that has opened lets nobody through for a while after the source is well. */
const reachesOnMs = 60_000
/** Of states that explain what happened so far; they differ in what will be forgotten with the next change. */
const statesMax = 256

export function checkTruth(monitors: readonly MonitorFacts[], seed: number, pace: ScriptPace, faults: readonly CarriedOut[]): Verdict {
  const disturbed = faults.filter(({ target }) => target.endsWith('shaky')).map(({ beganMs, endedMs }) => spanOf(beganMs, endedMs))
  const violations = monitors.flatMap((monitor) => {
    const spans = sourceOf(monitor.index) === 'shaky' ? disturbed : []
    const wrong = firstWrong(monitor, seed, pace, spans)
    return wrong === null ? [] : [`monitor ${monitor.monitorId} (${sourceOf(monitor.index)}): ${wrong}`]
  })
  const count = monitors.reduce((sum, { transitions }) => sum + transitions.length, 0)
  return { invariant: 'transitions and states are what step() alone decides', looked: `${count} transitions`, violations }
}

function spanOf(beganMs: number, endedMs: number): Span {
  return { fromMs: beganMs - reachesBackMs, toMs: endedMs + reachesOnMs }
}

/** A sentence about the first slot that nothing explains; null = all is explained. */
export function firstWrong(monitor: MonitorFacts, seed: number, pace: ScriptPace, disturbed: readonly Span[]): string | null {
  const { index, spec, answer, transitions, firstSlot } = monitor
  if (answer === null || firstSlot === 0) return 'its workflow gives no answer, or has judged no slot'
  const bySlot = Map.groupBy(transitions.filter(isDecidedByASlot), ({ slot }) => slot)
  let states = [begin({ ...spec, version: 1 }, null, firstSlot).state]
  for (let slot = nextSlotOf(states[0]); slot <= answer.state.lastSlot; slot = nextSlotOf(states[0])) {
    const found = (bySlot.get(slot) ?? []).map(lineOf)
    bySlot.delete(slot)
    const mayFail = disturbed.some(({ fromMs, toMs }) => slot >= fromMs && slot <= toMs)
    const values = groupsAt(seed, index, slot, pace)
    const outcomes = states.flatMap((state) => outcomesOf(state, slot, values, mayFail))
    states = explained(outcomes, found)
    if (states.length === 0) return `slot ${slot}: decided ${listed(found)}, but step() ${listed(outcomes[0]?.lines ?? [])}`
  }
  const [beside] = [...bySlot.values()].flat()
  if (beside !== undefined) return `a transition beside all slots: ${lineOf(beside)} at ${beside.slot}`
  const now = statusesOf(answer.state)
  return states.some((state) => statusesOf(state) === now) ? null : `its groups are ${now}, but must be ${statusesOf(states[0])}`
}

/** The states, each once, that come with just these transitions. */
function explained(outcomes: readonly After[], found: readonly string[]): MonitorState[] {
  const fitting = outcomes.filter(({ lines }) => JSON.stringify(lines) === JSON.stringify(found))
  return [...new Map(fitting.map(({ state }) => [identityOf(state), state])).values()].slice(0, statesMax)
}

/** Late notes tell what was decided before; they decide nothing. */
function isDecidedByASlot({ reason }: Transition): boolean {
  return reason !== 'caught-up'
}

type After = Readonly<{ state: MonitorState; lines: string[] }>

function outcomesOf(state: MonitorState, slot: number, values: Readonly<Record<string, number>>, mayFail: boolean): After[] {
  const answered = slotEvent(slot, observe(state, slot, values))
  const failed = slotEvent(slot, withoutValues(slot, { kind: 'failed', reason: 'chaos' }))
  return (mayFail ? [answered, failed] : [answered]).map((event) => {
    const result = step(state, event)
    return { state: result.state, lines: transitionsOf(result.effects).map(lineOf) }
  })
}

function groupsAt(seed: number, index: number, slot: number, pace: ScriptPace): Record<string, number> {
  return Object.fromEntries(Object.entries(valuesAt(seed, index, slot, pace)).map(([host, value]) => [`host:${host}`, value]))
}

function nextSlotOf(state: MonitorState | undefined): number {
  if (state === undefined) return Number.POSITIVE_INFINITY
  return slotAfter(state.spec.monitorId, state.spec.intervalMs, state.lastSlot)
}

/** Where data is gone the value is the last that was told, which depends on whether a slot was late; elsewhere it is the slot's own. */
function lineOf({ group, from, to, value, reason }: Transition): string {
  const isOwn = reason === 'threshold-crossed' || reason === 'threshold-recovered'
  return `${group} ${from}→${to}${isOwn ? ` at ${value}` : ''} (${reason})`
}

const listed = (lines: readonly string[]): string => (lines.length === 0 ? 'nothing' : lines.join(', '))

/** Two of the same identity decide the same from here on. */
function identityOf({ groups, nextDueAt, lastSlot, health }: MonitorState): string {
  const judged = byKey(groups).map(([key, { told, toldAt, repeats, held, ...rest }]) => [key, rest])
  return JSON.stringify([judged, nextDueAt, lastSlot, health.kind === 'failing'])
}

function statusesOf(state: MonitorState | undefined): string {
  return JSON.stringify(byKey(state?.groups ?? {}).map(([key, { status, since, level }]) => [key, status, since, level]))
}

/** What was loaded from PostgreSQL has its groups in another order, which decides nothing. */
function byKey(groups: MonitorState['groups']): [string, MonitorState['groups'][string]][] {
  return Object.entries(groups).sort(([one], [other]) => (one < other ? -1 : 1))
}
