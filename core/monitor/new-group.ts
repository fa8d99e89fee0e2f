/** Groups that appear, and groups that left and are still known for a day. Read next: step.ts. */
import { type Draft, own, withKey } from './draft.ts'
import type { GroupState } from './types.ts'

/** Only a group that wasn't seen for so long is new (semantics §2, new_group_delay). */
const forgottenAfterMs = 24 * 3_600_000

/** A group seen for the first time counts as OK before: if it is bad, that is a transition; if not, there is none. */
export function newGroup(slot: number, judgedFrom: number): GroupState {
  return {
    status: 'OK',
    since: slot,
    level: 'ok',
    alertSince: slot,
    warnSince: slot,
    judgedFrom,
    value: null,
    missingSince: null,
    firstTriggeredAt: null,
    lastTriggeredAt: null,
    told: false,
    toldAt: null,
    repeats: 0,
    held: false,
    beforeFailure: null,
  }
}

/** From when a group that appears at `slot` is judged. What is there at the first evaluation isn't new, only what appears later. */
export function judgedFrom(draft: Draft, key: string, slot: number, isFirst: boolean): number {
  const seenAt = own(draft.forgotten, key)
  if (isFirst || (seenAt !== undefined && slot - seenAt < forgottenAfterMs)) return slot
  return slot + draft.spec.newGroupDelayMs
}

/** A group leaves by a retention shorter than the day for which it isn't new. */
export function rememberLeft(draft: Draft, key: string, group: GroupState, slot: number): void {
  if (draft.spec.newGroupDelayMs === 0 || group.missingSince === null || slot - group.missingSince >= forgottenAfterMs) return
  draft.forgotten = withKey(draft.forgotten, draft.before.forgotten, key, group.missingSince)
}

/** A group that came back is tracked: it needn't be remembered. */
export function recall(draft: Draft, key: string): void {
  if (own(draft.forgotten, key) !== undefined) draft.forgotten = withKey(draft.forgotten, draft.before.forgotten, key, undefined)
}

/** After the groups of a slot have left: remembers as many as a monitor may have groups, the latest. */
export function forgetOld(draft: Draft, slot: number): void {
  const { forgotten, spec } = draft
  const kept = Object.entries(forgotten).filter(([, seenAt]) => slot - seenAt < forgottenAfterMs)
  const latest = kept.length <= spec.groupsMax ? kept : kept.sort(([, a], [, b]) => b - a).slice(0, spec.groupsMax)
  if (latest.length < Object.keys(forgotten).length) draft.forgotten = Object.fromEntries(latest)
}
