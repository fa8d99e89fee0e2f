/**
 * When a planned downtime holds: its occurrences, and what has become of it by a time. Rules are expanded by whoever calls, for that
 * needs time zones. Where its occurrences overlap, the one that ends last stands for all.
 * Read next: starts.ts, matching.ts.
 */
import { type DowntimePlan, type DowntimeRecurrence, durationMsOf } from './plan.ts'
import type { Times } from './starts.ts'

export type Occurrence = Readonly<{ startMs: number; endMs: number | null }>
export type DowntimeStatus = 'scheduled' | 'active' | 'canceled' | 'ended'

/** The one in force at a time, of several that which ends last; null = none. At its very end an occurrence holds no more. */
export function occurrenceAt(plan: DowntimePlan, atMs: number, starts: Starts): Occurrence | null {
  if (plan.recurrences.length === 0) {
    const { startMs, endMs } = plan
    return startMs <= atMs && (endMs === null || endMs > atMs) ? { startMs, endMs } : null
  }
  let last: Readonly<{ startMs: number; endMs: number }> | null = null
  for (const recurrence of plan.recurrences) {
    const durationMs = durationOf(recurrence)
    const startMs = starts({ ...recurrence, timezone: plan.timezone }, durationMs, atMs)
    if (startMs !== null && (last === null || startMs + durationMs > last.endMs)) last = { startMs, endMs: startMs + durationMs }
  }
  return last
}

/** The latest start after `atMs − durationMs`, up to and including `atMs`; null = there is none. */
export type Starts = (rule: Readonly<{ rrule: string; start: string; timezone: string }>, durationMs: number, atMs: number) => number | null

/** The occurrence in force at a time, else the next one; null = it is over. */
export function currentOccurrence(plan: DowntimePlan, atMs: number, times: Times): Occurrence | null {
  if (plan.recurrences.length === 0) {
    const { startMs, endMs } = plan
    return endMs === null || endMs > atMs ? { startMs, endMs } : null
  }
  const upcoming = plan.recurrences.flatMap((recurrence) => {
    const durationMs = durationOf(recurrence)
    const [startMs] = times({ ...recurrence, timezone: plan.timezone }, atMs - durationMs, null, 1)
    return startMs === undefined ? [] : [{ startMs, endMs: startMs + durationMs }]
  })
  return upcoming.reduce<Occurrence | null>((first, next) => (first === null || next.startMs < first.startMs ? next : first), null)
}

/** Rules as whoever calls expands them: all times, and the starts that are remembered. */
export type Rules = Readonly<{ times: Times; starts: Starts }>

/** What has become of it by then. Cheap for most: one without an end is either in force or to come. */
export function statusAt(plan: DowntimePlan, canceledMs: number | null, atMs: number, { times, starts }: Rules): DowntimeStatus {
  if (canceledMs !== null) return 'canceled'
  if (occurrenceAt(plan, atMs, starts) !== null) return 'active'
  if (plan.recurrences.some(({ rrule }) => !isEnding(rrule))) return 'scheduled'
  return currentOccurrence(plan, atMs, times) === null ? 'ended' : 'scheduled'
}

/** Occurrences of a rule that is counted out: longer ones are looked at as if they had no end. */
const countedMax = 1_000

/** When it is over for good; null = never, or nobody can tell. */
export function overMs(plan: DowntimePlan, times: Times): number | null {
  if (plan.recurrences.length === 0) return plan.endMs
  const ends = plan.recurrences.map((recurrence) => {
    if (!isEnding(recurrence.rrule)) return null
    const starts = times({ ...recurrence, timezone: plan.timezone }, 0, null, countedMax)
    const last = starts.at(-1)
    return last === undefined || starts.length === countedMax ? null : last + durationOf(recurrence)
  })
  return ends.reduce((latest, end) => (latest === null || end === null ? null : Math.max(latest, end)), 0)
}

function isEnding(rrule: string): boolean {
  return /COUNT|UNTIL/i.test(rrule)
}

/** Durations are checked where they are written. */
function durationOf({ duration }: DowntimeRecurrence): number {
  return durationMsOf(duration) ?? 0
}

/** All that hold for some of a time, at most `max` of each rule, in order of their starts. */
export function occurrencesBetween(plan: DowntimePlan, fromMs: number, toMs: number, times: Times, max: number): readonly Occurrence[] {
  if (plan.recurrences.length === 0) {
    const { startMs, endMs } = plan
    return startMs < toMs && (endMs === null || endMs > fromMs) ? [{ startMs, endMs }] : []
  }
  const found = plan.recurrences.flatMap((recurrence) => {
    const durationMs = durationOf(recurrence)
    const starts = times({ ...recurrence, timezone: plan.timezone }, fromMs - durationMs, toMs - 1, max)
    return starts.map((startMs) => ({ startMs, endMs: startMs + durationMs }))
  })
  return found.sort((one, other) => one.startMs - other.startMs)
}
