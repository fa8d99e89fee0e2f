/** Which bundle a group belongs to under `notify_by`, and who is in a bundle. Read next: bundles.ts. */
import { groupKey, parseGroupKey } from './group.ts'
import type { GroupState, Status } from './types.ts'

/** The key of the tags that a bundle's groups have in common; `*` where they are all in one. */
export function bundleKeyOf(notifyBy: readonly string[], group: string): string {
  if (notifyBy.length === 0) return '*'
  const tags = parseGroupKey(group)
  return groupKey(Object.fromEntries(notifyBy.map((key) => [key, tags[key] ?? ''])))
}

/** The groups of a bundle that are in `status`, in order of keys. */
export function membersIn(
  groups: Readonly<Record<string, GroupState>>,
  notifyBy: readonly string[],
  bundle: string,
  status: Status,
): readonly string[] {
  return Object.keys(groups)
    .filter((key) => groups[key]?.status === status && bundleKeyOf(notifyBy, key) === bundle)
    .sort()
}
