/**
 * Where the window of `current_1h`, `current_1d` or `current_1mo` begins, in the zone that the monitor names: an hour, day or
 * month as clocks there show it, so a day may have 23 or 25 hours.
 * Read next: buckets.ts, intake.ts.
 */
import { Temporal } from 'temporal-polyfill'
import type { CalendarStarts } from '../../core/monitor/spec-types.ts'
import type { CalendarUnit } from '../../core/query/metric-nodes.ts'

/** Days that every month has: older definitions may name others. */
const monthDayMax = 28

/**
 * The begin of the window that ends at `endMs`, in epoch ms. It lies before it: as of the moment at which a new window begins,
 * the window is the one that is over.
 */
export function windowStart(unit: CalendarUnit, starts: CalendarStarts, endMs: number): number {
  const zone = zoneOf(starts.timezone)
  const last = Temporal.Instant.fromEpochMilliseconds(endMs - 1).toZonedDateTimeISO(zone)
  if (unit === 'hour') return hourStart(last, starts.hourMinute)
  const time = Temporal.PlainTime.from({ hour: Math.floor(starts.dayMinute / 60), minute: starts.dayMinute % 60 })
  const today = last.toPlainDate()
  const first = unit === 'day' ? today : today.with({ day: Math.min(starts.monthDay, monthDayMax) })
  // One back where it is yet to begin; two where a zone left out the day between.
  const begins = [0, 1, 2].map((back) => beginOf(first.subtract(unit === 'day' ? { days: back } : { months: back }), time, zone))
  return begins.find((begin) => begin < endMs) ?? endMs - 1
}

/** Hours are counted by the clock's minute; an hour that comes twice is two. */
function hourStart(last: Temporal.ZonedDateTime, minute: number): number {
  const begin = last.round({ smallestUnit: 'minute', roundingMode: 'floor' }).with({ minute })
  const isAhead = Temporal.ZonedDateTime.compare(begin, last) > 0
  return (isAhead ? begin.subtract({ hours: 1 }) : begin).epochMilliseconds
}

/** A time that clocks skip is as much later, one that comes twice is the first. */
function beginOf(day: Temporal.PlainDate, time: Temporal.PlainTime, zone: string): number {
  return day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
}

/** Zones are checked where a definition is written; UTC where this machine doesn't know one all the same. */
function zoneOf(timezone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone).timeZoneId
  } catch {
    return 'UTC'
  }
}
