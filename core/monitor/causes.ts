/**
 * Causes (`inhibited_by`): while a group of another monitor fires, notifications of the groups that have the same tags are held.
 * What fires reaches the state machine with the observation, as downtimes do, so that a replay decides the same. Never asks who
 * fires and never decides who is told. Read next: downtimes.ts, which holds by it; cause-cycles.ts; docs/semantics.md.
 */
import { parseGroupKey } from './group.ts'
import type { InhibitRule, MonitorSpec, Status } from './spec-types.ts'
import type { Cause } from './types.ts'

/** A group of another monitor that isn't OK; `tags` are those of its monitor. */
export type FiringGroup = Readonly<{ monitorId: number; tags: readonly string[]; group: string; status: Status }>

/**
 * Causes of one monitor at a time, at most, and the characters of their names and tags: they are a part of its state (room.ts leaves 0.2 MB),
 * and each is compared with each group. Of more, the last ones don't hold: somebody is told too much rather than nothing of anything.
 */
const causesMax = 100
const causesCharsMax = 50_000

/** What holds groups of this monitor, once for each set of tags that is held: the first by monitor and group names it. */
export function causesAmong(
  { monitorId, inhibitedBy }: Pick<MonitorSpec, 'monitorId' | 'inhibitedBy'>,
  firing: readonly FiringGroup[],
): readonly Cause[] {
  const found = new Map<string, Cause>()
  const others = firing.filter((other) => other.monitorId !== monitorId)
  for (const other of others.sort(inOrder)) {
    for (const rule of inhibitedBy ?? []) {
      if (!isNamed(rule, other) || !rule.statuses.includes(other.status)) continue
      const equal = tagsOf(rule.equal, parseGroupKey(other.group))
      const key = JSON.stringify(equal)
      if (!found.has(key)) found.set(key, { monitorId: other.monitorId, group: other.group, equal })
    }
  }
  return [...found.values()]
}

/** Those that hold one of `groups`, bounded. Without tags to compare it holds all, also what isn't there yet. */
export function causesOf(causes: readonly Cause[], groups: Iterable<string>): readonly Cause[] {
  const kept = causes.length === 0 ? none : causes.filter(isWanted(causes, groups))
  let chars = 0
  const beyond = kept.findIndex(({ group, equal }, index) => {
    chars += group.length + JSON.stringify(equal).length
    return index >= causesMax || chars > causesCharsMax
  })
  return beyond < 0 ? kept : kept.slice(0, beyond)
}

/** Whether it holds a group of these tags: a key that both of them lack is equal. */
export function isHeldBy({ equal }: Cause, tags: Readonly<Record<string, string>>): boolean {
  return Object.entries(equal).every(([key, value]) => (tags[key] ?? '') === value)
}

export function sameCauses(one: readonly Cause[], other: readonly Cause[]): boolean {
  return one.length === other.length && JSON.stringify(one) === JSON.stringify(other)
}

/** Whether a rule is about a monitor: by its id, or because it has all the tags. */
export function isNamed({ monitorId, monitorTags }: InhibitRule, other: Pick<FiringGroup, 'monitorId' | 'tags'>): boolean {
  return monitorId === null ? monitorTags.every((tag) => other.tags.includes(tag)) : monitorId === other.monitorId
}

const none: readonly Cause[] = []

/** Goes through the groups once, however many causes there are. */
function isWanted(causes: readonly Cause[], groups: Iterable<string>): (cause: Cause) => boolean {
  const keysets = [...new Map(causes.map(({ equal }) => [JSON.stringify(Object.keys(equal)), Object.keys(equal)])).values()]
  const there = new Set(['{}'])
  for (const group of groups) {
    const tags = parseGroupKey(group)
    for (const keys of keysets) there.add(JSON.stringify(tagsOf(keys, tags)))
  }
  return ({ equal }) => there.has(JSON.stringify(equal))
}

function tagsOf(keys: readonly string[], tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, Object.hasOwn(tags, key) ? (tags[key] ?? '') : '']))
}

function inOrder(one: FiringGroup, other: FiringGroup): number {
  return one.monitorId - other.monitorId || (one.group < other.group ? -1 : Number(one.group > other.group))
}
