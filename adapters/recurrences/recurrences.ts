/**
 * Evaluation times that a rule gives, in its time zone. A rule is expanded on the wall clock, and each time is then looked up
 * in the zone: so no day is left out when clocks go forward (02:30 is 03:30 then), and none comes twice when they go back.
 * Never throws for a rule that was checked where it was written (core/schedule/rule.ts). Read next: contract/schedule.ts.
 */
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { type Recurrences, ScheduleError } from '../../activities/ports.ts'
import type { Schedule } from '../../core/monitor/spec-types.ts'
import { parseRule, parseStart, type Rule } from '../../core/schedule/rule.ts'

const dayMs = 86_400_000
/** Where a schedule says no start: a Monday, the first of a month and a year, at midnight. Intervals are counted from it. */
const startDefault = '2018-01-01T00:00:00'
/** Periods (days, weeks, months, years) that are looked through for the next time: 27 years of days, or 35 ms at the most. */
const periodsMax = 10_000
/** Times of one question: a month of evaluations ahead is plenty. */
const timesMax = 1_000

export function recurrences(): Recurrences {
  return { times }
}

/** What clocks of a zone show at an instant, such as 2026-03-29T09:00:00. */
export function wallTime(atMs: number, timezone: string): string {
  return isoOf(wallOf(atMs, zoneOf(timezone)))
}

/** When clocks of a zone show a time that was checked (core/schedule/rule.ts): epoch ms. */
export function wallInstant(start: string, timezone: string): number {
  return instantOf(Date.parse(`${parseStart(start) ?? startDefault}Z`), zoneOf(timezone))
}

function times(schedule: Schedule, afterMs: number, untilMs: number | null, count: number): readonly number[] {
  const parsed = parseRule(schedule.rrule)
  if (!parsed.ok) throw new ScheduleError(`the rule ${schedule.rrule} can't be used: ${parsed.message}`)
  const zone = zoneOf(schedule.timezone)
  const wallTimes = new RRuleTemporal({ rruleString: ruleText(parsed.rule, schedule.start, zone), maxIterations: periodsMax })
  const found: number[] = []
  // A day earlier: there are zones that once left out a whole day.
  let wallMs = wallOf(afterMs, zone) - dayMs
  while (found.length < Math.min(count, timesMax)) {
    const next = nextWall(wallTimes, wallMs)
    if (next === null) break
    wallMs = next
    const atMs = instantOf(wallMs, zone)
    if (untilMs !== null && atMs > untilMs) break
    if (atMs > (found.at(-1) ?? afterMs)) found.push(atMs)
  }
  return found
}

/** The rule as if its zone were UTC. */
function ruleText(rule: Rule, start: string | null, zone: string): string {
  const from = (start === null ? null : parseStart(start)) ?? startDefault
  const { until } = rule
  const last = until === null ? null : until.utc ? isoOf(wallOf(Date.parse(`${until.wall}Z`), zone)) : until.wall
  return `DTSTART:${compact(from)}\nRRULE:${rule.parts}${last === null ? '' : `;UNTIL=${compact(last)}`}`
}

/** The library throws where it finds none within its bound, and answers null where the rule has ended: either way there is none. */
function nextWall(rule: RRuleTemporal, afterWallMs: number): number | null {
  try {
    return rule.next(new Date(afterWallMs), false)?.epochMilliseconds ?? null
  } catch {
    return null
  }
}

/** What the clocks of the zone show at an instant, as if it were UTC. */
function wallOf(atMs: number, zone: string): number {
  const wall = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDateTime()
  return Date.parse(`${wall.toString({ smallestUnit: 'second' })}Z`)
}

/** `compatible`: a time that is skipped is as much later, a time that comes twice is its first. */
function instantOf(wallMs: number, zone: string): number {
  return Temporal.PlainDateTime.from(isoOf(wallMs)).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** Zones are checked where a schedule is written; UTC where this machine doesn't know one all the same. */
function zoneOf(timezone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone).timeZoneId
  } catch {
    return 'UTC'
  }
}

const isoOf = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 19)
const compact = (iso: string): string => `${iso.replace(/[-:]/g, '')}Z`
