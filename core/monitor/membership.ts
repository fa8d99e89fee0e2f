/** Which bundle a group belongs to under `notify_by`, and who is in a bundle. Read next: bundles.ts. */
import { groupKey, parseGroupKey } from './group.ts'
import type { Status } from './spec-types.ts'
import type { BundleState, GroupState } from './types.ts'

/** The key of the tags that a bundle's groups have in common; `*` where they are all in one. */
export function bundleKeyOf(notifyBy: readonly string[], group: string): string {
  if (notifyBy.length === 0) return '*'
  const tags = parseGroupKey(group)
  return groupKey(Object.fromEntries(notifyBy.map((key) => [key, tags[key] ?? ''])))
}

/** Whether what is told under this key is a unit of the monitor: a group that is there, or a bundle that may be. */
export function isUnitKey(notifyBy: readonly string[] | null, groups: Readonly<Record<string, GroupState>>, key: string): boolean {
  return notifyBy === null
    ? Object.hasOwn(groups, key)
    : JSON.stringify(Object.keys(parseGroupKey(key)).sort()) === JSON.stringify(notifyBy)
}

/** The groups of a bundle that are in a status other than OK, in order of keys. */
export type Members = (bundle: string, status: Status) => readonly string[]

/** Sorted into bundles once, when somebody asks first; `groups` must not change meanwhile. No bundles: no members. */
export function membersOf(groups: Readonly<Record<string, GroupState>>, notifyBy: readonly string[] | null): Members {
  let sorted: Map<string, Map<Status, string[]>> | null = null
  return (bundle, status) => {
    sorted ??= notifyBy === null ? new Map() : sortedByBundle(groups, notifyBy)
    return sorted.get(bundle)?.get(status) ?? []
  }
}

function sortedByBundle(groups: Readonly<Record<string, GroupState>>, notifyBy: readonly string[]): Map<string, Map<Status, string[]>> {
  const sorted = new Map<string, Map<Status, string[]>>()
  for (const key of Object.keys(groups).sort()) {
    const status = groups[key]?.status ?? 'OK'
    if (status === 'OK') continue
    const bundle = bundleKeyOf(notifyBy, key)
    const statuses = sorted.get(bundle) ?? new Map<Status, string[]>()
    const members = statuses.get(status) ?? []
    members.push(key)
    sorted.set(bundle, statuses.set(status, members))
  }
  return sorted
}

/** One that is OK, and isn't kept. */
export function emptyBundle(at: number): BundleState {
  return {
    status: 'OK',
    since: at,
    value: null,
    firstTriggeredAt: null,
    lastTriggeredAt: null,
    told: false,
    toldAt: null,
    repeats: 0,
    held: false,
  }
}
