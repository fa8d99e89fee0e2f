/** What a downtime is called, and when it comes, in words. Pure. */
import type { Downtime } from '../../data/downtimes.ts'

export function whomOf({ attributes: { monitor_identifier: whom, scope } }: Downtime): string {
  const monitors =
    'monitor_id' in whom ? `monitor #${whom.monitor_id}` : whom.monitor_tags.includes('*') ? 'all monitors' : whom.monitor_tags.join(', ')
  return scope === '*' ? monitors : `${scope} of ${monitors}`
}

/** Its message's first line, where it has one. */
export function titleOf(downtime: Downtime): string {
  const [line = ''] = (downtime.attributes.message ?? '').split('\n')
  return line === '' ? whomOf(downtime) : line
}

const days: Readonly<Record<string, string>> = { MO: 'Mon', TU: 'Tue', WE: 'Wed', TH: 'Thu', FR: 'Fri', SA: 'Sat', SU: 'Sun' }
const units: Readonly<Record<string, string>> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year', HOURLY: 'hour' }

/** `every 2 weeks on Mon, Thu`; a rule with more to it as it is written. */
export function ruleText(rrule: string): string {
  const parts = Object.fromEntries(
    rrule
      .replace(/^RRULE:/i, '')
      .split(';')
      .map((part) => part.split('=')),
  )
  const { FREQ: frequency = '', INTERVAL: every = '1', BYDAY: on, ...rest } = parts
  const unit = units[frequency]
  if (unit === undefined || Object.keys(rest).length > 0) return rrule
  const names =
    on === undefined
      ? ''
      : ` on ${String(on)
          .split(',')
          .map((day) => days[day] ?? day)
          .join(', ')}`
  return `${every === '1' ? `every ${unit}` : `every ${every} ${unit}s`}${names}`
}

const moment = new Intl.DateTimeFormat(undefined, { weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })

export const momentText = (at: string): string => moment.format(new Date(at))

export function spanText({ start, end }: Readonly<{ start: string | null; end: string | null }>): string {
  const until = end === null ? 'until it is canceled' : isSameDay(start, end) ? clock.format(new Date(end)) : momentText(end)
  return `${start === null ? 'now' : momentText(start)} – ${until}`
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

const isSameDay = (start: string | null, end: string): boolean =>
  start !== null && new Date(start).toDateString() === new Date(end).toDateString()
