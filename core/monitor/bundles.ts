/**
 * Bundles (`notify_by`): groups that are told as one. A bundle's status is that of its worst group, and its changes are told;
 * the changes of its groups are recorded and aren't (semantics §2). Read next: tell.ts, units.ts.
 */
import { acknowledgedTogether } from './acknowledgment.ts'
import { earlier } from './deadlines.ts'
import { entered, shownOnly } from './decide.ts'
import { holdersOf } from './downtimes.ts'
import { type Draft, groupOf, own, putGroup, withKey } from './draft.ts'
import { dropFlapping, flappingOf, setFlapping } from './flap.ts'
import { parseGroupKey } from './group.ts'
import { joinOwed } from './late.ts'
import { bundleKeyOf, emptyBundle, isUnitKey, membersOf } from './membership.ts'
import { isWorse } from './overall.ts'
import type { Status } from './spec-types.ts'
import { changeUnit, setHeld, tellAgain, type Unit, unacknowledged, unitHolders } from './tell.ts'
import type { BundleState, GroupState, Owed, Transition } from './types.ts'

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

/**
 * `notify_by` is another than `before`. Nobody is told: what is bad already counts as told as far as one of the groups that make
 * up the new unit was, and what is owed is owed to it.
 */
export function rebundle(draft: Draft, before: readonly string[] | null, at: number): void {
  dropGoneFlapping(draft, before)
  if (before !== null) dissolveBundles(draft, before)
  const { notifyBy } = draft.spec
  if (notifyBy === null) return
  formBundles(draft, notifyBy, at)
}

/** Whether nobody looks any more at how often this unit changes: the option was taken away, or it is none any more. */
export function isFlappingGone({ spec, groups }: Pick<Draft, 'spec' | 'groups'>, key: string): boolean {
  return spec.flapping === undefined || !isUnitKey(spec.notifyBy, groups, key)
}

/** What is gone flaps no more; `before` as above. */
export function dropGoneFlapping(draft: Draft, before: readonly string[] | null): void {
  dropFlapping(
    draft,
    (key) => isFlappingGone(draft, key),
    (key) => markTold(draft, before, key),
  )
}

/** Somebody heard of a unit, whatever its state says of it. */
function markTold(draft: Draft, notifyBy: readonly string[] | null, key: string): void {
  const group = notifyBy === null ? groupOf(draft, key) : undefined
  if (group !== undefined && group.status !== 'OK') putGroup(draft, key, { ...group, told: true })
  const bundle = notifyBy === null ? undefined : own(draft.bundles, key)
  if (bundle !== undefined) draft.bundles = withKey(draft.bundles, draft.before.bundles, key, { ...bundle, told: true })
}

/** By which keys these were bundled; null = nothing says so. */
export function keysOfBundles(bundles: Draft['bundles']): readonly string[] | null {
  const [first] = Object.keys(bundles)
  return first === undefined ? null : Object.keys(parseGroupKey(first)).sort()
}

function formBundles(draft: Draft, notifyBy: readonly string[], at: number): void {
  const bad = Object.entries(draft.groups).filter(([, group]) => group.status !== 'OK')
  const keys = new Set(bad.map(([key]) => bundleKeyOf(notifyBy, key)))
  for (const [key, { status, members }] of worstGroups(draft.groups, notifyBy, keys)) {
    const formed = members.reduce<BundleState>((sum, member) => joined(sum, draft.groups[member]), {
      ...emptyBundle(at),
      status,
      held: true,
      acknowledged: acknowledgedTogether(members.map((member) => draft.groups[member])),
    })
    draft.bundles = withKey(draft.bundles, draft.before.bundles, key, formed)
  }
  for (const [key, group] of bad) {
    const bundleKey = bundleKeyOf(notifyBy, key)
    const bundle = own(draft.bundles, bundleKey)
    // Who heard of one that isn't the worst waits for its recovery, too.
    if (bundle !== undefined && group.told && !bundle.told)
      draft.bundles = withKey(draft.bundles, draft.before.bundles, bundleKey, { ...bundle, told: true })
    putGroup(draft, key, { ...group, ...untold })
  }
  const { owed } = draft
  draft.owed = {}
  // What is over by now and was told under another name is told under that.
  for (const [key, debt] of Object.entries(owed)) owe(draft, groupOf(draft, key) === undefined ? key : bundleKeyOf(notifyBy, key), debt)
}

