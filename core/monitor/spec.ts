/**
 * Compiles a stored definition into what the engine works with: defaults filled in, units made ms, texts read once.
 * Total: a definition was checked when it was written, and what still can't be used falls back to its default.
 * Read next: types.ts (MonitorSpec), semantics of each option in docs/.
 */
import { parseRule } from '../schedule/rule.ts'
import { classify } from './classify.ts'
import { inhibitedByOf } from './spec-causes.ts'
import { flappingOf } from './spec-flapping.ts'
import { phaseOf } from './spec-phase.ts'
import type {
  CalendarStarts,
  Comparator,
  MissingPolicy,
  MonitorSpec,
  RenotifyPolicy,
  Schedule,
  Status,
  StatusCounts,
  Thresholds,
} from './spec-types.ts'

/** As stored (adapters/postgres, table monitors). `options` are Datadog's, checked by contract/. */
export type Definition = Readonly<{
  monitorId: number
  version: number
  type: string
  name: string
  query: string
  priority: number | null
  tags: readonly string[]
  draftStatus: string
  options: Readonly<Record<string, unknown>>
}>

/** What the query says of itself; null where it isn't understood (no source evaluates it yet). */
export type QueryFacts = Readonly<{
  windowMs: number
  /** null = only the source's answer tells. */
  groupBy: readonly string[] | null
  comparator: Comparator
  threshold: number
  /** Values are levels, and these tell them apart: the options' numbers are about something else. */
  thresholds?: Thresholds
  /** Without data for so long a group is No Data; absent = twice the window. */
  missingMs?: number
  /** What has no data reads as 0: nothing was there to be counted. */
  countsFromZero?: boolean
  /** What the source is asked, where that isn't the query as it was written. */
  query?: string
  /** What a formula names, as it stands in the options, where its source has to know. */
  variables?: readonly unknown[]
  /** Without a threshold, whatever the query answers is an alert, and what it no longer answers has recovered. */
  alertsOnPresence?: boolean
}> | null

const minuteMs = 60_000
const hourMs = 3_600_000

/** A bound for queries and commits; what a state may weigh (room.ts) binds earlier, at some 4,000 groups. */
const groupsMax = 20_000
const retentionDefaultMs = 24 * hourMs
/** A host that boots shows odd values for about that long. */
const newGroupDelayDefaultMs = minuteMs

export function compileSpec(definition: Definition, facts: QueryFacts): MonitorSpec {
  const { options } = definition
  const windowMs = facts?.windowMs ?? 5 * minuteMs
  const comparator = facts?.comparator ?? '>'
  const inhibitedBy = inhibitedByOf(options.inhibited_by)
  const schedule = scheduleOf(options.scheduling_options)
  const intervalMs = intervalOf(options, windowMs)
  const thresholds = facts?.thresholds ?? thresholdsOf(options.thresholds, facts)
  return {
    monitorId: definition.monitorId,
    version: definition.version,
    type: definition.type,
    name: definition.name,
    query: facts?.query ?? definition.query,
    ...(facts?.variables === undefined ? {} : { variables: facts.variables }),
    datasource: textOf(options.datasource),
    priority: priorityOf(definition.priority),
    tags: definition.tags,
    draft: definition.draftStatus === 'draft',
    intervalMs,
    windowMs,
    delayMs: (numberOf(options.evaluation_delay) ?? 0) * 1000,
    groupBy: facts === null || facts.groupBy === null ? null : [...facts.groupBy].sort(),
    comparator,
    thresholds,
    ...(definition.type === 'service check' ? { statusCounts: statusCountsOf(options.thresholds) } : {}),
    missing: missingOf(options, windowMs, facts, readsAsOk(facts, options, { comparator, thresholds })),
    holdMs: secondsMs(options.hold),
    keepFiringMs: secondsMs(options.keep_firing),
    newGroupDelayMs: secondsMs(options.new_group_delay, newGroupDelayDefaultMs),
    timeoutMs: timeoutOf(options.timeout_h),
    renotify: renotifyOf(options),
    retentionMs: durationMs(options.group_retention_duration) ?? retentionDefaultMs,
    requireFullWindow: options.require_full_window === true,
    onEvaluationError: onEvaluationErrorOf(options.on_evaluation_error),
    notifyBy: notifyByOf(options.notify_by, facts),
    schedule,
    calendar: calendarOf(options.scheduling_options),
    groupsMax,
    silenced: silencedOf(options.silenced),
    ...(inhibitedBy.length === 0 ? {} : { inhibitedBy }),
    ...flappingOf(options.flapping, schedule),
    ...phaseOf(options.prometheus, intervalMs),
  }
}

