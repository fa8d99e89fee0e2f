import { parseGroupKey } from './group.ts'
import type { MonitorSpec } from './types.ts'

/** Whether a group of an older definition still exists under this one: its tags are those that make a group now. */
export function keepsGroup(spec: Pick<MonitorSpec, 'groupBy'>, group: string): boolean {
  // A query that isn't understood says nothing about its groups: nothing is forgotten for that.
  if (spec.groupBy === null) return true
  const keys = group === '*' ? [] : Object.keys(parseGroupKey(group)).sort()
  return keys.length === spec.groupBy.length && keys.every((key, index) => key === spec.groupBy?.[index])
}