/** What a bundle was told, its groups were; what it is owed, they are. */
function dissolveBundles(draft: Draft, notifyBy: readonly string[]): void {
  const membersIn = membersOf(draft.groups, notifyBy)
  const { owed } = draft
  draft.owed = {}
  for (const [key, { told, toldAt, repeats, held, acknowledged, status }] of Object.entries(draft.bundles)) {
    const members = membersIn(key, status)
    for (const member of members) {
      const group = draft.groups[member]
      if (group !== undefined) putGroup(draft, member, { ...group, told, toldAt, repeats, held, acknowledged: acknowledged ?? null })
    }
  }
  for (const [key, debt] of Object.entries(owed)) {
    const status = own(draft.bundles, key)?.status
    const members = status === undefined ? [] : membersIn(key, status)
    for (const member of members.length === 0 ? [key] : members) owe(draft, member, debt)
  }
  draft.bundles = {}
  draft.unbundled = []
}

function owe(draft: Draft, key: string, debt: Owed): void {
  draft.owed = withKey(draft.owed, draft.before.owed, key, joinOwed(own(draft.owed, key), debt))
}

const untold = { told: false, toldAt: null, repeats: 0, held: false, acknowledged: null } as const

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

function judge(draft: Draft, key: string, worst: Worst | undefined, causes: readonly Transition[], at: number): void {
  const was = own(draft.bundles, key) ?? emptyBundle(at)
  const status = worst?.status ?? 'OK'
  const members = status === 'OK' ? causes.map((transition) => transition.group) : (worst?.members ?? [])
  const cause = causes.find((transition) => transition.to === status) ?? causes.at(-1)
  const unit: Unit = { kind: 'bundle', key, was: { ...was, value: spokenValue(draft, status, members, cause) ?? was.value }, members }
  if (status === was.status) stay(draft, unit, causes, at)
  else if (cause !== undefined) changeUnit(draft, unit, status, at, cause.reason)
  // The groups that made it worse left without a word, and so does what they made of it: unless nobody has heard of what is left.
  else if (status === 'OK') {
    draft.bundles = withKey(draft.bundles, draft.before.bundles, key, undefined)
    if (own(draft.flapping, key) !== undefined) setFlapping(draft, key, undefined)
  } else if (was.told)
    draft.bundles = withKey(draft.bundles, draft.before.bundles, key, {
      ...was,
      ...unacknowledged(was),
      status,
      since: at,
      held: isHeld(draft, unit, at),
    })
  else changeUnit(draft, unit, status, at, 'bundle-changed')
}

/** Of the group that speaks for the bundle: one that has just come into its status, or the first that is in it. */
function spokenValue(draft: Draft, status: Status, members: readonly string[], cause: Transition | undefined): number | null {
  if (status === 'OK' || cause?.to === status) return cause?.value ?? null
  const [first] = members
  return first === undefined ? null : (draft.groups[first]?.value ?? null)
}

/** Its status is what it was, but not who is in it: a group that no downtime holds is told of, held ones that are left alone are held. */
function stay(draft: Draft, unit: Unit, causes: readonly Transition[], at: number): void {
  const { status, held } = unit.was
  if (status === 'OK' || shownOnly(draft.spec, status) !== null) return
  const isNew = causes.some(({ to, group }) => to === status && holdersOf(draft, group, at).length === 0)
  if (flappingOf(draft, unit.key) !== undefined) setHeld(draft, unit, isHeld(draft, unit, at))
  else if (held && isNew) tellAgain(draft, unit, at, 'bundle-changed', entered(status))
  else if (!held) setHeld(draft, unit, isHeld(draft, unit, at))
}

function isHeld(draft: Draft, unit: Unit, at: number): boolean {
  return unitHolders(draft, unit, at).length > 0
}

function joined(sum: BundleState, group: GroupState | undefined): BundleState {
  if (group === undefined) return sum
  return {
    ...sum,
    value: sum.value ?? group.value,
    firstTriggeredAt: earlier(sum.firstTriggeredAt, group.firstTriggeredAt),
    lastTriggeredAt: latest(sum.lastTriggeredAt, group.lastTriggeredAt),
    told: sum.told || group.told,
    toldAt: latest(sum.toldAt, group.toldAt),
    repeats: Math.max(sum.repeats, group.repeats),
    held: sum.held && group.held,
  }
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}
