/**
 * Which groups a composite has: those that its grouped members have in common. Pure. Read next: composite-status.ts.
 */
import { groupKey, parseGroupKey } from '../monitor/group.ts'
import { isWorse } from '../monitor/overall.ts'
import type { Status } from '../monitor/spec-types.ts'

/** How a monitor is: as a whole, and by group key. */
export type MemberStatus = Readonly<{ overall: Status; groups: Readonly<Record<string, Status>> }>

/**
 * By group of the composite, the status of each member in it, in the order of members.
 * Members without groups count for every group, as a whole. Grouped ones are joined on the keys that all of them have: a member with more
 * keys counts with the worst of its groups there, and only groups that each of them has are the composite's. Without a common key (or
 * without any group) there is one group, of the members as a whole.
 */
export function joinMembers(members: readonly MemberStatus[]): Readonly<Record<string, readonly Status[]>> {
  const keys = commonKeys(members)
  if (keys.length === 0) return { '*': members.map(({ overall }) => overall) }
  const rolledUp = members.map((member) => (isGrouped(member) ? worstBy(keys, member) : null))
  const [smallest, ...others] = rolledUp.filter((groups) => groups !== null).sort((one, other) => one.size - other.size)
  const joined = [...(smallest?.keys() ?? [])].filter((group) => others.every((groups) => groups.has(group))).sort()
  return Object.fromEntries(joined.map((group) => [group, members.map(({ overall }, index) => rolledUp[index]?.get(group) ?? overall)]))
}

/** One that has seen nothing yet, or has but one group, is as it is as a whole. */
function isGrouped({ groups }: MemberStatus): boolean {
  return Object.keys(groups).some((group) => group !== '*')
}

/** All groups of a member have the same keys; where an edit is half done, the keys of most don't matter: those of all do. */
function commonKeys(members: readonly MemberStatus[]): string[] {
  let common: readonly string[] | null = null
  for (const member of members) {
    if (!isGrouped(member)) continue
    for (const group of Object.keys(member.groups)) {
      const tags = parseGroupKey(group)
      common = common === null ? Object.keys(tags) : common.filter((key) => Object.hasOwn(tags, key))
    }
  }
  return [...(common ?? [])].sort()
}

function worstBy(keys: readonly string[], { groups }: MemberStatus): Map<string, Status> {
  const worst = new Map<string, Status>()
  for (const [group, status] of Object.entries(groups)) {
    const tags = parseGroupKey(group)
    const joined = groupKey(Object.fromEntries(keys.map((key) => [key, tags[key] ?? ''])))
    const before = worst.get(joined)
    if (before === undefined || isWorse(status, before)) worst.set(joined, status)
  }
  return worst
}
