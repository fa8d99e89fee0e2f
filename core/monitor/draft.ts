/**
 * A state under change within one step: the one place where a group's status changes and gets its sequence number.
 * Mutable inside step(), never seen outside of it. Read next: step.ts.
 */
import { decidingThreshold } from './classify.ts'
import { nextDueAt } from './deadlines.ts'
import { decideNotify } from './decide.ts'
import { isMuted } from './mute.ts'
import { overallOf } from './overall.ts'
import type {
  Commit,
  Effect,
  GroupState,
  Health,
  MonitorSpec,
  MonitorState,
  NotifyDecision,
  Status,
  StepResult,
  Transition,
  TransitionReason,
} from './types.ts'

export type Draft = {
  readonly before: MonitorState
  spec: MonitorSpec
  paused: boolean
  health: Health
  lastSlot: number
  sequence: number
  /** Copied on the first change, so that a quiet slot of 20,000 groups copies nothing. */
  groups: Record<string, GroupState>
  copied: boolean
  changed: Set<string>
  removed: Set<string>
  transitions: Transition[]
}

export function openDraft(state: MonitorState): Draft {
  return {
    before: state,
    spec: state.spec,
    paused: state.paused,
    health: state.health,
    lastSlot: state.lastSlot,
    sequence: state.sequence,
    groups: state.groups,
    copied: false,
    changed: new Set(),
    removed: new Set(),
    transitions: [],
  }
}

/** A tracked group; undefined also for the names that every object has, such as `toString`. */
export function groupOf(draft: Draft, key: string): GroupState | undefined {
  return Object.hasOwn(draft.groups, key) ? draft.groups[key] : undefined
}

export function putGroup(draft: Draft, key: string, group: GroupState): void {
  copyGroups(draft)
  draft.groups[key] = group
  draft.changed.add(key)
  draft.removed.delete(key)
}

export function removeGroup(draft: Draft, key: string): void {
  copyGroups(draft)
  delete draft.groups[key]
  draft.changed.delete(key)
  draft.removed.add(key)
}

/** Moves a group to another status, decides who hears of it, and numbers the transition. */
export function changeStatus(draft: Draft, key: string, group: GroupState, to: Status, at: number, reason: TransitionReason): void {
  const notify = decideNotify(draft.spec, key, group, to, at)
  const after: GroupState = {
    ...group,
    status: to,
    since: at,
    firstTriggeredAt: to === 'OK' ? null : (group.firstTriggeredAt ?? at),
    lastTriggeredAt: to === 'OK' ? group.lastTriggeredAt : at,
    told: to !== 'OK' && (group.told || notify.send),
    toldAt: to !== 'OK' && notify.send ? at : null,
    repeats: 0,
    // What nobody asked to be told isn't told by the end of a mute either.
    held: to !== 'OK' && notify.reason !== 'no-data-not-asked-for' && isMuted(draft.spec.silenced, key, at),
  }
  // A recovery tells when its episode began, which the recovered group itself no longer knows.
  record(draft, key, group.status, after, at, reason, notify, after.firstTriggeredAt ?? group.firstTriggeredAt)
}

/** Tells the present status again: a mute that held it has ended by itself, or it is time for a repeat. */
export function tellAgain(draft: Draft, key: string, group: GroupState, at: number, reason: 'mute-expired' | 'renotify'): void {
  const notify: NotifyDecision = draft.spec.draft ? { send: false, reason: 'draft' } : { send: true, reason }
  const after: GroupState = {
    ...group,
    held: false,
    told: group.told || notify.send,
    toldAt: notify.send ? at : group.toldAt,
    repeats: group.repeats + (reason === 'renotify' ? 1 : 0),
  }
  record(draft, key, group.status, after, at, reason, notify, group.firstTriggeredAt)
}

/** The next state, and as data what has to be done about it. The same state and no effects where nothing changed. */
export function closeDraft(draft: Draft): StepResult {
  const { before } = draft
  const groupsChanged = draft.changed.size > 0 || draft.removed.size > 0
  const overall = groupsChanged ? overallOf(draft.groups) : before.overall
  const state: MonitorState = {
    v: 1,
    spec: draft.spec,
    sequence: draft.sequence,
    lastSlot: draft.lastSlot,
    overall,
    paused: draft.paused,
    health: draft.health,
    groups: draft.groups,
    nextDueAt: groupsChanged || draft.spec !== before.spec ? nextDueAt(draft.spec, draft.groups) : before.nextDueAt,
  }
  const differs = groupsChanged || draft.spec !== before.spec || draft.paused !== before.paused || draft.health !== before.health
  return { state, effects: differs ? effectsOf(draft, state) : [] }
}

function effectsOf(draft: Draft, state: MonitorState): Effect[] {
  const commit: Commit = {
    monitorId: state.spec.monitorId,
    version: state.spec.version,
    sequence: state.sequence,
    slot: state.lastSlot,
    overall: state.overall,
    paused: state.paused,
    health: state.health,
    transitions: draft.transitions,
    groups: pick(draft.groups, draft.changed),
    removed: [...draft.removed].sort(),
  }
  const sequences = draft.transitions.filter((transition) => transition.notify.send).map((transition) => transition.sequence)
  return [
    { kind: 'commit', commit },
    ...(sequences.length > 0 ? [{ kind: 'notify', monitorId: commit.monitorId, sequences } as const] : []),
    ...(state.overall !== draft.before.overall ? [{ kind: 'overall', status: state.overall } as const] : []),
  ]
}

function record(
  draft: Draft,
  key: string,
  from: Status,
  after: GroupState,
  at: number,
  reason: TransitionReason,
  notify: NotifyDecision,
  firstTriggeredAt: number | null,
): void {
  draft.sequence += 1
  draft.transitions.push({
    sequence: draft.sequence,
    group: key,
    from,
    to: after.status,
    slot: at,
    value: after.value,
    threshold: decidingThreshold(draft.spec.thresholds, from, after.status),
    reason,
    version: draft.spec.version,
    firstTriggeredAt,
    lastTriggeredAt: after.lastTriggeredAt,
    notify,
  })
  putGroup(draft, key, after)
}

function copyGroups(draft: Draft): void {
  if (draft.copied) return
  draft.groups = { ...draft.groups }
  draft.copied = true
}

function pick(groups: Readonly<Record<string, GroupState>>, keys: ReadonlySet<string>): Record<string, GroupState> {
  const picked: Record<string, GroupState> = {}
  for (const key of [...keys].sort()) {
    const group = groups[key]
    if (group !== undefined) picked[key] = group
  }
  return picked
}
