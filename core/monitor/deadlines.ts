/**
 * What time alone will change: each group's deadlines, so that a quiet slot costs nothing until one is due.
 * Read next: step.ts.
 */
import { pendingDueAt } from './condition.ts'
import { unmutedAt } from './mute.ts'
import type { GroupState, MonitorSpec } from './types.ts'

/** When a missing group is judged by the missing-data policy; null = not missing, judged already, or kept. */
export function missingDueAt(spec: MonitorSpec, group: GroupState): number | null {
  if (group.missingSince === null || spec.missing.action === 'keep') return null
  if (spec.missing.action === 'resolve') {
    if (group.status === 'OK') return null
    // Data that is gone is a condition that is gone: it keeps firing as long as one does, counted from when it was gone first.
    const goneSince = group.status === 'Alert' ? group.alertSince : group.warnSince
    return Math.max(group.missingSince + spec.missing.timeframeMs, goneSince + spec.keepFiringMs)
  }
  if (group.status === 'No Data' || hasTimedOut(spec, group, group.missingSince)) return null
  return group.missingSince + spec.missing.timeframeMs
}

/** What was resolved for want of data stays so until data returns. */
function hasTimedOut(spec: MonitorSpec, group: GroupState, missingSince: number): boolean {
  return spec.timeoutMs !== null && group.status === 'OK' && group.since >= missingSince + spec.timeoutMs
}

/** When a group that isn't OK is resolved for want of data (`timeout_h`); null = never. */
export function timeoutDueAt(spec: MonitorSpec, group: GroupState): number | null {
  if (group.missingSince === null || spec.timeoutMs === null || group.status === 'OK') return null
  return group.missingSince + spec.timeoutMs
}

/** When a missing group leaves the state; null = not missing. */
export function retentionDueAt(spec: MonitorSpec, group: GroupState): number | null {
  return group.missingSince === null ? null : group.missingSince + spec.retentionMs
}

/** When a held notification may go out; null = nothing is held, or held until somebody unmutes. */
export function releaseDueAt(spec: MonitorSpec, key: string, group: GroupState): number | null {
  return group.held ? unmutedAt(spec.silenced, key, group.since) : null
}

/** When the present status is told again; null = it isn't. */
export function renotifyDueAt(spec: MonitorSpec, group: GroupState): number | null {
  const { renotify } = spec
  if (renotify === null || group.toldAt === null || group.held || !renotify.statuses.includes(group.status)) return null
  if (renotify.occurrences !== null && group.repeats >= renotify.occurrences) return null
  return group.toldAt + renotify.intervalMs
}

/** When the status that a group's level has earned by hold or keep_firing takes effect; null = nothing is pending. */
export function levelDueAt(spec: MonitorSpec, group: GroupState): number | null {
  return group.missingSince === null ? pendingDueAt(spec, group) : null
}

/** The earliest deadline of one group; null = time alone changes nothing. */
export function groupDueAt(spec: MonitorSpec, key: string, group: GroupState): number | null {
  // The many groups that are OK and have data cost one comparison each.
  if (group.missingSince === null && group.status === 'OK' && group.level === 'ok') return null
  let next: number | null = null
  for (const due of [
    missingDueAt(spec, group),
    timeoutDueAt(spec, group),
    retentionDueAt(spec, group),
    releaseDueAt(spec, key, group),
    renotifyDueAt(spec, group),
    levelDueAt(spec, group),
  ]) {
    if (due !== null && (next === null || due < next)) next = due
  }
  return next
}

/** The earliest deadline of all groups; null = none. */
export function nextDueAt(spec: MonitorSpec, groups: Readonly<Record<string, GroupState>>): number | null {
  let next: number | null = null
  for (const key in groups) {
    const group = groups[key]
    const due = group === undefined ? null : groupDueAt(spec, key, group)
    if (due !== null && (next === null || due < next)) next = due
  }
  return next
}
