/**
 * What the state machine must hear of one slot, and nothing else: history grows with change, not with groups.
 * A filter, not a decision: step() given every reading comes to the same state (a property test says so).
 * Read next: activities/evaluate.ts.
 */
import { classify } from './classify.ts'
import { groupDueAt } from './deadlines.ts'
import { roomBeside } from './room.ts'
import type { GroupReading, GroupState, Level, MissingGroup, MonitorState, Observation } from './types.ts'

/** Values per group as of `slot`. Returns null where the slot has nothing to tell. */
export function observe(state: MonitorState, slot: number, values: Readonly<Record<string, number>>): Observation | null {
  const { changed, refused } = changedGroups(state, slot, values)
  const missing = missingGroups(state, slot, values)
  const refusedBefore = state.health.kind === 'groups-refused' ? state.health.refused : 0
  // A source that answers again after a failure is news, whatever it answers.
  const quiet = changed.length === 0 && missing.length === 0 && refused === refusedBefore && state.health.kind !== 'failing'
  return quiet ? null : { slot, outcome: { kind: 'ok' }, changed, missing, refused }
}

function changedGroups(
  state: MonitorState,
  slot: number,
  values: Readonly<Record<string, number>>,
): { changed: GroupReading[]; refused: number } {
  const changed: GroupReading[] = []
  const room = roomBeside(state.groups, state.spec.groupsMax)
  let refused = 0
  for (const group of Object.keys(values).sort()) {
    const value = values[group]
    if (value === undefined || !Number.isFinite(value)) continue
    const known = Object.hasOwn(state.groups, group) ? state.groups[group] : undefined
    const level = classify(value, state.spec, known?.status ?? 'OK')
    if (known !== undefined && saysNothing(state, group, known, level, slot)) continue
    if (known === undefined && !room.take(group)) refused += 1
    else changed.push({ group, level, value, at: slot })
  }
  return { changed, refused }
}

function saysNothing(state: MonitorState, key: string, known: GroupState, level: Level, slot: number): boolean {
  if (known.missingSince !== null || known.level !== level) return false
  // Whatever time brings about at this slot shall carry the present value.
  const dueAt = groupDueAt(state.spec, key, known)
  return dueAt === null || dueAt > slot
}

function missingGroups(state: MonitorState, slot: number, values: Readonly<Record<string, number>>): MissingGroup[] {
  // No data in the window as of this slot, and some as of the slot before: the last of it lies where the window begins.
  const lastAt = slot - state.spec.delayMs - state.spec.windowMs
  return Object.keys(state.groups)
    .filter((key) => state.groups[key]?.missingSince === null && !Number.isFinite(values[key] ?? Number.NaN))
    .sort()
    .map((group) => ({ group, lastAt }))
}
