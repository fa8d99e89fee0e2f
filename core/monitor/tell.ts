/**
 * The one place where a status changes, is told, or is told again. A unit is whose notifications are decided: a group on its
 * own, or with `notify_by` a bundle of groups. Read next: decide.ts (whether), late.ts (what waits), bundles.ts.
 */
import { decidingThreshold } from './classify.ts'
import { decideNotify, isBack, shownOnly } from './decide.ts'
import { type Holder, holdersOf, type Silence } from './downtimes.ts'
import { addTransition, type Draft, own, putGroup, withKey } from './draft.ts'
import { flappingOf, followChange, setFlapping } from './flap.ts'
import { type Again, postpone, settle, settleAgain } from './late.ts'
import { isLate } from './slot-event.ts'
import type { Status } from './spec-types.ts'
import type { Acknowledgment, BundleState, GroupState, NotifyDecision, NotifyReason, Transition, TransitionReason } from './types.ts'

/** `was` has the present value and the status that is about to change or to be told again. */
export type Unit = Readonly<
  | { kind: 'group'; key: string; was: GroupState }
  | { kind: 'bundle'; key: string; was: BundleState /** The groups in its (new) status. */; members: readonly string[] }
>

const withItsBundle: NotifyDecision = { send: false, reason: 'told-with-its-bundle' }

/** Groups that a message names at most; a person reads no more in a page. */
const namedMax = 20

/** Moves a group to another status; who hears of it is decided here, or with its bundle. */
export function changeStatus(draft: Draft, key: string, was: GroupState, to: Status, at: number, reason: TransitionReason): void {
  const unit: Unit = { kind: 'group', key, was }
  if (draft.spec.notifyBy === null) changeUnit(draft, unit, to, at, reason)
  else {
    const after = put(draft, unit, entering(was, to, at))
    draft.unbundled.push({ group: key, cause: record(draft, unit, after, at, reason, withItsBundle) })
  }
}

export function changeUnit(draft: Draft, unit: Unit, to: Status, at: number, reason: TransitionReason): void {
  const { was } = unit
  const holders = unitHolders(draft, unit, at)
  const flaps = followChange(draft, unit.key, was, to, at, reason)
  const wanted = decideNotify(draft.spec, was, to, holders)
  const isHeldBack = flaps && (wanted.send || wanted.reason === 'episode-was-never-told')
  const decision: NotifyDecision = isHeldBack ? { send: false, reason: 'held-while-flapping' } : wanted
  const notify = isLate(draft.lastSlot, draft.newest) ? postpone(draft, unit, to, decision) : settle(draft, unit.key, to, decision)
  const counts = toldOrOwed(notify)
  const after = put(draft, unit, {
    ...entering(was, to, at),
    told: to !== 'OK' && (was.told || counts),
    toldAt: toldAtAfter(was, to, at, counts),
    repeats: 0,
    // What nobody asked to be told isn't told by the end of a downtime either.
    held: to !== 'OK' && holders.length > 0 && shownOnly(draft.spec, to) === null,
  })
  record(draft, unit, after, at, reason, notify, notify.reason === 'held-by-cause' ? causedBy(holders[0]) : {})
  if (flaps) announceFlapping(draft, withWas(unit, after), at)
}

/** Tells, once, that it flaps. Whether that has been told now. */
export function announceFlapping(draft: Draft, unit: Unit, at: number): boolean {
  const flaps = flappingOf(draft, unit.key)
  if (flaps === undefined || flaps.announced === true || draft.spec.draft) return false
  const { was } = unit
  if (shownOnly(draft.spec, was.status) !== null || unitHolders(draft, unit, at).length > 0) return false
  const notify: NotifyDecision = { send: true, reason: 'flapping' }
  if (isLate(draft.lastSlot, draft.newest)) {
    postpone(draft, withWas(unit, { ...was, told: was.told || flaps.heard === true }), was.status, notify)
    return false
  }
  // That says all.
  if (own(draft.owed, unit.key) !== undefined) draft.owed = withKey(draft.owed, draft.before.owed, unit.key, undefined)
  setFlapping(draft, unit.key, { ...flaps, announced: true, heard: true })
  record(draft, unit, was, at, 'flapping', notify)
  return true
}

/** It flaps no more. `heard`: somebody waits for the end of it. */
export function tellSettled(draft: Draft, unit: Unit, heard: boolean, at: number): void {
  const { was } = unit
  const holders = unitHolders(draft, unit, at)
  const decision = decideNotify(draft.spec, { ...was, told: heard }, was.status, holders)
  if (was.status === 'OK') {
    const wanted: NotifyDecision = decision.send ? { send: true, reason: 'settled' } : decision
    const late = isLate(draft.lastSlot, draft.newest)
    const notify = late
      ? postpone(draft, withWas(unit, { ...was, status: 'Alert', told: heard }), 'OK', wanted)
      : settle(draft, unit.key, 'OK', wanted)
    record(draft, unit, was, at, 'settled', notify)
  } else if (decision.send) tellAgain(draft, withWas(unit, { ...was, told: was.told || heard }), at, 'settled', 'settled')
  else {
    const after = put(draft, unit, { told: was.told || heard, held: holders.length > 0 && shownOnly(draft.spec, was.status) === null })
    record(draft, unit, after, at, 'settled', decision, decision.reason === 'held-by-cause' ? causedBy(holders[0]) : {})
  }
}

function withWas(unit: Unit, was: BundleState): Unit {
  return unit.kind === 'group' ? { ...unit, was: { ...unit.was, ...was } } : { ...unit, was }
}

