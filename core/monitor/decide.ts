/**
 * Whether a status is told to somebody, with the reason either way (semantics §4, §5). Pure policy, no effect.
 * Read next: tell.ts, which records the answer in the transition.
 */
import { assertNever } from '../assert.ts'
import type { Holder } from './downtimes.ts'
import type { MonitorSpec, Status } from './spec-types.ts'
import type { BundleState, NotifyDecision, NotifyReason } from './types.ts'

/** For a group or bundle that goes from `before.status` to `to`, held by `holders`. */
export function decideNotify(spec: MonitorSpec, before: BundleState, to: Status, holders: readonly Holder[]): NotifyDecision {
  if (spec.draft) return { send: false, reason: 'draft' }
  if (to === 'OK') return decideRecovery(before, holders)
  const onlyShown = shownOnly(spec, to)
  if (onlyShown !== null) return { send: false, reason: onlyShown }
  if (holders.length > 0) return { send: false, reason: holders.every(({ cause }) => cause) ? 'held-by-cause' : 'held-by-downtime' }
  // It was told, and nobody was told that it couldn't be seen meanwhile.
  if (isBack(before, to)) return { send: false, reason: 'unknown-is-only-shown' }
  return { send: true, reason: entered(to) }
}

/** No Data that was told, as Unknown found and left it. */
export function isBack(before: BundleState, to: Status): boolean {
  return before.status === 'Unknown' && to === 'No Data' && before.toldAt !== null
}

/** Why nobody is ever told of a status; null where somebody is. */
export function shownOnly(spec: MonitorSpec, status: Status): NotifyReason | null {
  if (status === 'No Data' && spec.missing.action !== 'notify') return 'no-data-not-asked-for'
  return status === 'Unknown' ? 'unknown-is-only-shown' : null
}

/** Why a status is told, as if it had been entered now. */
export function entered(to: Exclude<Status, 'OK'>): NotifyReason {
  switch (to) {
    case 'Alert':
      return 'entered-alert'
    case 'Warn':
      return 'entered-warn'
    case 'No Data':
      return 'entered-no-data'
    case 'Unknown':
      return 'unknown-is-only-shown'
    default:
      return assertNever(to)
  }
}

/** A recovery follows what was told: also through a downtime, if the alert came before it; never of an alert nobody heard of. */
function decideRecovery(before: BundleState, holders: readonly Holder[]): NotifyDecision {
  if (!before.told) return { send: false, reason: 'episode-was-never-told' }
  if (holders.some((downtime) => downtime.muteFirstRecovery)) return { send: false, reason: 'held-by-downtime' }
  return { send: true, reason: recoveredFrom(before.status) }
}

function recoveredFrom(status: Status): NotifyReason {
  if (status === 'No Data') return 'recovered-from-no-data'
  // Unknown came over something that was told: else there would be nothing to recover from.
  return status === 'Unknown' ? 'recovered-from-unknown' : 'recovered'
}
