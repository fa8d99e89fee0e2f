/**
 * Which status a group's level has earned by now: `hold` before it gets worse, `keep_firing` before it gets better, nothing
 * before a new group is judged (semantics §3.3, §2). Pure arithmetic on slots. Read next: step.ts, deadlines.ts.
 */
import type { Level, MonitorSpec, Status } from './spec-types.ts'
import type { GroupState } from './types.ts'

/** The status at `slot`, for a group that has data. Its present one until a pending change is due. */
export function earnedStatus(spec: MonitorSpec, group: GroupState, slot: number): Status {
  if (slot < group.judgedFrom) return group.status
  if (isFiring(spec, group, 'alert', slot)) return 'Alert'
  return isFiring(spec, group, 'warn', slot) ? 'Warn' : 'OK'
}

/** When time alone will change the status of a group that has data; null = never. */
export function pendingDueAt(spec: MonitorSpec, group: GroupState): number | null {
  // A group whose data is back is no longer No Data, as soon as it is judged.
  if (group.status === 'No Data' || group.status === 'Unknown') return group.judgedFrom
  const dues = [flipsAt(spec, group, 'alert'), flipsAt(spec, group, 'warn')].filter((due) => due !== null)
  // Both count: which of them changes the status is known when the first is due.
  const first = dues.length === 0 ? null : Math.min(...dues)
  return first === null ? null : Math.max(first, group.judgedFrom)
}

/** The group with what its last data meant; `since` moves where a threshold was crossed or came back. */
export function withLevel(group: GroupState, level: Level, slot: number): GroupState {
  return { ...group, ...sinceOfLevel(group, level, slot) }
}

/** The fields of withLevel alone. */
export function sinceOfLevel(group: GroupState, level: Level, slot: number): Pick<GroupState, 'level' | 'alertSince' | 'warnSince'> {
  return {
    level,
    alertSince: crosses(group.level, 'alert') === crosses(level, 'alert') ? group.alertSince : slot,
    warnSince: crosses(group.level, 'warn') === crosses(level, 'warn') ? group.warnSince : slot,
  }
}

type Threshold = 'alert' | 'warn'

function isFiring(spec: MonitorSpec, group: GroupState, threshold: Threshold, slot: number): boolean {
  const crossed = crosses(group.level, threshold)
  const heldMs = slot - sinceOf(group, threshold)
  return wasFiring(group.status, threshold) ? crossed || heldMs < spec.keepFiringMs : crossed && heldMs >= spec.holdMs
}

function flipsAt(spec: MonitorSpec, group: GroupState, threshold: Threshold): number | null {
  const crossed = crosses(group.level, threshold)
  if (wasFiring(group.status, threshold) === crossed) return null
  return sinceOf(group, threshold) + (crossed ? spec.holdMs : spec.keepFiringMs)
}

function crosses(level: Level, threshold: Threshold): boolean {
  return level === 'alert' || (level === 'warn' && threshold === 'warn')
}

/** A group that comes from No Data begins anew. */
function wasFiring(status: Status, threshold: Threshold): boolean {
  return status === 'Alert' || (status === 'Warn' && threshold === 'warn')
}

function sinceOf(group: GroupState, threshold: Threshold): number {
  return threshold === 'alert' ? group.alertSince : group.warnSince
}
