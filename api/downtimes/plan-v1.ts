/** From what a client wrote (version 1) to a plan. A change keeps what it leaves out. Read next: plan.ts, core/downtime/legacy.ts. */
import { wallTime } from '../../adapters/recurrences/recurrences.ts'
import type { DowntimeFieldsV1 } from '../../contract/downtime-v1.ts'
import { joinedScope, ruleOf } from '../../core/downtime/legacy.ts'
import { type DowntimePlan, durationMsMax, durationText, type LegacyRecurrence } from '../../core/downtime/plan.ts'
import { badRequest } from '../errors.ts'

export function changedPlanV1(plan: DowntimePlan, written: DowntimeFieldsV1): DowntimePlan {
  const next: DowntimePlan = {
    ...plan,
    ...(written.scope === undefined ? {} : { scopes: written.scope, scope: joinedScope(written.scope) }),
    ...monitorsOf(plan, written),
    ...(written.message === undefined ? {} : { message: written.message }),
    muteFirstRecovery: written.mute_first_recovery_notification ?? plan.muteFirstRecovery,
    notifyEndStates: written.notify_end_states ?? plan.notifyEndStates,
    notifyEndTypes: written.notify_end_types ?? plan.notifyEndTypes,
  }
  return isScheduled(written) ? { ...next, ...scheduled(plan, written) } : next
}

/** Whoever reads one of a monitor's own reads the tag `*` as well, and sends it back. */
function monitorsOf(plan: DowntimePlan, { monitor_id: id, monitor_tags: tags }: DowntimeFieldsV1): Partial<DowntimePlan> {
  const isByTags = tags !== undefined && tags !== null && !tags.includes('*')
  if (id !== undefined && id !== null) {
    if (isByTags) throw badRequest(['monitor_id and monitor_tags exclude each other: use one of them'])
    return { monitorId: id, monitorTags: ['*'] }
  }
  if (id === undefined && (plan.monitorId === null || !isByTags))
    return plan.monitorId === null ? { monitorTags: tags ?? plan.monitorTags } : {}
  return { monitorId: null, monitorTags: tags ?? ['*'] }
}

function isScheduled({ start, end, timezone, recurrence }: DowntimeFieldsV1): boolean {
  return start !== undefined || end !== undefined || timezone !== undefined || recurrence !== undefined
}

function scheduled(plan: DowntimePlan, written: DowntimeFieldsV1): Partial<DowntimePlan> {
  const { start, end } = written
  const startMs = start === undefined || start === null ? plan.startMs : start * 1_000
  const endMs = end === undefined ? plan.endMs : end === null ? null : end * 1_000
  const timezone = written.timezone ?? plan.timezone
  const once = { startMs, endMs, timezone, recurrences: [], legacyRecurrence: null }
  const legacyRecurrence = written.recurrence === undefined ? plan.legacyRecurrence : written.recurrence
  if (legacyRecurrence !== null) return { ...once, legacyRecurrence, recurrences: [recurring(startMs, endMs, timezone, legacyRecurrence)] }
  if (written.recurrence === undefined && plan.recurrences.length > 0)
    throw badRequest(['start, end and timezone of a downtime with recurrences of its own are changed by version 2 of the API'])
  return once
}

function recurring(
  startMs: number,
  endMs: number | null,
  timezone: string,
  recurrence: LegacyRecurrence,
): DowntimePlan['recurrences'][number] {
  if (endMs === null) throw badRequest(['end: a downtime that comes again needs the end of its first occurrence'])
  const durationMs = endMs - startMs
  if (durationMs <= 0) throw badRequest(['end: must lie after start'])
  if (durationMs > durationMsMax) throw badRequest(['end: an occurrence lasts 366 days at most: leave the recurrence out'])
  return { start: wallTime(startMs, timezone), duration: durationText(durationMs), rrule: ruleOf(recurrence) }
}
