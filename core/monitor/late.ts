/**
 * Notifications of slots that are caught up. States and transitions come out as if nothing had happened; what they would have told
 * is owed until the engine is up to date, and then told once per unit: what still holds as it is, what is over as one late note
 * (semantics §6). Owed is part of the state, so a crash in between loses nothing. Read next: tell.ts.
 */
import { entered } from './decide.ts'
import { addTransition, type Draft, own, withKey } from './draft.ts'
import { isWorse } from './overall.ts'
import type { Status } from './spec-types.ts'
import type { Unit } from './tell.ts'
import type { NotifyDecision, Owed } from './types.ts'

/** A status that is told again for no other reason than time. */
export type Again = NonNullable<Owed['again']>

/** In a late slot: what would be sent is owed instead. */
export function postpone(draft: Draft, { key, was }: Unit, to: Status, wanted: NotifyDecision, again: Again | null = null): NotifyDecision {
  if (!wanted.send) return wanted
  const { value, firstTriggeredAt, told: toldBefore } = was
  const owed: Owed = { worst: to === 'OK' ? was.status : to, value, firstTriggeredAt, toldBefore }
  draft.owed = withKey(draft.owed, draft.before.owed, key, owedAfter(own(draft.owed, key), owed, again))
  return { send: false, reason: 'held-until-caught-up' }
}

/** In a slot that isn't late: the unit's change of status settles what is owed of it, where it is told. */
export function settle(draft: Draft, key: string, to: Status, decision: NotifyDecision): NotifyDecision {
  const owed = own(draft.owed, key)
  if (owed === undefined) return decision
  // A downtime that mutes even first recoveries lets nothing through that led to one. All else that isn't told settles nothing.
  const isMuted = to === 'OK' && decision.reason === 'held-by-downtime'
  if (!decision.send && !isMuted) return decision
  draft.owed = withKey(draft.owed, draft.before.owed, key, undefined)
  // Nobody heard of the alert: its recovery alone would be a riddle.
  return to === 'OK' && decision.send && !owed.toldBefore ? { send: true, reason: 'late-note' } : decision
}

/** The same of a status that is told again. A repeat of what nobody heard yet is told as what it is. */
export function settleAgain(draft: Draft, { key, was }: Unit, wanted: NotifyDecision, again: Again | null): NotifyDecision {
  const owed = own(draft.owed, key)
  if (owed === undefined || !wanted.send) return wanted
  draft.owed = withKey(draft.owed, draft.before.owed, key, undefined)
  return again === null || owed.again !== undefined || was.status === 'OK' ? wanted : { send: true, reason: entered(was.status) }
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

function owedAfter(before: Owed | undefined, owed: Owed, again: Again | null): Owed {
  if (before === undefined) return again !== null && owed.toldBefore ? { ...owed, again } : owed
  const { again: wasAgain, ...rest } = before
  const { worst, value } = isWorse(owed.worst, before.worst) ? owed : before
  const firstTriggeredAt = before.firstTriggeredAt ?? owed.firstTriggeredAt
  const still = again === null || wasAgain === undefined ? {} : { again: wasAgain }
  return { ...rest, worst, value, firstTriggeredAt, ...still }
}

/** Two debts of groups that are in one bundle now. */
export function joinOwed(before: Owed | undefined, owed: Owed): Owed {
  const joined = owedAfter(before, owed, null)
  return { ...joined, toldBefore: joined.toldBefore || owed.toldBefore }
}
