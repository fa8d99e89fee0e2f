/** A downtime as somebody fills it in, and as the API takes it. Pure. Read next: form-dialog.tsx, ../../data/downtimes.ts. */
import type { Downtime, DowntimeAttributes } from '../../data/downtimes.ts'

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]
export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY'] as const

/** Times are local, as the browser's own fields have them: `2026-11-24T22:00`. */
export type Form = Readonly<{
  /** An id, or tags with commas; nothing = all monitors. */
  monitors: string
  scope: string
  kind: 'once' | 'again'
  /** Nothing = now. */
  start: string
  /** Nothing = until it is canceled. */
  end: string
  duration: string
  frequency: string
  every: string
  days: readonly Weekday[]
  timezone: string
  message: string
  muteFirstRecovery: boolean
  /** A rule that has more to it than the fields above can show: it is kept as text. */
  ruleText: string | null
}>

export function emptyForm(start: string, timezone: string): Form {
  const dates = { kind: 'once', start, end: '', duration: '2h', frequency: 'WEEKLY', every: '1', days: [], timezone } as const
  return { monitors: '', scope: '*', ...dates, message: '', muteFirstRecovery: false, ruleText: null }
}

export function attributesOf(form: Form): DowntimeAttributes {
  const named = form.monitors.trim()
  const tags = named.split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]))
  return {
    monitor_identifier: /^\d+$/.test(named) ? { monitor_id: Number(named) } : { monitor_tags: tags.length === 0 ? ['*'] : tags },
    scope: form.scope.trim() || '*',
    message: form.message.trim() || null,
    mute_first_recovery_notification: form.muteFirstRecovery,
    display_timezone: form.timezone,
    schedule:
      form.kind === 'once'
        ? { start: instantOf(form.start), end: instantOf(form.end) }
        : {
            timezone: form.timezone,
            recurrences: [{ ...(form.start === '' ? {} : { start: form.start }), duration: form.duration.trim(), rrule: ruleOf(form) }],
          },
  }
}

export function ruleOf({ frequency, every, days, ruleText }: Form): string {
  if (ruleText !== null) return ruleText
  const parts = [`FREQ=${frequency}`, `INTERVAL=${every.trim() || '1'}`]
  return [...parts, ...(frequency === 'WEEKLY' && days.length > 0 ? [`BYDAY=${days.join(',')}`] : [])].join(';')
}

/** null where it has several rules, which this form can't show. */
export function formOf({ attributes }: Downtime, timezone: string): Form | null {
  const { monitor_identifier: whom, schedule } = attributes
  const form = {
    ...emptyForm('', timezone),
    monitors: 'monitor_id' in whom ? String(whom.monitor_id) : whom.monitor_tags.filter((tag) => tag !== '*').join(', '),
    scope: attributes.scope,
    message: attributes.message ?? '',
    muteFirstRecovery: attributes.mute_first_recovery_notification,
  }
  if (!('recurrences' in schedule)) return { ...form, start: localOf(schedule.start), end: localOf(schedule.end) }
  const [first, another] = schedule.recurrences
  if (first === undefined || another !== undefined) return null
  const again = { ...form, kind: 'again', start: first.start.slice(0, 16), duration: first.duration, timezone: schedule.timezone } as const
  return { ...again, ...rulePartsOf(first.rrule) }
}

function rulePartsOf(rrule: string): Pick<Form, 'frequency' | 'every' | 'days' | 'ruleText'> {
  const parts = new Map(
    rrule
      .replace(/^RRULE:/i, '')
      .split(';')
      .map((part) => [part.split('=')[0]?.toUpperCase() ?? '', part.split('=')[1] ?? '']),
  )
  const [frequency = '', every = '1', days = ''] = [parts.get('FREQ'), parts.get('INTERVAL'), parts.get('BYDAY')]
  const chosen = weekdays.filter((day) => days.split(',').includes(day))
  const known = [...parts.keys()].every((name) => ['FREQ', 'INTERVAL', 'BYDAY'].includes(name))
  const isPlain =
    known && frequencies.some((each) => each === frequency) && chosen.join(',') === days && (days === '' || frequency === 'WEEKLY')
  return { frequency: isPlain ? frequency : 'WEEKLY', every, days: isPlain ? chosen : [], ruleText: isPlain ? null : rrule }
}

const instantOf = (local: string): string | null => (local === '' ? null : new Date(local).toISOString())

/** By the reader's clock, as the browser's fields have it. */
export function localOf(at: string | null): string {
  if (at === null) return ''
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
