/** Groups that appear, and groups that left and are still known for a day. Read next: step.ts. */
import { type Draft, own, withKey } from './draft.ts'
import type { GroupState, MonitorState } from './types.ts'

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

/** A group leaves by a retention shorter than the day for which it isn't new. Remembers as many as a monitor may have groups. */
export function rememberLeft(draft: Draft, key: string, group: GroupState, slot: number): void {
  if (draft.spec.newGroupDelayMs === 0 || group.missingSince === null || slot - group.missingSince >= forgottenAfterMs) return
  draft.forgotten = withKey(recent(draft.forgotten, slot, draft.spec.groupsMax - 1), key, group.missingSince)
}

/** A group that came back is tracked: it needn't be remembered. */
export function recall(draft: Draft, key: string): void {
  if (own(draft.forgotten, key) !== undefined) draft.forgotten = withKey(draft.forgotten, key, undefined)
}

function recent(forgotten: MonitorState['forgotten'], slot: number, countMax: number): MonitorState['forgotten'] {
  const kept = Object.entries(forgotten).filter(([, seenAt]) => slot - seenAt < forgottenAfterMs)
  if (kept.length <= countMax) return Object.fromEntries(kept)
  return Object.fromEntries(kept.sort(([, a], [, b]) => b - a).slice(0, countMax))
}
