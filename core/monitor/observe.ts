/**
 * What the state machine must hear of one slot, and nothing else: history grows with change, not with groups.
 * A filter, not a decision: step() given every reading comes to the same state (a property test says so).
 * Read next: activities/evaluate.ts.
 */
import { causesOf, sameCauses } from './causes.ts'
import { classify } from './classify.ts'
import { dueBundles, dueToSettle, groupDueAt, isDue, judgedDueAt } from './deadlines.ts'
import { inForce, sameDowntimes } from './downtimes.ts'
import { own } from './draft.ts'
import { judgedStatus } from './failure.ts'
import { isStandIn, standIn } from './identity.ts'
import { bundleKeyOf } from './membership.ts'
import { roomBeside } from './room.ts'
import type { Cause, Downtime, GroupReading, GroupState, MissingGroup, MonitorState, Observation } from './types.ts'

/** What else is known of a slot. */
export type Circumstances = Readonly<{
  /** Groups that have data and no full window (`require_full_window`): they are neither judged nor missing. */
  partial?: readonly string[]
  /** Where the window begins, if not `windowMs` before its end: a calendar window that is young. */
  windowFromMs?: number
  /** All downtimes in force at the slot; left out = as in the state. */
  downtimes?: readonly Downtime[]
  /** All that fires and holds some of its groups; left out = as in the state. */
  causes?: readonly Cause[]
  /** Further times of the schedule, where the known ones run out. */
  agenda?: readonly number[]
  /** Newer slots are due: what is told of this one waits for them, and so does the value that it is told with. */
  late?: boolean
}>

/** Values per group as of `slot`. Returns null where the slot has nothing to tell. */
export function observe(
  state: MonitorState,
  slot: number,
  values: Readonly<Record<string, number>>,
  circumstances: Circumstances = {},
): Observation | null {
  const partial = new Set(circumstances.partial)
  const told = newsOf(state, slot, circumstances, Object.keys(values))
  const { changed, refused } = changedGroups(state, values, partial, spokenOfUnits(state, slot, circumstances.late ?? false, told), slot)
  const missing = missingGroups(state, slot, values, partial, circumstances.windowFromMs)
  const refusedBefore = state.health.kind === 'groups-refused' ? state.health.refused : 0
  const unjudged = unjudgedGroups(state, slot, partial)
  const news = { ...told, ...(unjudged.length === 0 ? {} : { partial: unjudged }) }
  // A source that answers again after a failure is news, whatever it answers.
  const quiet = changed.length === 0 && missing.length === 0 && refused === refusedBefore && state.health.kind !== 'failing'
  return quiet && Object.keys(news).length === 0 ? null : { slot, outcome: { kind: 'ok' }, changed, missing, refused, ...news }
}

type News = Pick<Observation, 'downtimes' | 'causes' | 'agenda'>

/** Downtimes that began or were taken back, what fires now, and further times. A downtime that ends by itself is known to. `seen`: groups of this slot. */
export function newsOf(state: MonitorState, slot: number, circumstances: Circumstances, seen: readonly string[] = []): News {
  const { downtimes, agenda } = circumstances
  const causes = circumstances.causes === undefined ? undefined : causesOf(circumstances.causes, [...Object.keys(state.groups), ...seen])
  return {
    ...(downtimes === undefined || sameDowntimes(downtimes, inForce(state.downtimes, slot)) ? {} : { downtimes }),
    ...(causes === undefined || sameCauses(causes, state.causes ?? []) ? {} : { causes }),
    ...(agenda === undefined ? {} : { agenda }),
  }
}

