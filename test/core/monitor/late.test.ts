/** What scenario files can't say of an outage: slots of it that fail although the engine is back, and people who act in its midst. */
import { expect, test } from 'vitest'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent, withoutValues } from '../../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import type { MonitorEvent, MonitorState } from '../../../core/monitor/types.ts'
import { minuteMs, nextSlot, play, stateOf, told } from './fixtures.ts'

type Happening = (state: MonitorState) => MonitorEvent

/** A slot of an outage, or (`newest`) its last one. */
const found =
  (value: number, newest = false): Happening =>
  (state) => {
    const slot = nextSlot(state)
    return slotEvent(slot, observe(state, slot, { 'host:a': value }, { late: !newest }), newest ? slot : slot + minuteMs)
  }
const failed =
  (newest = false): Happening =>
  (state) => {
    const slot = nextSlot(state)
    return slotEvent(slot, withoutValues(slot, { kind: 'failed', reason: 'timeout' }), newest ? slot : slot + minuteMs)
  }
const resolved: Happening = (state) => ({ kind: 'resolved', groups: '*', at: state.lastSlot + 1 })
const paused: Happening = (state) => ({ kind: 'paused', at: state.lastSlot + 1 })
const edited =
  (changes: Partial<MonitorSpec>): Happening =>
  ({ spec, lastSlot }) => ({ kind: 'respecified', spec: { ...spec, ...changes, version: spec.version + 1 }, at: lastSlot + 1 })

const alerting: Partial<MonitorSpec> = { onEvaluationError: 'alert' }
const bundling: Partial<MonitorSpec> = { notifyBy: [] }

const cases: readonly (readonly [string, Partial<MonitorSpec>, readonly Happening[], readonly string[]])[] = [
  [
    'a failure that came and went is a late note',
    alerting,
    [found(10), failed(), found(10), found(10, true)],
    ['OK→Alert not told: held-until-caught-up', 'Alert→OK not told: held-until-caught-up', 'Alert→OK late-note'],
  ],
  [
    'a failure that goes on is told as an alert in the newest slot, though it fails',
    alerting,
    [found(10), failed(), failed(true)],
    ['OK→Alert not told: held-until-caught-up', 'Alert→Alert entered-alert'],
  ],
  [
    'a source that fails in the newest slot delays no note of what is over',
    {},
    [found(95), found(10), failed(true)],
    ['OK→Alert not told: held-until-caught-up', 'Alert→OK not told: held-until-caught-up', 'Alert→OK late-note'],
  ],
  [
    'an alert that is hidden by nothing but a failure is told',
    { onEvaluationError: 'unknown' },
    [found(95), failed(), failed(true)],
    ['OK→Alert not told: held-until-caught-up', 'Alert→Alert entered-alert'],
  ],
  [
    'an episode that is over, and Unknown by the end',
    { onEvaluationError: 'unknown' },
    [found(95), found(10), failed(true), found(10, true)],
    [
      'OK→Alert not told: held-until-caught-up',
      'Alert→OK not told: held-until-caught-up',
      'OK→Unknown not told: unknown-is-only-shown',
      'Alert→Unknown late-note',
      'Unknown→OK recovered-from-unknown',
    ],
  ],
  [
    'a resolve by hand amid what is caught up tells at once, and what comes after is owed anew',
    {},
    [found(95), resolved, found(95), found(95, true)],
    [
      'OK→Alert not told: held-until-caught-up',
      'Alert→OK late-note',
      'OK→Alert not told: held-until-caught-up',
      'Alert→Alert entered-alert',
    ],
  ],
  [
    'a pause amid what is caught up tells what is owed',
    {},
    [found(95), paused],
    ['OK→Alert not told: held-until-caught-up', 'Alert→Alert entered-alert'],
  ],
  [
    'an edit of notify_by amid what is caught up owes the bundle what its group was owed',
    {},
    [found(95), edited(bundling), found(95, true)],
    ['OK→Alert not told: held-until-caught-up', 'Alert→Alert entered-alert'],
  ],
  [
    'an edit that makes it a draft amid what is caught up owes nobody',
    {},
    [found(95), edited({ draft: true }), found(95, true), edited({ draft: false }), found(10, true)],
    ['OK→Alert not told: held-until-caught-up', 'Alert→OK not told: episode-was-never-told'],
  ],
]

test.each(cases)('%s', (_name, spec, happenings, expected) => {
  const { state, transitions } = play(stateOf(spec), happenings)
  expect(told(transitions)).toEqual(expected)
  expect(state.owed).toEqual({})
})
