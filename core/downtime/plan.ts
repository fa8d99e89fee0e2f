/**
 * A downtime as people plan it: which groups of which monitors, when, and who hears of its end (semantics §5).
 * Never says whether it holds anything at a time: occurrences.ts does. Read next: occurrences.ts, matching.ts.
 */
import type { Scope } from '../monitor/types.ts'

export const endStates = ['alert', 'no data', 'warn'] as const
export type EndState = (typeof endStates)[number]
export const endTypes = ['expired', 'canceled'] as const
export type EndType = (typeof endTypes)[number]

/** Times that come again. `start` is a wall-clock time of the plan's zone, from which the rule counts. */
export type DowntimeRecurrence = Readonly<{ start: string /** As it was written, such as 90m or 1w. */; duration: string; rrule: string }>

/** The older way to write a recurrence, echoed to whoever wrote it. Times in epoch seconds. */
export type LegacyRecurrence = Readonly<
  | {
      type: 'days' | 'weeks' | 'months' | 'years'
      period: number
      week_days: readonly string[] | null
      until_occurrences: number | null
      until_date: number | null
    }
  | { type: 'rrule'; rrule: string }
>

export type DowntimePlan = Readonly<{
  scope: string
  /** The parts of the scope, all of which must match, as older clients list them. */
  scopes: readonly string[]
  /** null = by tags. */
  monitorId: number | null
  /** A monitor must have all of them; `*` = every monitor. Of one by its id: `*`. */
  monitorTags: readonly string[]
  message: string | null
  /** Of one that comes again: its first occurrence as it was written. */
  startMs: number
  /** null = until somebody cancels it. */
  endMs: number | null
  /** Empty = it comes once. */
  recurrences: readonly DowntimeRecurrence[]
  legacyRecurrence: LegacyRecurrence | null
  timezone: string
  displayTimezone: string
  muteFirstRecovery: boolean
  notifyEndStates: readonly EndState[]
  notifyEndTypes: readonly EndType[]
}>

/** One that somebody stored. */
export type PlannedDowntime = Readonly<{ id: string; plan: DowntimePlan /** Parsed. */; scope: Scope; canceledMs: number | null }>

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
type Unit = keyof typeof unitMs

/** A year: whoever wants longer ones plans one without an end. */
export const durationMsMax = 366 * unitMs.d

/** A duration such as 30m, 2h, 1d or 1w; a day is 24 hours, also where clocks change. null = it is none. */
export function durationMsOf(text: string): number | null {
  const [, count, unit = ''] = /^([1-9]\d{0,8})([smhdw])$/.exec(text) ?? []
  if (count === undefined || !isUnit(unit)) return null
  const ms = Number(count) * unitMs[unit]
  return ms > durationMsMax ? null : ms
}

/** The shortest text of a duration in whole seconds. */
export function durationText(ms: number): string {
  const unit = (['w', 'd', 'h', 'm'] as const).find((name) => ms % unitMs[name] === 0) ?? 's'
  return `${ms / unitMs[unit]}${unit}`
}

function isUnit(text: string): text is Unit {
  return Object.hasOwn(unitMs, text)
}
