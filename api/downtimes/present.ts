/** A stored downtime as clients of version 2 read it. Never reads anything itself. Read next: present-v1.ts, routes/downtimes.ts. */
import type { StoredDowntime } from '../../adapters/postgres/queries/downtimes.ts'
import type { Creator } from '../../adapters/postgres/queries/monitors.ts'
import { currentOccurrence, type Occurrence, statusAt } from '../../core/downtime/occurrences.ts'
import type { DowntimePlan } from '../../core/downtime/plan.ts'
import { rules } from './rules.ts'

export function presentDowntime({ id, plan, creator, createdMs, modifiedMs, canceledMs }: StoredDowntime, nowMs: number): object {
  return {
    id,
    type: 'downtime',
    attributes: {
      monitor_identifier: plan.monitorId === null ? { monitor_tags: plan.monitorTags } : { monitor_id: plan.monitorId },
      scope: plan.scope,
      schedule: presentSchedule(plan, nowMs),
      display_timezone: plan.displayTimezone,
      message: plan.message,
      mute_first_recovery_notification: plan.muteFirstRecovery,
      notify_end_states: plan.notifyEndStates,
      notify_end_types: plan.notifyEndTypes,
      status: statusAt(plan, canceledMs, nowMs, rules),
      created: presentExactTime(createdMs),
      modified: presentExactTime(modifiedMs),
      canceled: canceledMs === null ? null : presentExactTime(canceledMs),
    },
    relationships: {
      created_by: { data: { id: String(creator.id), type: 'users' } },
      monitor: { data: plan.monitorId === null ? null : { id: String(plan.monitorId), type: 'monitors' } },
    },
  }
}

function presentUser({ id, name, handle, email }: Creator): object {
  return { id: String(id), type: 'users', attributes: { name, handle, email } }
}

/** Each creator once. */
export function includedCreators(written: readonly Readonly<{ creator: Creator }>[]): readonly object[] {
  return [...new Map(written.map(({ creator }) => [creator.id, presentUser(creator)])).values()]
}

/** As with monitors: microseconds. */
export function presentExactTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 23)}000+00:00`
}

/** In whole seconds, with the offset of UTC. */
export function presentTime(atMs: number | null): string | null {
  return atMs === null ? null : `${new Date(atMs).toISOString().slice(0, 19)}+00:00`
}

function presentSchedule(plan: DowntimePlan, nowMs: number): object {
  if (plan.recurrences.length === 0) return { start: presentTime(plan.startMs), end: presentTime(plan.endMs) }
  const current = currentOccurrence(plan, nowMs, rules.times)
  return {
    timezone: plan.timezone,
    recurrences: plan.recurrences.map(({ start, duration, rrule }) => ({ start, duration, rrule })),
    current_downtime: current === null ? null : presentOccurrence(current),
  }
}

function presentOccurrence({ startMs, endMs }: Occurrence): object {
  return { start: presentTime(startMs), end: presentTime(endMs) }
}