/** Hours, days and months of UTC. */
export const utcStarts: CalendarStarts = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }

/** By window: < 24 h → 60 s, 24–48 h → 10 min, more → 30 min. `interval` (seconds, ≥ 1) overrides it. */
function intervalOf(options: Definition['options'], windowMs: number): number {
  const seconds = numberOf(options.interval)
  if (seconds !== null && seconds >= 1) return Math.round(seconds) * 1000
  if (windowMs < 24 * hourMs) return minuteMs
  return windowMs < 48 * hourMs ? 10 * minuteMs : 30 * minuteMs
}

function thresholdsOf(value: unknown, facts: QueryFacts): Thresholds {
  const thresholds = recordOf(value)
  return {
    critical: numberOf(thresholds.critical) ?? facts?.threshold ?? null,
    warning: numberOf(thresholds.warning),
    criticalRecovery: numberOf(thresholds.critical_recovery),
    warningRecovery: numberOf(thresholds.warning_recovery),
  }
}

/** One result is enough where nothing is said of it; what nobody knows is no reason for an alert. */
function statusCountsOf(value: unknown): StatusCounts {
  const { ok, warning, critical, unknown } = recordOf(value)
  return { ok: numberOf(ok) ?? 1, warning: numberOf(warning) ?? 1, critical: numberOf(critical) ?? 1, unknown: numberOf(unknown) }
}

/** Whether a group that has gone is fine by that: nothing is counted in it any more, or nothing is found. */
function readsAsOk(facts: QueryFacts, options: Definition['options'], against: Pick<MonitorSpec, 'comparator' | 'thresholds'>): boolean {
  if (facts?.alertsOnPresence === true) return numberOf(recordOf(options.thresholds).critical) === null
  return facts?.countsFromZero === true && classify(0, against, 'OK') === 'ok'
}

/** `on_missing_data` where it is given, else the older `notify_no_data` with its timeframe (2 × window by default). */
function missingOf(options: Definition['options'], windowMs: number, facts: QueryFacts, gone: boolean): MissingPolicy {
  const policy = options.on_missing_data
  // The newer options judge a group as soon as its window is empty.
  if (policy === 'resolve') return { action: 'resolve', timeframeMs: windowMs }
  if (policy === 'show_no_data') return { action: 'show', timeframeMs: windowMs }
  if (policy === 'show_and_notify_no_data') return { action: 'notify', timeframeMs: windowMs }
  if (gone && options.notify_no_data !== true) return { action: 'resolve', timeframeMs: windowMs }
  if (policy === 'default') return { action: 'keep', timeframeMs: windowMs }
  const minutes = numberOf(options.no_data_timeframe)
  const timeframeMs = minutes === null || minutes <= 0 ? (facts?.missingMs ?? 2 * windowMs) : minutes * minuteMs
  return { action: options.notify_no_data === true ? 'notify' : 'show', timeframeMs }
}

