/**
 * What the state machine must hear of one slot, and nothing else: history grows with change, not with groups.
 * A filter, not a decision: step() given every reading comes to the same state (a property test says so).
 * Read next: activities/evaluate.ts.
 */
import { classify } from './classify.ts'
import { dueBundles, groupDueAt, speaksForBundle } from './deadlines.ts'
import { inForce, sameDowntimes } from './downtimes.ts'
import { judgedStatus } from './failure.ts'
import { roomBeside } from './room.ts'
import type { Downtime, GroupReading, GroupState, MissingGroup, MonitorState, Observation } from './types.ts'

/** What else is known of a slot. */
export type Circumstances = Readonly<{
  /** Groups that have data and no full window (`require_full_window`): they are neither judged nor missing. */
  partial?: readonly string[]
  /** Where the window begins, if not `windowMs` before its end: a calendar window that is young. */
  windowFromMs?: number
  /** All downtimes in force at the slot; left out = as in the state. */
  downtimes?: readonly Downtime[]
  /** Further times of the schedule, where the known ones run out. */
  agenda?: readonly number[]
}>

/** Values per group as of `slot`. Returns null where the slot has nothing to tell. */
export function observe(
  state: MonitorState,
  slot: number,
  values: Readonly<Record<string, number>>,
  circumstances: Circumstances = {},
): Observation | null {
  const partial = new Set(circumstances.partial)
  const { changed, refused } = changedGroups(state, slot, values, partial)
  const missing = missingGroups(state, slot, values, partial, circumstances.windowFromMs)
  const refusedBefore = state.health.kind === 'groups-refused' ? state.health.refused : 0
  const news = newsOf(state, slot, circumstances)
  // A source that answers again after a failure is news, whatever it answers.
  const quiet = changed.length === 0 && missing.length === 0 && refused === refusedBefore && state.health.kind !== 'failing'
  return quiet && Object.keys(news).length === 0 ? null : { slot, outcome: { kind: 'ok' }, changed, missing, refused, ...news }
}

/** Downtimes that began or were taken back, and further times. One that ends by itself is known to. */
export function newsOf(state: MonitorState, slot: number, { downtimes, agenda }: Circumstances): Pick<Observation, 'downtimes' | 'agenda'> {
  return {
    ...(downtimes === undefined || sameDowntimes(downtimes, inForce(state.downtimes, slot)) ? {} : { downtimes }),
    ...(agenda === undefined ? {} : { agenda }),
  }
}

function changedGroups(
  state: MonitorState,
  slot: number,
  values: Readonly<Record<string, number>>,
  partial: ReadonlySet<string>,
): { changed: GroupReading[]; refused: number } {
  const changed: GroupReading[] = []
  const room = roomBeside(state.groups, state.spec.groupsMax, { ...state.spec, forgotten: state.forgotten })
  const dueNow = dueBundles(state, slot)
  let refused = 0
  for (const group of Object.keys(values).sort()) {
    const value = values[group]
    if (value === undefined || !Number.isFinite(value) || partial.has(group)) continue
    const known = Object.hasOwn(state.groups, group) ? state.groups[group] : undefined
    const level = classify(value, state.spec, known === undefined ? 'OK' : judgedStatus(known))
    if (known !== undefined && known.level === level && saysNothing(state, group, known, slot, dueNow)) continue
    if (known === undefined && !room.take(group)) refused += 1
    else changed.push({ group, level, value, at: slot })
  }
  return { changed, refused }
}

function saysNothing(state: MonitorState, key: string, known: GroupState, slot: number, dueNow: readonly string[]): boolean {
  if (known.missingSince !== null || known.beforeFailure !== null) return false
  // Whatever time brings about at this slot shall carry the present value.
  if (speaksForBundle(state, dueNow, key, known)) return false
  const dueAt = groupDueAt(state, key, known)
  return dueAt === null || dueAt > slot
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
  return Object.keys(state.groups)
    .filter((key) => state.groups[key]?.missingSince === null && !Number.isFinite(values[key] ?? Number.NaN) && !partial.has(key))
    .sort()
    .map((group) => ({ group, lastAt }))
}
