/**
 * What time alone will change: each group's deadlines, so that a quiet slot costs nothing until one is due.
 * Read next: step.ts.
 */
import { unmutedAt } from './mute.ts'
import type { GroupState, MonitorSpec } from './types.ts'

/** Whether time alone can change the group: quick, for the many that it can't. */
export function hasDeadline(group: GroupState | undefined): boolean {
  return group !== undefined && (group.missingSince !== null || group.held)
}

/** When a missing group is judged by the missing-data policy; null = not missing, judged already, or kept. */
export function missingDueAt(spec: MonitorSpec, group: GroupState): number | null {
  if (group.missingSince === null || spec.missing.action === 'keep') return null
  const judged = spec.missing.action === 'resolve' ? group.status === 'OK' : group.status === 'No Data'
  return judged ? null : group.missingSince + spec.missing.timeframeMs
}

/** When a missing group leaves the state; null = not missing. */
export function retentionDueAt(spec: MonitorSpec, group: GroupState): number | null {
  return group.missingSince === null ? null : group.missingSince + spec.retentionMs
}

/** When a held notification may go out; null = nothing is held, or held until somebody unmutes. */
export function releaseDueAt(spec: MonitorSpec, key: string, group: GroupState): number | null {
  return group.held ? unmutedAt(spec.silenced, key, group.since) : null
}

/** The earliest deadline of all groups; null = none. */
export function nextDueAt(spec: MonitorSpec, groups: Readonly<Record<string, GroupState>>): number | null {
  let next: number | null = null
  for (const key in groups) {
    const group = groups[key]
    if (group === undefined || !hasDeadline(group)) continue
    for (const due of [missingDueAt(spec, group), retentionDueAt(spec, group), releaseDueAt(spec, key, group)]) {
      if (due !== null && (next === null || due < next)) next = due
    }
  }
  return next
}