/** `renotify_interval` in minutes; 0 or null = never. `renotify_statuses`: alert and no data by default. */
function renotifyOf(options: Definition['options']): RenotifyPolicy | null {
  const minutes = numberOf(options.renotify_interval)
  if (minutes === null || minutes <= 0) return null
  const named = Array.isArray(options.renotify_statuses) ? options.renotify_statuses : ['alert', 'no data']
  const statuses: Status[] = []
  if (named.includes('alert')) statuses.push('Alert')
  if (named.includes('warn')) statuses.push('Warn')
  if (named.includes('no data')) statuses.push('No Data')
  return { intervalMs: minutes * minuteMs, occurrences: numberOf(options.renotify_occurrences), statuses }
}

function onEvaluationErrorOf(value: unknown): MonitorSpec['onEvaluationError'] {
  if (value === 'alert') return 'alert'
  return value === 'show_unknown' ? 'unknown' : 'keep'
}

/** `["*"]` = all groups in one. Keys that make no group would put all of them in one, too, by a typing error: they are left out. */
function notifyByOf(value: unknown, facts: QueryFacts): readonly string[] | null {
  const keys = Array.isArray(value) ? value.filter((key) => typeof key === 'string') : []
  if (keys.length === 0 || facts === null) return null
  if (keys.includes('*')) return []
  // What groups there are is known from their tags only: those that have the keys are told together.
  if (facts.groupBy === null) return [...new Set(keys)].sort()
  const known = [...facts.groupBy].filter((key) => keys.includes(key)).sort()
  // Every group is a bundle of its own then.
  return known.length === 0 || known.length === new Set(facts.groupBy).size ? null : known
}

/** The one recurrence of `custom_schedule`. */
function scheduleOf(value: unknown): Schedule | null {
  const { recurrences } = recordOf(recordOf(value).custom_schedule)
  const recurrence = recordOf(Array.isArray(recurrences) ? recurrences[0] : undefined)
  // Rules are checked where they are written; one from before that is no reason not to be evaluated at all.
  if (typeof recurrence.rrule !== 'string' || !parseRule(recurrence.rrule).ok) return null
  return { rrule: recurrence.rrule, start: textOf(recurrence.start), timezone: textOf(recurrence.timezone) ?? 'UTC' }
}

/** `evaluation_window`: where hours (minute), days (`HH:MM`) and months (day) begin. */
function calendarOf(value: unknown): CalendarStarts {
  const window = recordOf(recordOf(value).evaluation_window)
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(textOf(window.day_starts) ?? '') ?? []
  return {
    timezone: textOf(window.timezone) ?? utcStarts.timezone,
    hourMinute: numberOf(window.hour_starts) ?? utcStarts.hourMinute,
    dayMinute: hours === undefined ? utcStarts.dayMinute : Number(hours) * 60 + Number(minutes),
    monthDay: numberOf(window.month_starts) ?? utcStarts.monthDay,
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Hours; 0 or null = never. */
function timeoutOf(value: unknown): number | null {
  const hours = numberOf(value)
  return hours === null || hours <= 0 ? null : hours * hourMs
}

function secondsMs(value: unknown, defaultMs = 0): number {
  const seconds = numberOf(value)
  return seconds === null || seconds < 0 ? defaultMs : seconds * 1000
}

/** Scope → end in epoch seconds (null = open) becomes epoch ms. */
function silencedOf(value: unknown): Record<string, number | null> {
  const scopes = Object.entries(recordOf(value)).map(([scope, end]) => {
    const seconds = numberOf(end)
    return [scope, seconds === null ? null : seconds * 1000] as const
  })
  return Object.fromEntries(scopes)
}

/** `90m`, `12h`, `2d`, `3600s` in ms; null where it is something else. */
function durationMs(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d+)\s*([smhd])$/.exec(value.trim()) : null
  if (match === null) return null
  const unitMs: Readonly<Record<string, number>> = { s: 1000, m: minuteMs, h: hourMs, d: 24 * hourMs }
  return Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0)
}

function priorityOf(value: number | null): MonitorSpec['priority'] {
  return value === 1 || value === 2 || value === 3 || value === 4 || value === 5 ? value : null
}

/** Numbers, also as text, as some clients write them. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}
