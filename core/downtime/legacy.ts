/** Recurrences by period, the older way to write them, as rules. Pure. Read next: plan.ts, core/schedule/rule.ts. */
import type { LegacyRecurrence } from './plan.ts'

export const legacyUnits = ['days', 'weeks', 'months', 'years'] as const
export const legacyWeekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

const frequencies = { days: 'DAILY', weeks: 'WEEKLY', months: 'MONTHLY', years: 'YEARLY' } as const satisfies Readonly<
  Record<(typeof legacyUnits)[number], string>
>

export function ruleOf(recurrence: LegacyRecurrence): string {
  if (recurrence.type === 'rrule') return recurrence.rrule
  const { type, period, week_days: days, until_occurrences: count, until_date: untilS } = recurrence
  return [
    `FREQ=${frequencies[type]}`,
    `INTERVAL=${period}`,
    ...(days === null || days.length === 0 ? [] : [`BYDAY=${days.map((day) => day.slice(0, 2).toUpperCase()).join(',')}`]),
    ...(count === null ? [] : [`COUNT=${count}`]),
    ...(untilS === null ? [] : [`UNTIL=${compact(untilS)}`]),
  ].join(';')
}

/** Scopes of which all must match, as one. */
export function joinedScope(scopes: readonly string[]): string {
  const [only] = scopes
  if (scopes.length === 1 && only !== undefined) return only
  return scopes.map((scope) => (/[\s,]/.test(scope) ? `(${scope})` : scope)).join(' AND ')
}

function compact(epochS: number): string {
  return `${new Date(epochS * 1_000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
