/**
 * Specs and groups as older versions of this code wrote them — in snapshots, in PostgreSQL, in a history that is replayed — with
 * what was added since: as if the new options weren't set. Read next: snapshot.ts, begin.ts.
 */
import { utcStarts } from './spec.ts'
import type { MonitorSpec } from './spec-types.ts'
import type { GroupState, MonitorState } from './types.ts'

type SpecAdded =
  | 'datasource'
  | 'holdMs'
  | 'keepFiringMs'
  | 'newGroupDelayMs'
  | 'timeoutMs'
  | 'renotify'
  | 'requireFullWindow'
  | 'onEvaluationError'
  | 'notifyBy'
  | 'schedule'
  | 'calendar'
type GroupAdded = 'alertSince' | 'warnSince' | 'judgedFrom' | 'toldAt' | 'repeats' | 'beforeFailure'
type StateAdded = 'bundles' | 'downtimes' | 'owed' | 'forgotten' | 'agenda'
/** A shape that may come from before some of its fields were there. */
type Older<Whole, Added extends keyof Whole> = Omit<Whole, Added> & Partial<Pick<Whole, Added>>

export function upgradeSpec(spec: Older<MonitorSpec, SpecAdded>): MonitorSpec {
  return {
    datasource: null,
    holdMs: 0,
    keepFiringMs: 0,
    newGroupDelayMs: 0,
    timeoutMs: null,
    renotify: null,
    requireFullWindow: false,
    onEvaluationError: 'keep',
    notifyBy: null,
    schedule: null,
    calendar: utcStarts,
    ...spec,
  }
}

export function upgradeGroup(group: Older<GroupState, GroupAdded>): GroupState {
  return {
    // A condition that was never dated has held since the status changed; a group that was judged goes on being judged.
    alertSince: group.since,
    warnSince: group.since,
    judgedFrom: group.since,
    toldAt: group.told && group.status !== 'OK' ? group.since : null,
    repeats: 0,
    beforeFailure: null,
    ...group,
  }
}

function upgradeGroups(groups: Readonly<Record<string, GroupState>>): Record<string, GroupState> {
  return Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, upgradeGroup(group)]))
}

export function upgradeState(state: Older<MonitorState, StateAdded>): MonitorState {
  const added = { bundles: {}, downtimes: [], owed: {}, forgotten: {}, agenda: null }
  return { ...added, ...state, spec: upgradeSpec(state.spec), groups: upgradeGroups(state.groups) }
}
