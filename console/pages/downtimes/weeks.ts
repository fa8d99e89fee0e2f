/** The days of a calendar, and what holds on each. Pure. Read next: calendar.tsx. */
import type { Occurrence } from '../../data/downtimes.ts'

export type Day = Readonly<{ startMs: number; endMs: number; occurrences: readonly Occurrence[] }>

const daysOfWeek = 7

/** Whole weeks from the Monday of the week of `nowMs` on, `skip` weeks later, by the reader's clock. */
export function daysFrom(nowMs: number, skip: number, weeks: number): readonly Omit<Day, 'occurrences'>[] {
  const now = new Date(nowMs)
  const sinceMonday = (now.getDay() + 6) % daysOfWeek
  const dayOf = (index: number): number =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - sinceMonday + skip * daysOfWeek + index).getTime()
  return Array.from({ length: weeks * daysOfWeek }, (_, index) => ({ startMs: dayOf(index), endMs: dayOf(index + 1) }))
}

export function fill(days: readonly Omit<Day, 'occurrences'>[], occurrences: readonly Occurrence[]): readonly Day[] {
  return days.map((day) => ({
    ...day,
    occurrences: occurrences.filter(({ start, end }) => Date.parse(start) < day.endMs && (end === null || Date.parse(end) > day.startMs)),
  }))
}
