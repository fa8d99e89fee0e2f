import { begin } from '../../../core/monitor/begin.ts'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent, transitionsOf } from '../../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import { step } from '../../../core/monitor/step.ts'
import type { Effect, MonitorEvent, MonitorState, Transition } from '../../../core/monitor/types.ts'
import { slotAfter } from '../../../core/schedule/slots.ts'

export const minuteMs = 60_000
/** 2026-01-01T00:00:00Z */
export const epoch = 1_767_225_600_000

export function specOf(changes: Partial<MonitorSpec> = {}): MonitorSpec {
  return {
    datasource: null,
    monitorId: 1001,
    version: 1,
    type: 'query alert',
    name: 'CPU',
    query: 'avg(last_1m):avg:cpu{*} by {host} > 90',
    priority: null,
    tags: [],
    draft: false,
    intervalMs: minuteMs,
    windowMs: minuteMs,
    delayMs: 0,
    groupBy: ['host'],
    comparator: '>',
    thresholds: { critical: 90, warning: 80, criticalRecovery: null, warningRecovery: null },
    missing: { action: 'show', timeframeMs: 2 * minuteMs },
    holdMs: 0,
    keepFiringMs: 0,
    newGroupDelayMs: 0,
    timeoutMs: null,
    renotify: null,
    retentionMs: 24 * 60 * minuteMs,
    requireFullWindow: false,
    onEvaluationError: 'keep',
    notifyBy: null,
    schedule: null,
    calendar: { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 },
    groupsMax: 100,
    silenced: {},
    ...changes,
  }
}

export function stateOf(changes: Partial<MonitorSpec> = {}): MonitorState {
  return begin(specOf(changes), null, epoch).state
}

/** The slot after the state's last one, plus `ahead` further slots. */
export function nextSlot(state: MonitorState, ahead = 0): number {
  return slotAfter(state.spec.monitorId, state.spec.intervalMs, state.lastSlot) + ahead * state.spec.intervalMs
}

/** One evaluation that found these values. */
export function evaluated(state: MonitorState, values: Readonly<Record<string, number>>): MonitorEvent {
  const slot = nextSlot(state)
  return slotEvent(slot, observe(state, slot, values))
}

export type Run = Readonly<{ state: MonitorState; transitions: readonly Transition[]; effects: readonly Effect[] }>

/** Plays events; an event may depend on the state that it meets. */
export function play(state: MonitorState, events: readonly (MonitorEvent | ((state: MonitorState) => MonitorEvent))[]): Run {
  let run: Run = { state, transitions: [], effects: [] }
  for (const event of events) {
    const result = step(run.state, typeof event === 'function' ? event(run.state) : event)
    run = {
      state: result.state,
      effects: [...run.effects, ...result.effects],
      transitions: [...run.transitions, ...transitionsOf(result.effects)],
    }
  }
  return run
}

/** `OK→Alert entered-alert` for each transition. */
export function told(transitions: readonly Transition[]): string[] {
  return transitions.map(({ from, to, notify }) => `${from}→${to} ${notify.send ? '' : 'not told: '}${notify.reason}`)
}
