/**
 * Bundles (`notify_by`): groups that are told as one. A bundle's status is that of its worst group, and its changes are told;
 * the changes of its groups are recorded and aren't (semantics §2). Read next: tell.ts, units.ts.
 */
import { type Draft, own, putGroup, withKey } from './draft.ts'
import { bundleKeyOf, membersIn } from './membership.ts'
import { isWorse } from './overall.ts'
import { changeUnit } from './tell.ts'
import type { BundleState, GroupState, Status, Transition } from './types.ts'

/** Judges the bundles of the groups that changed or left at `at`. */
export function judgeBundles(draft: Draft, at: number): void {
  const { notifyBy } = draft.spec
  const changes = draft.unbundled
  if (notifyBy === null || changes.length === 0) return
  draft.unbundled = []
  const causes = new Map<string, Transition[]>()
  for (const { group, cause } of changes) {
    const key = bundleKeyOf(notifyBy, group)
    const known = causes.get(key) ?? []
    causes.set(key, cause === null ? known : [...known, cause])
  }
  const worst = worstGroups(draft.groups, notifyBy, causes)
  for (const key of [...causes.keys()].sort()) judge(draft, key, worst.get(key), causes.get(key) ?? [], at)
}

/** `notify_by` is there or another: what is bad already counts as told as far as one of a bundle's groups was. Nobody is told. */
export function formBundles(draft: Draft, at: number): void {
  const { notifyBy } = draft.spec
  if (notifyBy === null) return
  const keys = new Set(Object.keys(draft.groups).map((key) => bundleKeyOf(notifyBy, key)))
  for (const [key, { status, members }] of worstGroups(draft.groups, notifyBy, keys)) {
    if (status === 'OK') continue
    const formed = members.reduce<BundleState>((sum, member) => joined(sum, draft.groups[member]), { ...emptyBundle(at), status })
    draft.bundles = withKey(draft.bundles, key, formed)
  }
  for (const [key, group] of Object.entries(draft.groups)) if (group.status !== 'OK') putGroup(draft, key, { ...group, ...untold })
}

/** `notify_by` is gone or another: what a bundle was told, its groups were. */
export function dissolveBundles(draft: Draft): void {
  const { notifyBy } = draft.spec
  if (notifyBy === null) return
  for (const [key, { told, toldAt, repeats, held, status }] of Object.entries(draft.bundles)) {
    for (const member of membersIn(draft.groups, notifyBy, key, status)) {
      const group = draft.groups[member]
      if (group !== undefined) putGroup(draft, member, { ...group, told, toldAt, repeats, held })
    }
  }
  draft.bundles = {}
  draft.unbundled = []
}

const untold = { told: false, toldAt: null, repeats: 0, held: false } as const

type Worst = { status: Status; members: string[] }

function worstGroups(
  groups: Readonly<Record<string, GroupState>>,
  notifyBy: readonly string[],
  bundles: Readonly<{ has: (key: string) => boolean }>,
): Map<string, Worst> {
  const found = new Map<string, Worst>()
  for (const key of Object.keys(groups).sort()) {
    const bundle = bundleKeyOf(notifyBy, key)
    const status = groups[key]?.status
    if (status === undefined || !bundles.has(bundle)) continue
    const worst = found.get(bundle)
    if (worst === undefined || isWorse(status, worst.status)) found.set(bundle, { status, members: [key] })
    else if (status === worst.status) worst.members.push(key)
  }
  return found
}

/** The cause whose group is in the bundle's new status speaks for it: its value, its reason. */
function judge(draft: Draft, key: string, worst: Worst | undefined, causes: readonly Transition[], at: number): void {
  const was = own(draft.bundles, key) ?? emptyBundle(at)
  const status = worst?.status ?? 'OK'
  const cause = causes.find((transition) => transition.to === status) ?? causes.at(-1)
  if (status === was.status) return
  if (cause === undefined) {
    // The groups that made it worse left without a word, and so does what they made of it.
    draft.bundles = withKey(draft.bundles, key, status === 'OK' ? undefined : { ...was, status, since: at })
    return
  }
  const members = status === 'OK' ? causes.map((transition) => transition.group) : (worst?.members ?? [])
  changeUnit(draft, { kind: 'bundle', key, was: { ...was, value: cause.value }, members }, status, at, cause.reason)
}

function joined(sum: BundleState, group: GroupState | undefined): BundleState {
  if (group === undefined) return sum
  return {
    ...sum,
    value: sum.value ?? group.value,
    firstTriggeredAt: earliest(sum.firstTriggeredAt, group.firstTriggeredAt),
    lastTriggeredAt: latest(sum.lastTriggeredAt, group.lastTriggeredAt),
    told: sum.told || group.told,
    toldAt: latest(sum.toldAt, group.toldAt),
    repeats: Math.max(sum.repeats, group.repeats),
  }
}

function emptyBundle(at: number): BundleState {
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

function earliest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other)
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}
