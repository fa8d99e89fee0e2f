/**
 * From what a client wrote (version 2) to a plan: defaults, and what a change leaves as it was.
 * Never stores anything. Read next: change.ts, plan-v1.ts.
 */
import { wallInstant, wallTime } from '../../adapters/recurrences/recurrences.ts'
import type { DowntimeAttributes } from '../../contract/downtime.ts'
import { defaults } from '../../contract/downtime-fields.ts'
import { type DowntimePlan, type DowntimeRecurrence, durationMsOf } from '../../core/downtime/plan.ts'

/** All groups of all monitors from now on, until it is canceled: what is changed into what a client asks for. */
export function blankPlan(nowMs: number): DowntimePlan {
  return {
    scope: '*',
    scopes: ['*'],
    monitorId: null,
    monitorTags: ['*'],
    message: null,
    startMs: wholeSecond(nowMs),
    endMs: null,
    recurrences: [],
    legacyRecurrence: null,
    timezone: 'UTC',
    displayTimezone: 'UTC',
    muteFirstRecovery: false,
    ...defaults,
  }
}

/** Attributes left out keep their value; a schedule is changed by its parts, its recurrences are replaced as a whole. */
export function changedPlan(plan: DowntimePlan, written: DowntimeAttributes, nowMs: number): DowntimePlan {
  const { monitor_identifier: identifier, scope, schedule } = written
  return {
    ...plan,
    ...(scope === undefined ? {} : { scope, scopes: [scope] }),
    ...(identifier === undefined ? {} : { monitorId: identifier.monitor_id ?? null, monitorTags: identifier.monitor_tags ?? ['*'] }),
    ...(written.message === undefined ? {} : { message: written.message }),
    ...(written.display_timezone === undefined ? {} : { displayTimezone: written.display_timezone ?? 'UTC' }),
    muteFirstRecovery: written.mute_first_recovery_notification ?? plan.muteFirstRecovery,
    notifyEndStates: written.notify_end_states ?? plan.notifyEndStates,
    notifyEndTypes: written.notify_end_types ?? plan.notifyEndTypes,
    ...(schedule === undefined || schedule === null ? {} : scheduled(plan, schedule, nowMs)),
  }
}

type Schedule = NonNullable<DowntimeAttributes['schedule']>
type Scheduled = Pick<DowntimePlan, 'startMs' | 'endMs' | 'recurrences' | 'legacyRecurrence' | 'timezone'>

function scheduled(plan: DowntimePlan, { start, end, timezone: zone, recurrences }: Schedule, nowMs: number): Scheduled {
  const timezone = zone ?? plan.timezone
  const wasRecurring = plan.recurrences.length > 0
  if (recurrences !== undefined && recurrences !== null) {
    const startDefault = wallTime(nowMs, timezone)
    return recurring(
      recurrences.map(({ start: from, duration, rrule }, index) => ({
        start: from ?? plan.recurrences[index]?.start ?? startDefault,
        duration,
        rrule,
      })),
      timezone,
    )
  }
  if (wasRecurring && start === undefined && end === undefined) return recurring(plan.recurrences, timezone)
  const was = wasRecurring ? { startMs: wholeSecond(nowMs), endMs: null } : plan
  return {
    startMs: start === undefined ? was.startMs : (start ?? wholeSecond(nowMs)),
    endMs: end === undefined ? was.endMs : end,
    recurrences: [],
    legacyRecurrence: null,
    timezone,
  }
}

function recurring(recurrences: readonly DowntimeRecurrence[], timezone: string): Scheduled {
  const [first] = recurrences
  const startMs = wallInstant(first?.start ?? '', timezone)
  return { startMs, endMs: startMs + (durationMsOf(first?.duration ?? '') ?? 0), recurrences, legacyRecurrence: null, timezone }
}

export const wholeSecond = (atMs: number): number => Math.floor(atMs / 1_000) * 1_000
