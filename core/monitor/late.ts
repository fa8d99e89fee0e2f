/**
 * Notifications of slots that are caught up. States and transitions come out as if nothing had happened; what they would have told
 * is owed until the engine is up to date, and then told once per unit: what still holds as it is, what is over as one late note
 * (semantics §6). Owed is part of the state, so a crash in between loses nothing. Read next: tell.ts.
 */
import { shownOnly } from './decide.ts'
import { addTransition, type Draft, own, withKey } from './draft.ts'
import { isWorse } from './overall.ts'
import type { Unit } from './tell.ts'
import type { NotifyDecision, Owed, Status } from './types.ts'

/** Newer slots are due than the one under way. */
export function isLate({ lastSlot, newest }: Draft): boolean {
  return lastSlot < newest
}

/** In a late slot: what would be sent is owed instead. */
export function postpone(draft: Draft, { key, was }: Unit, to: Status, wanted: NotifyDecision): NotifyDecision {
  if (!wanted.send) return wanted
  const before = own(draft.owed, key)
  draft.owed = withKey(draft.owed, key, owedAfter(before, was.told, to === 'OK' ? was.status : to, was.value, was.firstTriggeredAt))
  return { send: false, reason: 'held-until-caught-up' }
}

/** In a slot that isn't late: the unit's change of status settles what is owed of it. */
export function settle(draft: Draft, key: string, to: Status, decision: NotifyDecision): NotifyDecision {
  const owed = own(draft.owed, key)
  // What is only shown settles nothing: the note of what was before still goes out.
  if (owed === undefined || (!decision.send && shownOnly(draft.spec, to) !== null)) return decision
  draft.owed = withKey(draft.owed, key, undefined)
  // Nobody heard of the alert: its recovery alone would be a riddle.
  return to === 'OK' && decision.send && !owed.toldBefore ? { send: true, reason: 'late-note' } : decision
}

/** The note of an episode that is over, or of one that went on into something that is only shown. */
export function noteOver(draft: Draft, key: string, owed: Owed, to: Status, at: number): void {
  addTransition(draft, {
    group: key,
    from: owed.worst,
    to,
    slot: at,
    value: owed.value,
    threshold: null,
    reason: 'caught-up',
    firstTriggeredAt: owed.firstTriggeredAt,
    lastTriggeredAt: null,
    notify: { send: true, reason: owed.toldBefore && to === 'OK' ? 'recovered' : 'late-note' },
    bundle: null,
  })
}

function owedAfter(before: Owed | undefined, told: boolean, status: Status, value: number | null, firstTriggeredAt: number | null): Owed {
  if (before === undefined) return { worst: status, value, firstTriggeredAt, toldBefore: told }
  if (!isWorse(status, before.worst)) return { ...before, firstTriggeredAt: before.firstTriggeredAt ?? firstTriggeredAt }
  return { ...before, worst: status, value, firstTriggeredAt: before.firstTriggeredAt ?? firstTriggeredAt }
}