/** Tells the present status again, without a change of it. `ended`: what held it until now. */
export function tellAgain(draft: Draft, unit: Unit, at: number, reason: TransitionReason, why: NotifyReason, ended?: Holder): void {
  const { was } = unit
  const wanted: NotifyDecision = draft.spec.draft ? { send: false, reason: 'draft' } : { send: true, reason: why }
  const notify = isLate(draft.lastSlot, draft.newest)
    ? postpone(draft, unit, was.status, wanted, againOf(why))
    : settleAgain(draft, unit, wanted, againOf(why))
  const counts = toldOrOwed(notify)
  const after = put(draft, unit, {
    held: false,
    told: was.told || counts,
    toldAt: counts ? at : was.toldAt,
    repeats: was.repeats + (reason === 'renotify' ? 1 : 0),
    // A repeat comes only after the time for which somebody knew of it.
    ...(againOf(why) === null ? {} : unacknowledged(was)),
  })
  record(draft, unit, after, at, reason, notify, causedBy(ended))
}

/** Nobody will hear of what was owed, or not before a downtime ends: what counted as told wasn't. */
export function forgo(draft: Draft, unit: Unit, toldBefore: boolean, held: boolean): void {
  put(draft, unit, { held, told: toldBefore, toldAt: toldBefore ? unit.was.toldAt : null })
}

/** Somebody heard of what led to a status that is only shown: its end will be told. */
export function awaitRecovery(draft: Draft, unit: Unit): void {
  if (!unit.was.told) put(draft, unit, { told: true })
}

/** Recorded and told to nobody; what wasn't acknowledged needn't be taken back. */
export function setAcknowledged(draft: Draft, unit: Unit, acknowledged: Acknowledgment | null, at: number): void {
  if (acknowledged === null && (unit.was.acknowledged ?? null) === null) return
  const after = put(draft, unit, { acknowledged })
  const what = acknowledged === null ? 'unacknowledged' : 'acknowledged'
  record(draft, unit, after, at, what, { send: false, reason: what }, acknowledged === null ? {} : { acknowledged })
}

/** What is acknowledged no more, because its status changed or the time is over. */
export function unacknowledged({ acknowledged }: Pick<BundleState, 'acknowledged'>): Pick<BundleState, 'acknowledged'> {
  return acknowledged === undefined || acknowledged === null ? {} : { acknowledged: null }
}

/** A downtime began that holds what is bad already, or the last one let go of it. */
export function setHeld(draft: Draft, unit: Unit, held: boolean): void {
  if (held !== unit.was.held) put(draft, unit, { held })
}

/** Downtimes and causes hold a bundle only if they hold each of its groups that are in its status. */
export function unitHolders(silence: Silence, unit: Unit, at: number): readonly Holder[] {
  if (unit.kind === 'group') return holdersOf(silence, unit.key, at)
  const held = unit.members.map((member) => holdersOf(silence, member, at))
  return held.every((holders) => holders.length > 0) ? held.flat() : []
}

function causedBy(holder: Holder | undefined): Pick<Transition, 'cause'> {
  return holder?.cause === undefined ? {} : { cause: { monitorId: holder.cause.monitorId, group: holder.cause.group } }
}

function againOf(why: NotifyReason): Again | null {
  return why === 'renotify' || why === 'scheduled-run' ? why : null
}

/** Unknown hides what was told and doesn't undo it. */
function toldAtAfter(was: BundleState, to: Status, at: number, counts: boolean): number | null {
  if (to === 'OK') return null
  if (to === 'Unknown') return was.toldAt
  return counts || isBack(was, to) ? at : null
}

/** Told, or will be once the engine has caught up. */
function toldOrOwed({ send, reason }: NotifyDecision): boolean {
  return send || reason === 'held-until-caught-up'
}

type Entering = Pick<GroupState, 'status' | 'since' | 'firstTriggeredAt' | 'lastTriggeredAt'>

function entering(was: BundleState, to: Status, at: number): Entering {
  const bad = to !== 'OK'
  return {
    status: to,
    since: at,
    firstTriggeredAt: bad ? (was.firstTriggeredAt ?? at) : null,
    lastTriggeredAt: bad ? at : was.lastTriggeredAt,
  }
}

/** A bundle that is OK is forgotten; nobody has acknowledged a status that is new; a group that changes is no longer as evaluations that failed left it. */
function put(draft: Draft, unit: Unit, changes: Partial<BundleState>): BundleState {
  const patch = changes.status === undefined ? changes : { ...changes, ...unacknowledged(unit.was) }
  if (unit.kind === 'group') {
    const group: GroupState = { ...unit.was, ...patch, beforeFailure: patch.status === undefined ? unit.was.beforeFailure : null }
    putGroup(draft, unit.key, group)
    return group
  }
  const bundle: BundleState = { ...unit.was, ...patch }
  draft.bundles = withKey(draft.bundles, draft.before.bundles, unit.key, bundle.status === 'OK' ? undefined : bundle)
  return bundle
}

function record(
  draft: Draft,
  unit: Unit,
  after: BundleState,
  at: number,
  reason: TransitionReason,
  notify: NotifyDecision,
  also: Pick<Transition, 'acknowledged' | 'cause'> = {},
): Transition {
  const { was } = unit
  return addTransition(draft, {
    group: unit.key,
    from: was.status,
    to: after.status,
    slot: at,
    value: after.value,
    threshold: decidingThreshold(draft.spec.thresholds, was.status, after.status),
    reason,
    // A recovery tells when its episode began, which the recovered unit itself no longer knows.
    firstTriggeredAt: after.firstTriggeredAt ?? was.firstTriggeredAt,
    lastTriggeredAt: after.lastTriggeredAt,
    notify,
    bundle: unit.kind === 'group' ? null : { groups: unit.members.slice(0, namedMax), count: unit.members.length },
    ...also,
  })
}
