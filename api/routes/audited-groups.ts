const groupsMax = 100

/** Groups by name as far as a person reads them, and how many they are. */
export function auditedGroups(groups: '*' | readonly string[]): Readonly<Record<string, unknown>> {
  return groups === '*' ? { groups } : { groups: groups.slice(0, groupsMax), groups_count: groups.length }
}
