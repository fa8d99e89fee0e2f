/** A stored downtime as clients of version 1 read it: one flat object, times in epoch seconds. Read next: present.ts. */
import type { StoredDowntime } from '../../adapters/postgres/queries/downtimes.ts'
import { statusAt } from '../../core/downtime/occurrences.ts'
import type { DowntimePlan } from '../../core/downtime/plan.ts'
import { orgId } from '../present.ts'
import { rules } from './rules.ts'

export function presentDowntimeV1(downtime: StoredDowntime, nowMs: number): object {
  const { plan, canceledMs } = downtime
  const status = statusAt(plan, canceledMs, nowMs, rules)
  return {
    id: downtime.number,
    uuid: downtime.id,
    org_id: orgId,
    monitor_id: plan.monitorId,
    monitor_tags: plan.monitorTags,
    scope: plan.scopes,
    start: seconds(plan.startMs),
    end: seconds(plan.endMs),
    recurrence: presentRecurrence(plan),
    timezone: plan.timezone,
    message: plan.message,
    mute_first_recovery_notification: plan.muteFirstRecovery,
    notify_end_states: plan.notifyEndStates,
    notify_end_types: plan.notifyEndTypes,
    downtime_type: typeOf(plan.scopes),
    status,
    active: status === 'active',
    disabled: canceledMs !== null,
    created: seconds(downtime.createdMs),
    modified: seconds(downtime.modifiedMs),
    canceled: seconds(canceledMs),
    creator_id: downtime.creator.id,
    updater_id: downtime.updater?.id ?? null,
    parent_id: null,
    child_id: null,
  }
}

/** Of several rules the first: version 1 knows one. */
function presentRecurrence({ recurrences: rules, legacyRecurrence }: DowntimePlan): object | null {
  const [first] = rules
  return legacyRecurrence ?? (first === undefined ? null : { type: 'rrule', rrule: first.rrule })
}

/** 0 = everything, 1 = one host, 2 = other tags. */
function typeOf(scopes: readonly string[]): number {
  const [only] = scopes
  if (scopes.length !== 1 || only === undefined) return 2
  if (only === '*') return 0
  return /^host:[^\s,()]+$/.test(only) ? 1 : 2
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1_000)
}
