/**
 * A state under change within one step, and what becomes of it: the next state and the effects as data.
 * Mutable inside step(), never seen outside of it. Read next: tell.ts, which changes statuses in it; step.ts.
 */
import { survey } from './deadlines.ts'
import type { MonitorSpec } from './spec-types.ts'
import type {
  BundleState,
  Cause,
  Commit,
  Downtime,
  Effect,
  Flapping,
  GroupState,
  Health,
  Memory,
  MonitorState,
  Owed,
  StepResult,
  Transition,
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
  downtimes: readonly Downtime[]
  causes: readonly Cause[]
  flapping: Readonly<Record<string, Flapping>>
  /** The records as they were when old ones were looked for last: see flap.ts. */
  flappingKept: Readonly<Record<string, Flapping>>
  bundles: Readonly<Record<string, BundleState>>
  owed: Readonly<Record<string, Owed>>
  forgotten: Readonly<Record<string, number>>
  agenda: readonly number[] | null
  /** The newest slot that is due: what older ones tell waits for it. */
  readonly newest: number
  /** Groups whose bundles haven't been judged since they changed; without a cause where a group left. */
  unbundled: Readonly<{ group: string; cause: Transition | null }>[]
}

const noCauses: readonly Cause[] = []
const noFlapping: Readonly<Record<string, Flapping>> = {}

export function openDraft(state: MonitorState, newest: number): Draft {
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
    downtimes: state.downtimes,
    causes: state.causes ?? noCauses,
    flapping: state.flapping ?? noFlapping,
    flappingKept: state.flapping ?? noFlapping,
    bundles: state.bundles,
    owed: state.owed,
    forgotten: state.forgotten,
    agenda: state.agenda,
    newest,
    unbundled: [],
  }
}

/** A tracked group; undefined also for the names that every object has, such as `toString`: those are no objects (but `__proto__`). */
export function groupOf({ groups }: Draft, key: string): GroupState | undefined {
  const group = groups[key]
  return typeof group === 'object' && key !== '__proto__' ? group : undefined
}

export function putGroup(draft: Draft, key: string, group: GroupState): void {
  copyGroups(draft)
  draft.groups[key] = group
  draft.changed.add(key)
  if (draft.removed.size > 0) draft.removed.delete(key)
}

export function removeGroup(draft: Draft, key: string): void {
  copyGroups(draft)
  delete draft.groups[key]
  draft.changed.delete(key)
  draft.removed.add(key)
  if (draft.spec.notifyBy !== null) draft.unbundled.push({ group: key, cause: null })
  else if (own(draft.flapping, key) !== undefined) draft.flapping = withKey(draft.flapping, draft.flappingKept, key, undefined)
}

/** Numbers a transition and keeps it for the commit. */
export function addTransition(draft: Draft, transition: Omit<Transition, 'sequence' | 'version'>): Transition {
  draft.sequence += 1
  const numbered: Transition = { sequence: draft.sequence, ...transition, version: draft.spec.version }
  draft.transitions.push(numbered)
  return numbered
}

/** A property of the object itself; undefined for what every object inherits. */
export function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/**
 * The record with `key` set, or (undefined) without it. `before`: as it was before this step, which stays as it is. The first change
 * copies, so that a storm of 10,000 groups copies once and not for each of them.
 */
export function withKey<Value>(
  record: Readonly<Record<string, Value>>,
  before: Readonly<Record<string, Value>>,
  key: string,
  value: Value | undefined,
): Record<string, Value> {
  const written: Record<string, Value> = record === before ? { ...record } : record
  if (value === undefined) delete written[key]
  else written[key] = value
  return written
}

/** The next state, and as data what has to be done about it. The same state and no effects where nothing changed. */
export function closeDraft(draft: Draft): StepResult {
  const { before } = draft
  const groupsChanged = draft.changed.size > 0 || draft.removed.size > 0
  const memory = memoryOf(draft)
  const respecified = draft.spec !== before.spec
  const { overall, nextDueAt } = groupsChanged || respecified || memory !== null ? survey(draft) : before
  const state: MonitorState = {
    v: 1,
    spec: draft.spec,
    sequence: draft.sequence,
    lastSlot: draft.lastSlot,
    overall,
    paused: draft.paused,
    health: draft.health,
    groups: draft.groups,
    bundles: draft.bundles,
    downtimes: draft.downtimes,
    ...extrasOf(draft),
    owed: draft.owed,
    forgotten: draft.forgotten,
    agenda: draft.agenda,
    nextDueAt,
  }
  const differs = groupsChanged || memory !== null || respecified || draft.paused !== before.paused || draft.health !== before.health
  return { state, effects: differs ? effectsOf(draft, state, memory) : [] }
}

function memoryOf(draft: Draft): Memory | null {
  const { before, bundles, downtimes, causes, flapping, owed, forgotten } = draft
  const sameHolders = downtimes === before.downtimes && causes === (before.causes ?? noCauses)
  const same =
    bundles === before.bundles &&
    sameHolders &&
    flapping === (before.flapping ?? noFlapping) &&
    owed === before.owed &&
    forgotten === before.forgotten
  return same ? null : { bundles, downtimes, ...extrasOf(draft), owed, forgotten }
}

/** Most monitors have none. */
function extrasOf({ causes, flapping }: Draft): Pick<MonitorState, 'causes' | 'flapping'> {
  return { ...(causes.length === 0 ? {} : { causes }), ...(isEmpty(flapping) ? {} : { flapping }) }
}

export function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) return false
  return true
}

function effectsOf(draft: Draft, state: MonitorState, memory: Memory | null): Effect[] {
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
    memory,
  }
  const effects: Effect[] = [{ kind: 'commit', commit }]
  const sequences = draft.transitions.filter((transition) => transition.notify.send).map((transition) => transition.sequence)
  if (sequences.length > 0) effects.push({ kind: 'notify', monitorId: commit.monitorId, sequences })
  if (state.overall !== draft.before.overall) effects.push({ kind: 'overall', status: state.overall })
  return effects
}

function copyGroups(draft: Draft): void {
  if (draft.copied) return
  const copy: Record<string, GroupState> = {}
  // Twice as fast as a spread, where there are 10,000.
  for (const key in draft.groups) {
    const group = draft.groups[key]
    if (group !== undefined) copy[key] = group
  }
  draft.groups = copy
  draft.copied = true
}

function pick(groups: Readonly<Record<string, GroupState>>, keys: ReadonlySet<string>): Record<string, GroupState> {
  const picked: Record<string, GroupState> = {}
  for (const key of inOrder(keys)) {
    const group = groups[key]
    if (group !== undefined) picked[key] = group
  }
  return picked
}

/** Readings come in order, so most sets are. */
function inOrder(keys: ReadonlySet<string>): Iterable<string> {
  let last = ''
  for (const key of keys) {
    if (key < last) return [...keys].sort()
    last = key
  }
  return keys
}
