/**
 * What time alone will change: each group's deadlines, so that a quiet slot costs nothing until one is due.
 * Those that judge wait while evaluations fail; those that tell don't. Read next: step.ts.
 */
import { afterAcknowledged } from './acknowledgment.ts'
import { pendingDueAt } from './condition.ts'
import { shownOnly } from './decide.ts'
import { unheldAt } from './downtimes.ts'
import { settlesAt } from './flapping.ts'
import { type Members, membersOf } from './membership.ts'
import { isWorse } from './overall.ts'
import type { MonitorSpec, Status } from './spec-types.ts'
import type { BundleState, GroupState, MonitorState } from './types.ts'

/** What deadlines are counted from. */
export type Watch = Pick<MonitorState, 'spec' | 'groups' | 'bundles' | 'downtimes' | 'causes' | 'flapping' | 'lastSlot'>

/** When a missing group is judged by the missing-data policy; null = not missing, judged already, or kept. */
export function missingDueAt(spec: MonitorSpec, group: GroupState): number | null {
  if (group.missingSince === null || group.beforeFailure !== null || spec.missing.action === 'keep') return null
  if (spec.missing.action === 'resolve') {
    if (group.status === 'OK') return null
    // Data that is gone is a condition that is gone: it keeps firing as long as one does, counted from when it was gone first.
    const goneSince = group.status === 'Alert' ? group.alertSince : group.warnSince
    return Math.max(group.missingSince + spec.missing.timeframeMs, goneSince + spec.keepFiringMs)
  }
  if (group.status === 'No Data' || hasTimedOut(spec, group, group.missingSince)) return null
  // What would be resolved at once needn't be shown before.
  if (spec.timeoutMs !== null && spec.timeoutMs <= spec.missing.timeframeMs) return null
  return group.missingSince + spec.missing.timeframeMs
}

/** What was resolved for want of data stays so until data returns. */
function hasTimedOut(spec: MonitorSpec, group: GroupState, missingSince: number): boolean {
  return spec.timeoutMs !== null && group.status === 'OK' && group.since >= missingSince + spec.timeoutMs
}

/** When a group that isn't OK is resolved for want of data (`timeout_h`); null = never. */
export function timeoutDueAt(spec: MonitorSpec, group: GroupState): number | null {
  if (group.missingSince === null || group.beforeFailure !== null || spec.timeoutMs === null || group.status === 'OK') return null
  return group.missingSince + spec.timeoutMs
}

/** When a missing group leaves the state; null = not missing. */
export function retentionDueAt(spec: MonitorSpec, group: GroupState): number | null {
  return group.missingSince === null ? null : group.missingSince + spec.retentionMs
}

/** When the status that a group's level has earned by hold or keep_firing takes effect; null = nothing is pending. */
export function levelDueAt(spec: MonitorSpec, group: GroupState): number | null {
  return group.missingSince === null && group.beforeFailure === null ? pendingDueAt(spec, group) : null
}

/** When a held notification may go out; null = nothing is held, or held until somebody cancels. */
export function releaseDueAt(watch: Watch, members: readonly string[], unit: BundleState): number | null {
  if (!unit.held) return null
  // One of them that nothing holds is enough.
  return members.reduce<number | null>((first, member) => earlier(first, unheldAt(watch, member, watch.lastSlot)), null)
}

/** When the present status is told again; null = it isn't. */
export function renotifyDueAt({ renotify, draft }: MonitorSpec, unit: BundleState): number | null {
  if (draft || renotify === null || unit.toldAt === null || unit.held || !renotify.statuses.includes(unit.status)) return null
  if (renotify.occurrences !== null && unit.repeats >= renotify.occurrences) return null
  return afterAcknowledged(unit, unit.toldAt + renotify.intervalMs)
}

/** Each run of a schedule of its own tells what isn't OK, whether it was told before or not. */
export function runDueAt(spec: MonitorSpec, unit: BundleState): number | null {
  if (spec.schedule === null || spec.draft || unit.held || unit.status === 'OK' || shownOnly(spec, unit.status) !== null) return null
  return afterAcknowledged(unit, Math.max(unit.toldAt ?? unit.since, unit.since) + 1)
}

/** The earliest time at which a unit's present status is told; `members` as in tell.ts. */
export function tellDueAt(watch: Watch, members: readonly string[], unit: BundleState): number | null {
  const again = earlier(renotifyDueAt(watch.spec, unit), runDueAt(watch.spec, unit))
  return earlier(releaseDueAt(watch, members, unit), again)
}

/** The earliest deadline of one group; null = time alone changes nothing. */
export function groupDueAt(watch: Watch, key: string, group: GroupState): number | null {
  // The many groups that are OK and have data cost one comparison each.
  if (group.missingSince === null && group.status === 'OK' && group.level === 'ok') return null
  const judged = judgedDueAt(watch.spec, group)
  return watch.spec.notifyBy === null && group.status !== 'OK' ? earlier(judged, tellDueAt(watch, [key], group)) : judged
}

/** When time alone will change what a group is, or that it is. */
export function judgedDueAt(spec: MonitorSpec, group: GroupState): number | null {
  return earlier(
    earlier(missingDueAt(spec, group), timeoutDueAt(spec, group)),
    earlier(retentionDueAt(spec, group), levelDueAt(spec, group)),
  )
}

/** The bundles that are due at `slot`. */
export function dueBundles(watch: Watch, slot: number): readonly string[] {
  const members = membersOf(watch.groups, watch.spec.notifyBy)
  return Object.keys(watch.bundles)
    .filter((key) => isDue(bundleDueAt(watch, key, members), slot))
    .sort()
}

/**
 * The worst status, and the earliest deadline of all groups and bundles (null = none): one pass, for there may be many. A monitor
 * without groups has seen no data.
 */
export function survey(watch: Watch): Readonly<{ overall: Status; nextDueAt: number | null }> {
  let worst: Status | null = null
  let next: number | null = null
  for (const key in watch.groups) {
    const group = watch.groups[key]
    if (group === undefined) continue
    next = earlier(next, groupDueAt(watch, key, group))
    if (worst === null || isWorse(group.status, worst)) worst = group.status
  }
  const members = membersOf(watch.groups, watch.spec.notifyBy)
  for (const key in watch.flapping) next = earlier(next, settleDueAt(watch, key))
  for (const key in watch.bundles) next = earlier(next, bundleDueAt(watch, key, members))
  return { overall: worst ?? 'No Data', nextDueAt: next }
}

/** When a unit that flaps will have settled; null = it doesn't flap. */
function settleDueAt({ spec, flapping }: Watch, key: string): number | null {
  const flaps = flapping?.[key]
  return flaps === undefined ? null : settlesAt(flaps, spec)
}

/** Units that have settled by `slot`. */
export function dueToSettle(watch: Watch, slot: number): readonly string[] {
  return Object.keys(watch.flapping ?? {}).filter((key) => isDue(settleDueAt(watch, key), slot))
}

function bundleDueAt(watch: Watch, key: string, members: Members): number | null {
  const bundle = watch.bundles[key]
  if (bundle === undefined) return null
  // Who is in it matters only where a downtime does.
  return tellDueAt(watch, bundle.held ? members(key, bundle.status) : [], bundle)
}

/** null = never. */
export function earlier(one: number | null, other: number | null): number | null {
  if (one === null) return other
  return other === null || one <= other ? one : other
}

/** Whether a deadline has come by `at`. */
export function isDue(dueAt: number | null, at: number): boolean {
  return dueAt !== null && dueAt <= at
}
