/**
 * Whether a transition is told to somebody, with the reason either way (semantics §4, §5). Pure policy, no effect.
 * Read next: draft.ts, which records the answer in the transition.
 */
import { assertNever } from '../assert.ts'
import { isMuted } from './mute.ts'
import type { GroupState, MonitorSpec, NotifyDecision, NotifyReason, Status } from './types.ts'

/** For a group that goes from `before.status` to `to` at `atMs`. */
export function decideNotify(spec: MonitorSpec, group: string, before: GroupState, to: Status, atMs: number): NotifyDecision {
  if (spec.draft) return { send: false, reason: 'draft' }
  if (to === 'OK') return decideRecovery(before)
  if (to === 'No Data' && spec.missing.action !== 'notify') return { send: false, reason: 'no-data-not-asked-for' }
  if (isMuted(spec.silenced, group, atMs)) return { send: false, reason: 'held-by-mute' }
  return { send: true, reason: entered(to) }
}

/** A recovery follows what was told: also through a mute, if the alert came before it; never of an alert nobody heard of. */
function decideRecovery(before: GroupState): NotifyDecision {
  if (!before.told) return { send: false, reason: 'episode-was-never-told' }
  return { send: true, reason: before.status === 'No Data' ? 'recovered-from-no-data' : 'recovered' }
}

function entered(to: Exclude<Status, 'OK'>): NotifyReason {
  switch (to) {
    case 'Alert':
      return 'entered-alert'
    case 'Warn':
      return 'entered-warn'
    case 'No Data':
      return 'entered-no-data'
    default:
      return assertNever(to)
  }
}
