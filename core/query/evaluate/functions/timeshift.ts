/** The same series as it was before. */
import { frameOf } from '../../frame.ts'
import { type Call, type MetricFunction, requiredNumber } from '../call.ts'
import { Impossible } from '../impossible.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export const timeshiftFunctions: Readonly<Record<string, MetricFunction>> = {
  hour_before: (call) => asOf(call, call.span.toMs - hourMs),
  day_before: (call) => asOf(call, call.span.toMs - dayMs),
  week_before: (call) => asOf(call, call.span.toMs - 7 * dayMs),
  // Four weeks, so that days of the week stay where they are.
  month_before: (call) => asOf(call, call.span.toMs - 28 * dayMs),
  /** Seconds; what is below 0 is the past. */
  timeshift: (call) => asOf(call, call.span.toMs + past(requiredNumber(call, 'seconds', 0)) * 1_000),
  calendar_shift: (call) => asOf(call, calendarShift(call)),
}

function asOf({ operand, span }: Call, toMs: number) {
  return frameOf(span, operand({ ...span, toMs }).series)
}

function past(seconds: number): number {
  if (seconds > 0) throw new Impossible('timeshift() looks back: its seconds are below 0')
  return seconds
}

/** `-1d`, `-2w`, `-1mo` by the calendar of UTC: days there all have 24 hours, months have their own length. */
function calendarShift({ args, span }: Call): number {
  const text = args.text('shift', 0) ?? ''
  const [, count, unit] = /^-(\d+)(d|w|mo)$/.exec(text) ?? []
  if (count === undefined) throw new Impossible(`calendar_shift() knows shifts such as -1d, -1w and -1mo, not ${text}`)
  if (unit !== 'mo') return span.toMs - Number(count) * (unit === 'w' ? 7 : 1) * dayMs
  const now = new Date(span.toMs)
  const month = now.getUTCMonth() - Number(count)
  // The last day of a month that has fewer.
  const day = Math.min(now.getUTCDate(), new Date(Date.UTC(now.getUTCFullYear(), month + 1, 0)).getUTCDate())
  return Date.UTC(now.getUTCFullYear(), month, day) + (span.toMs % dayMs)
}
