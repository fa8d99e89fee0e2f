/**
 * What is told of what isn't OK, beside changes of status: releases when a downtime lets go, repeats, runs of a schedule, and what was
 * owed from slots that were caught up. Read next: tell.ts, downtimes.ts.
 */
import { afterAcknowledged } from './acknowledgment.ts'
import { isDue, releaseDueAt, renotifyDueAt, runDueAt } from './deadlines.ts'
import { entered, shownOnly } from './decide.ts'
import { type Holder, holdersSince, type Silence } from './downtimes.ts'
import { type Draft, groupOf, own } from './draft.ts'
import { flappingOf, setFlapping } from './flap.ts'
import { noteOver } from './late.ts'
import { emptyBundle, type Members, membersOf } from './membership.ts'
import { announceFlapping, awaitRecovery, forgo, setHeld, tellAgain, type Unit, unitHolders } from './tell.ts'
import type { NotifyReason, Owed } from './types.ts'

/** Keys of what may have to be told, in order. */
export function unitKeys(draft: Draft): string[] {
  return Object.keys(draft.spec.notifyBy === null ? draft.groups : draft.bundles).sort()
}

/** The downtimes as they are now, also after the draft goes on. */
export function silenceOf({ spec, downtimes, causes }: Draft): Silence {
  return { spec, downtimes, causes }
}

/** The unit of this key, as it is now; null = it isn't there, or is OK. A bundle's value is that of the first of its worst groups. */
export function badUnit(draft: Draft, key: string, membersOfBundle: Members): Unit | null {
  const unit = anyUnit(draft, key, membersOfBundle)
  return unit === null || unit.was.status === 'OK' ? null : unit
}

/** Also one that is OK; null = a group that isn't there. */
export function anyUnit(draft: Draft, key: string, membersOfBundle: Members): Unit | null {
  if (draft.spec.notifyBy === null) {
    const group = groupOf(draft, key)
    return group === undefined ? null : { kind: 'group', key, was: group }
  }
  const bundle = own(draft.bundles, key) ?? emptyBundle(draft.lastSlot)
  const members = membersOfBundle(key, bundle.status)
  const [first] = members
  const value = first === undefined ? null : (groupOf(draft, first)?.value ?? null)
  return { kind: 'bundle', key, was: { ...bundle, value: value ?? bundle.value }, members }
}

/** For as long as no group changes. */
export function membersNow({ groups, spec }: Draft): Members {
  return membersOf(groups, spec.notifyBy)
}

/** Tells a unit's status where it is time. `silence`: the downtimes as they were before this event. */
export function tellIfDue(draft: Draft, key: string, at: number, silence: Silence, members: Members = noMembers): void {
  const held = badUnit(draft, key, members)
  if (held?.was.held === true && isDue(releaseDueAt(draft, groupsOf(held), held.was), at)) release(draft, held, at, silence)
  const unit = badUnit(draft, key, members)
  if (unit === null) return
  if (isDue(renotifyDueAt(draft.spec, unit.was), at)) tellAgain(draft, unit, at, 'renotify', 'renotify')
  else if (isDue(runDueAt(draft.spec, unit.was), at)) tellAgain(draft, unit, at, 'scheduled-run', 'scheduled-run')
}

const noMembers: Members = () => []

/** Downtimes or causes changed: those that begin hold what is bad already, those that went let go. */
export function followDowntimes(draft: Draft, at: number, silence: Silence): void {
  const members = membersNow(draft)
  for (const key of unitKeys(draft)) {
    const unit = badUnit(draft, key, members)
    if (unit === null) continue
    if (unit.was.held) release(draft, unit, at, silence)
    else setHeld(draft, unit, shownOnly(draft.spec, unit.was.status) === null && unitHolders(draft, unit, at).length > 0)
  }
}

/** The engine is up to date: what late slots owe is told. */
export function tellOwed(draft: Draft, at: number): void {
  const { owed } = draft
  const keys = Object.keys(owed).sort()
  if (keys.length === 0) return
  draft.owed = {}
  const members = membersNow(draft)
  for (const key of keys) {
    const debt = owed[key]
    if (debt !== undefined && !isSaid(draft, key, debt, members, at)) tellDebt(draft, key, debt, badUnit(draft, key, members), at)
  }
}

/** Of a unit that flaps that is all there is to say. */
function isSaid(draft: Draft, key: string, debt: Owed, members: Members, at: number): boolean {
  const flaps = flappingOf(draft, key)
  if (flaps === undefined) return false
  if (debt.toldBefore) setFlapping(draft, key, { ...flaps, heard: true })
  const unit = anyUnit(draft, key, members)
  return flaps.announced === true || (unit !== null && announceFlapping(draft, unit, at))
}

function tellDebt(draft: Draft, key: string, debt: Owed, unit: Unit | null, at: number): void {
  const { spec } = draft
  if (unit === null || unit.was.status === 'OK') {
    if (!spec.draft) noteOver(draft, key, debt, 'OK', at)
  } else if (spec.draft) forgo(draft, unit, debt.toldBefore, unit.was.held)
  else if (shownOnly(spec, unit.was.status) !== null) {
    noteOver(draft, key, debt, unit.was.status, at)
    awaitRecovery(draft, unit)
  } else if (unitHolders(draft, unit, at).length > 0) forgo(draft, unit, debt.toldBefore, true)
  // Somebody has acknowledged it since: there is nothing to repeat.
  else if (debt.again !== undefined && !isDue(afterAcknowledged(unit.was, at), at)) return
  else tellAgain(draft, unit, at, 'caught-up', debt.again ?? entered(unit.was.status))
}

/** Nothing holds it any more: told if one of those that held it until now wants that, in silence if none does. */
function release(draft: Draft, unit: Unit, at: number, silence: Silence): void {
  if (unitHolders(draft, unit, at).length > 0) return
  if (flappingOf(draft, unit.key) !== undefined) {
    setHeld(draft, unit, false)
    announceFlapping(draft, unit, at)
    return
  }
  const ended = groupsOf(unit).flatMap((member) => holdersSince(silence, member, unit.was.since, at))
  // Those that let go before the last one don't count: it still held.
  const lastEnd = ended.reduce((last, downtime) => Math.max(last, endOf(downtime, at)), Number.NEGATIVE_INFINITY)
  const last = ended.filter((downtime) => endOf(downtime, at) === lastEnd).map((holder) => ({ holder, why: endReason(holder, unit, at) }))
  const teller = last.find(({ why }) => why !== null)
  if (teller === undefined || teller.why === null) setHeld(draft, unit, false)
  else tellAgain(draft, unit, at, teller.why === 'cause-ended' ? 'cause-ended' : 'downtime-ended', teller.why, teller.holder)
}

/** One that was taken back ends when that is heard of. */
function endOf({ endAt }: Holder, at: number): number {
  return endAt === null ? at : Math.min(endAt, at)
}

function endReason({ endAt, notifyEndTypes, notifyEndStates, cause }: Holder, unit: Unit, at: number): NotifyReason | null {
  const way = endAt !== null && endAt <= at ? 'expired' : 'canceled'
  if (!notifyEndTypes.includes(way) || !notifyEndStates.includes(unit.was.status)) return null
  if (cause !== undefined) return 'cause-ended'
  return way === 'expired' ? 'downtime-expired' : 'downtime-canceled'
}

function groupsOf(unit: Unit): readonly string[] {
  return unit.kind === 'group' ? [unit.key] : unit.members
}
