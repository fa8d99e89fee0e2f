import { parseGroupKey } from './group.ts'
import type { MonitorSpec } from './spec-types.ts'
import type { GroupState } from './types.ts'

/** Whether a group of an older definition still exists under this one: its tags are those that make a group now. */
export function keepsGroup(spec: Pick<MonitorSpec, 'groupBy'>, group: string): boolean {
  // A query that isn't understood says nothing about its groups: nothing is forgotten for that.
  if (spec.groupBy === null) return true
  const keys = group === '*' ? [] : Object.keys(parseGroupKey(group)).sort()
  return keys.length === spec.groupBy.length && keys.every((key, index) => key === spec.groupBy?.[index])
}

/** The group that stands for all of a monitor whose source failed before it saw one (`on_evaluation_error`). */
export const standIn = '*'

/** A group that was seen has had a value; the only group of a monitor without groups is no stand-in then. */
export function isStandIn(key: string, group: Pick<GroupState, 'value'>): boolean {
  return key === standIn && group.value === null
}