function changedGroups(
  state: MonitorState,
  values: Readonly<Record<string, number>>,
  partial: ReadonlySet<string>,
  spokenOf: ReadonlySet<string>,
  slot: number,
): { changed: GroupReading[]; refused: number } {
  const changed: GroupReading[] = []
  const room = roomBeside(seenGroups(state), state.spec.groupsMax, { ...state.spec, forgotten: state.forgotten })
  let refused = 0
  for (const group of Object.keys(values).sort()) {
    const value = values[group]
    if (value === undefined || !Number.isFinite(value) || partial.has(group)) continue
    const known = Object.hasOwn(state.groups, group) ? state.groups[group] : undefined
    const level = classify(value, state.spec, known === undefined ? 'OK' : judgedStatus(known))
    if (known !== undefined && known.level === level && saysNothing(state, group, known, slot, spokenOf)) continue
    if (known === undefined && !room.take(group)) refused += 1
    else changed.push({ group, level, value, at: slot })
  }
  return { changed, refused }
}

/**
 * Units that something is told of at this slot, whatever their groups do: bundles that are due, what is owed from late slots, and what
 * is held where that may end now.
 */
function spokenOfUnits(state: MonitorState, slot: number, late: boolean, { downtimes, causes }: News): ReadonlySet<string> {
  const units: Readonly<Record<string, Pick<GroupState, 'held'>>> = state.spec.notifyBy === null ? state.groups : state.bundles
  const mayEnd = downtimes !== undefined || causes !== undefined
  const held = mayEnd ? Object.keys(units).filter((key) => units[key]?.held) : []
  return new Set([...dueBundles(state, slot), ...dueToSettle(state, slot), ...(late ? [] : Object.keys(state.owed)), ...held])
}

function saysNothing(state: MonitorState, key: string, known: GroupState, slot: number, spokenOf: ReadonlySet<string>): boolean {
  if (known.missingSince !== null || known.beforeFailure !== null) return false
  // Whatever time brings about at this slot shall carry the present value.
  if (spokenOf.size > 0 && isSpokenOf(state, spokenOf, key, known)) return false
  const dueAt = groupDueAt(state, key, known)
  return dueAt === null || dueAt > slot
}

/** But for the one that stands for groups that nobody has seen yet: it leaves as soon as the source answers. */
function seenGroups({ groups }: MonitorState): MonitorState['groups'] {
  const alone = own(groups, standIn)
  return alone !== undefined && isStandIn(standIn, alone) ? {} : groups
}

function missingGroups(
  state: MonitorState,
  slot: number,
  values: Readonly<Record<string, number>>,
  partial: ReadonlySet<string>,
  windowFromMs: number | undefined,
): MissingGroup[] {
  // No data in the window as of this slot, and some as of the slot before: the last of it lies where the window begins.
  const lastAt = windowFromMs ?? slot - state.spec.delayMs - state.spec.windowMs
  return Object.keys(seenGroups(state))
    .filter((key) => state.groups[key]?.missingSince === null && !Number.isFinite(values[key] ?? Number.NaN) && !partial.has(key))
    .sort()
    .map((group) => ({ group, lastAt }))
}

/** Groups with gaps that time would change now, or whose gap is a window old: what counts from their last data must know of it. */
function unjudgedGroups({ spec, groups }: MonitorState, slot: number, partial: ReadonlySet<string>): string[] {
  return [...partial].sort().filter((key) => {
    const group = Object.hasOwn(groups, key) ? groups[key] : undefined
    if (group === undefined) return false
    if (group.beforeFailure !== null) return true
    if (group.missingSince !== null && slot - spec.delayMs - group.missingSince >= spec.windowMs) return true
    return isDue(judgedDueAt(spec, group), slot)
  })
}

function isSpokenOf({ spec, bundles, flapping }: MonitorState, spokenOf: ReadonlySet<string>, key: string, group: GroupState): boolean {
  // One that flaps is told of also when it is OK.
  if (group.status === 'OK' && own(flapping ?? {}, key) === undefined) return false
  if (spec.notifyBy === null) return spokenOf.has(key)
  const bundle = bundleKeyOf(spec.notifyBy, key)
  return spokenOf.has(bundle) && own(bundles, bundle)?.status === group.status
}
