/** Starts of recurrences, remembered by the day, for they are asked for each monitor at each slot. Answers as `times` does. */
import type { Schedule } from '../monitor/spec-types.ts'
import type { Starts } from './occurrences.ts'

/** The times of a rule after `afterMs` and up to `untilMs` (null = without end), at most `count`, ascending. */
export type Times = (schedule: Schedule, afterMs: number, untilMs: number | null, count: number) => readonly number[]

const dayMs = 86_400_000
/** Days of rules that are remembered: two days of 10,000 rules, some megabytes. When it is full, all is forgotten. */
const daysMax = 20_000
/** A rule comes once a day at most, and a downtime lasts a year at most. */
const startsMax = 400

export function rememberedStarts(times: Times): Starts {
  const known = new Map<string, readonly number[]>()
  return (rule, durationMs, atMs) => {
    const day = Math.floor(atMs / dayMs)
    const key = `${day} ${durationMs} ${rule.timezone} ${rule.start} ${rule.rrule}`
    let starts = known.get(key)
    if (starts === undefined) {
      if (known.size >= daysMax) known.clear()
      starts = times(rule, day * dayMs - durationMs, (day + 1) * dayMs, startsMax)
      known.set(key, starts)
    }
    const last = starts.findLast((start) => start <= atMs)
    return last === undefined || last <= atMs - durationMs ? null : last
  }
}
