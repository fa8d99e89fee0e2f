/**
 * What is told of what isn't OK, beside changes of status: releases when a downtime lets go, repeats, runs of a schedule, and what was
 * owed from slots that were caught up. Read next: tell.ts, downtimes.ts.
 */

import { renotifyDueAt, runDueAt, tellDueAt } from './deadlines.ts'
import { entered, shownOnly } from './decide.ts'
import { holdersSince, type Silence } from './downtimes.ts'
import { type Draft, groupOf, own } from './draft.ts'
import { noteOver } from './late.ts'
import { membersIn } from './membership.ts'
import { setHeld, tellAgain, type Unit, unitHolders } from './tell.ts'
import type { Downtime, NotifyReason } from './types.ts'

/** Keys of what may have to be told, in order. */
export function unitKeys(draft: Draft): string[] {
  return Object.keys(draft.spec.notifyBy === null ? draft.groups : draft.bundles).sort()
}

/** The downtimes as they are now, also after the draft goes on. */
export function silenceOf({ spec, downtimes }: Draft): Silence {
  return { spec, downtimes }
}

/** The unit of this key, as it is now; null = it isn't there, or is OK. */
function badUnit(draft: Draft, key: string): Unit | null {
  const { notifyBy } = draft.spec
  if (notifyBy === null) {
    const group = groupOf(draft, key)
    return group === undefined || group.status === 'OK' ? null : { kind: 'group', key, was: group }
  }
  const bundle = own(draft.bundles, key)
  if (bundle === undefined) return null
  return { kind: 'bundle', key, was: bundle, members: membersIn(draft.groups, notifyBy, key, bundle.status) }
}

/** Tells a unit's status where it is time. `silence`: the downtimes as they were before this event. */
export function tellIfDue(draft: Draft, key: string, at: number, silence: Silence): void {
  const unit = badUnit(draft, key)
  if (unit === null || !isDue(tellDueAt(draft, membersOf(unit), unit.was), at)) return
  if (unit.was.held) release(draft, unit, at, silence)
  else if (isDue(renotifyDueAt(draft.spec, unit.was), at)) tellAgain(draft, unit, at, 'renotify', 'renotify')
  else if (isDue(runDueAt(draft.spec, unit.was), at)) tellAgain(draft, unit, at, 'scheduled-run', 'scheduled-run')
}

/** Downtimes changed: those that begin hold what is bad already, those that went let go. */
export function followDowntimes(draft: Draft, at: number, silence: Silence): void {
  for (const key of unitKeys(draft)) {
    const unit = badUnit(draft, key)
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
  for (const key of keys) {
    const debt = owed[key]
    if (debt === undefined) continue
    const unit = badUnit(draft, key)
    if (unit === null) noteOver(draft, key, debt, 'OK', at)
    else if (unit.was.status === 'OK' || shownOnly(draft.spec, unit.was.status) !== null) noteOver(draft, key, debt, unit.was.status, at)
    else if (unitHolders(draft, unit, at).length > 0) setHeld(draft, unit, true)
    else tellAgain(draft, unit, at, 'caught-up', entered(unit.was.status))
  }
}

/** Nothing holds it any more: told if one of those that held it until now wants that, in silence if none does. */
function release(draft: Draft, unit: Unit, at: number, silence: Silence): void {
  if (unitHolders(draft, unit, at).length > 0) return
  const ended = membersOf(unit).flatMap((member) => holdersSince(silence, member, unit.was.since, at))
  // Those that let go before the last one don't count: it still held.
  const lastEnd = ended.reduce((last, downtime) => Math.max(last, endOf(downtime, at)), Number.NEGATIVE_INFINITY)
  const reasons = ended.filter((downtime) => endOf(downtime, at) === lastEnd).map((downtime) => endReason(downtime, unit, at))
  const why = reasons.find((reason) => reason !== null) ?? null
  if (why === null) setHeld(draft, unit, false)
  else tellAgain(draft, unit, at, 'downtime-ended', why)
}

/** One that was taken back ends when that is heard of. */
function endOf({ endAt }: Downtime, at: number): number {
  return endAt === null ? at : Math.min(endAt, at)
}

function endReason({ endAt, notifyEndTypes, notifyEndStates }: Downtime, unit: Unit, at: number): NotifyReason | null {
  const way = endAt !== null && endAt <= at ? 'expired' : 'canceled'
  if (!notifyEndTypes.includes(way) || !notifyEndStates.includes(unit.was.status)) return null
  return way === 'expired' ? 'downtime-expired' : 'downtime-canceled'
}

function membersOf(unit: Unit): readonly string[] {
  return unit.kind === 'group' ? [unit.key] : unit.members
}

function isDue(dueAt: number | null, at: number): boolean {
  return dueAt !== null && dueAt <= at
}
