/** What older versions of the code left in snapshots, in PostgreSQL and in histories goes on under this one. */
import { expect, test } from 'vitest'
import { adopt, begin } from '../../../core/monitor/begin.ts'
import { emptyLedger } from '../../../core/monitor/ledger.ts'
import { upgradeSnapshot } from '../../../core/monitor/snapshot.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import { step } from '../../../core/monitor/step.ts'
import type { GroupState, MonitorState } from '../../../core/monitor/types.ts'
import { upgradeGroup, upgradeSpec } from '../../../core/monitor/upgrade.ts'
import { epoch, minuteMs, play, specOf, stateOf } from './fixtures.ts'

/** As 0.1.0 wrote them before hold, keep_firing, new_group_delay, timeout_h and repeats. */
function older<Whole extends object>(whole: Whole, added: readonly string[]): Whole {
  const { ...copy } = whole
  for (const name of added) Reflect.deleteProperty(copy, name)
  return copy
}
const olderSpec = (spec: MonitorSpec): MonitorSpec =>
  older(spec, [
    'holdMs',
    'keepFiringMs',
    'newGroupDelayMs',
    'timeoutMs',
    'renotify',
    'requireFullWindow',
    'onEvaluationError',
    'notifyBy',
    'schedule',
    'calendar',
  ])
const olderGroup = (group: GroupState): GroupState =>
  older(group, ['alertSince', 'warnSince', 'judgedFrom', 'toldAt', 'repeats', 'beforeFailure'])
const olderGroups = (groups: MonitorState['groups']): Record<string, GroupState> =>
  Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, olderGroup(group)]))

const readings = [
  { group: 'host:a', level: 'alert', value: 95, at: epoch },
  { group: 'host:b', level: 'ok', value: 1, at: epoch },
  { group: 'host:c', level: 'warn', value: 85, at: epoch },
] as const
const grown = play(stateOf(), [
  { kind: 'observed', observation: { slot: epoch, outcome: { kind: 'ok' }, changed: readings, missing: [], refused: 0 } },
]).state
const bounds = { evaluationsPerRun: 25, catchUpBatchMax: 60, catchUpHorizonMs: 86_400_000 }

test('a whole spec and a whole group stay as they are', () => {
  expect(upgradeSpec(specOf({ holdMs: 5 }))).toEqual(specOf({ holdMs: 5 }))
  for (const group of Object.values(grown.groups)) expect(upgradeGroup(group)).toEqual(group)
})

test('a snapshot of before goes on as one of now', () => {
  const state = older({ ...grown, spec: olderSpec(grown.spec), groups: olderGroups(grown.groups) }, [
    'bundles',
    'downtimes',
    'owed',
    'forgotten',
    'agenda',
  ])
  const snapshot = { v: 1, state, ledger: emptyLedger, inbox: [], bounds } as const
  expect(upgradeSnapshot(snapshot).state).toEqual(grown)
})

test('what was stored before is begun with and adopted as what is stored now', () => {
  const stored = {
    sequence: 2,
    lastSlot: grown.lastSlot,
    paused: false,
    health: grown.health,
    groups: olderGroups(grown.groups),
    memory: null,
  }
  expect(begin(olderSpec(grown.spec), stored, epoch).state.groups).toEqual(grown.groups)
  expect(adopt(grown, stored).groups).toEqual(grown.groups)
})

test('a state that nobody upgraded, with deadlines that are no numbers, ends a step all the same', () => {
  const state = { ...grown, groups: olderGroups(grown.groups), nextDueAt: Number.NaN }
  expect(step(state, { kind: 'quiet', through: grown.lastSlot + 5 * minuteMs }).state.lastSlot).toBe(grown.lastSlot + 5 * minuteMs)
})
