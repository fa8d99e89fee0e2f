/**
 * What evaluations that fail do to groups, by `on_evaluation_error` (semantics §3.4): by default nothing. A group remembers the
 * status it had, and is judged on from there once the source answers again. Read next: step.ts.
 */
import { earnedStatus } from './condition.ts'
import { missingDueAt } from './deadlines.ts'
import { type Draft, groupOf, putGroup, removeGroup } from './draft.ts'
import { isStandIn, standIn } from './identity.ts'
import { newGroup } from './new-group.ts'
import type { MonitorSpec, Status } from './spec-types.ts'
import { changeStatus } from './tell.ts'
import type { GroupReading, GroupState } from './types.ts'

/** An evaluation failed at `slot`, and has been failing since `since`. As everything that gets worse, it must hold. */
export function failGroups(draft: Draft, since: number, slot: number): void {
  const { onEvaluationError, holdMs } = draft.spec
  if (onEvaluationError === 'keep' || slot - since < holdMs) return
  // A monitor that never saw a group has nothing else to show or to page for.
  const keys = Object.keys(draft.groups)
  for (const key of keys.length === 0 ? [standIn] : keys.sort()) fail(draft, key, slot, onEvaluationError)
}

/** The source answers for the first time: what stood for the groups that nobody had seen is over, unless it is one. */
export function restoreStandIn(draft: Draft, readings: readonly GroupReading[], slot: number): void {
  const group = groupOf(draft, standIn)
  if (group === undefined || !isStandIn(standIn, group) || readings.some((reading) => reading.group === standIn)) return
  if (group.status !== 'OK') changeStatus(draft, standIn, group, 'OK', slot, 'evaluation-recovered')
  removeGroup(draft, standIn)
}

/**
 * The source answers again: what it said nothing of is as it was before, with what time has brought about. `unjudged`: groups
 * of which nothing can be said in this slot.
 */
export function restoreGroups(draft: Draft, slot: number, unjudged: ReadonlySet<string>): void {
  const failed = Object.keys(draft.groups).filter((key) => (groupOf(draft, key)?.beforeFailure ?? null) !== null)
  for (const key of failed.sort()) {
    const group = groupOf(draft, key)
    if (group !== undefined) restore(draft, key, group, slot, !unjudged.has(key))
  }
}

/** The status from which a group is judged. */
export function judgedStatus(group: Pick<GroupState, 'status' | 'beforeFailure'>): Status {
  return group.beforeFailure ?? group.status
}

function fail(draft: Draft, key: string, slot: number, policy: Exclude<MonitorSpec['onEvaluationError'], 'keep'>): void {
  const group = groupOf(draft, key) ?? newGroup(slot, slot)
  const to = statusUnder(policy, group.status)
  // As the failure left it; but an edit may ask for more.
  if (group.beforeFailure !== null && to === group.status) return
  if (to !== group.status) changeStatus(draft, key, group, to, slot, 'evaluation-failed')
  putGroup(draft, key, { ...(groupOf(draft, key) ?? group), beforeFailure: judgedStatus(group) })
}

/** Something that fires isn't hidden because nobody can see whether it still does. */
function statusUnder(policy: 'unknown' | 'alert', status: Status): Status {
  if (policy === 'alert') return 'Alert'
  return status === 'OK' || status === 'No Data' ? 'Unknown' : status
}

function restore(draft: Draft, key: string, group: GroupState, slot: number, isJudged: boolean): void {
  const { spec } = draft
  const before: GroupState = { ...group, status: judgedStatus(group), beforeFailure: null }
  const missingDue = isJudged ? missingDueAt(spec, before) : null
  if (missingDue !== null && missingDue <= slot) {
    // It doesn't recover first from what only the failure made of it.
    if (spec.missing.action === 'resolve') changeStatus(draft, key, group, 'OK', slot, 'missing-data-resolves')
    else changeStatus(draft, key, group, 'No Data', slot, 'data-missing')
    return
  }
  const to = isJudged && group.missingSince === null ? earnedStatus(spec, before, slot) : before.status
  if (to !== group.status) changeStatus(draft, key, group, to, slot, 'evaluation-recovered')
  else putGroup(draft, key, { ...group, beforeFailure: null })
}
