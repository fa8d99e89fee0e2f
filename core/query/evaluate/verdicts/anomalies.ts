/**
 * `anomalies(q, 'agile', 2, direction='above', alert_window='last_15m', interval=60)`: of the points of the alert window, the share that lies
 * outside of what is expected. Read next: algorithms/expected-range.ts.
 */
import { type Detection, expectedRanges, type Range } from '../../algorithms/expected-range.ts'
import { mapSeries, type Span, type Values } from '../../frame.ts'
import { bucketsIn, earlier } from '../call.ts'
import { Impossible } from '../impossible.ts'
import type { Verdict, VerdictCall } from '../verdict.ts'

const hourMs = 3_600_000

/** How long seasons are, and how many of them are looked at: further ones say less and cost as much. */
const seasons = {
  hourly: { ms: hourMs, count: 12 },
  daily: { ms: 24 * hourMs, count: 7 },
  weekly: { ms: 7 * 24 * hourMs, count: 3 },
} as const

type Season = (typeof seasons)[keyof typeof seasons]

/** Judged points at most: a share of more is no finer for anybody. */
const judgedMax = 1_500
/** Points before the alert window: several times as many as are judged, so that what is odd in it doesn't become the usual in it. */
const before = { times: 4, least: 32, most: 2_000 } as const
/** basic has nothing but them, so they are more. */
const beforeBasic = { times: 5, least: 60, most: 2_000 } as const

export function anomalies(call: VerdictCall): Verdict {
  const { detection, season } = methodOf(call)
  const deviations = call.args.number('deviations', 1) ?? 2
  const judged = judgedOf(call)
  const span: Span = { toMs: call.toMs, stepMs: call.stepMs, length: judged + beforeOf(call, detection, judged) }
  const recent = runOf(call, span)
  const past = season === null ? [] : Array.from({ length: season.count }, (_, k) => runOf(call, earlier(span, (k + 1) * season.ms)))
  const values: Record<string, number | null> = {}
  const undecided: string[] = []
  for (const group in recent.series) {
    const points = recent.series[group] ?? []
    const ranges = expectedRanges(
      detection,
      { recent: points, judged, seasons: past.flatMap(({ series }) => [series[group] ?? []]) },
      deviations,
    )
    const share = shareOutside(points.slice(points.length - judged), ranges, directionOf(call))
    if (share === 'undecided') undecided.push(group)
    else values[group] = share
  }
  return { values, undecided }
}

/** null = there was no data; undecided = there was, and nothing to expect. */
function shareOutside(points: Values, ranges: readonly Range[], { above, below }: Direction): number | null | 'undecided' {
  let there = 0
  let judged = 0
  let outside = 0
  points.forEach((value, i) => {
    if (value === null) return
    there += 1
    const range = ranges[i] ?? null
    if (range === null) return
    judged += 1
    if ((above && value > range.high) || (below && value < range.low)) outside += 1
  })
  if (there === 0) return null
  return judged === 0 ? 'undecided' : outside / judged
}

/** The operand; of counts, no data is 0 once there was some in the run. */
function runOf({ operand, counts, args }: VerdictCall, span: Span) {
  const frame = operand(span)
  if (!counts || args.text('count_default_zero', 5) === 'false') return frame
  return mapSeries(frame, (values) => (values.every((value) => value === null) ? values : values.map((value) => value ?? 0)))
}

function methodOf({ args }: VerdictCall): Readonly<{ detection: Detection; season: Season | null }> {
  const name = args.text('algorithm', 0) ?? 'basic'
  switch (name) {
    case 'basic':
      return { detection: 'basic', season: null }
    case 'agile':
      return { detection: 'agile', season: seasonOf(args.text('seasonality', 6) ?? 'daily') }
    case 'robust':
    case 'agile-robust':
      return { detection: 'robust', season: seasonOf(args.text('seasonality', 6) ?? 'daily') }
    default:
      throw new Impossible(`anomalies() knows basic, agile and robust, not ${name}`)
  }
}

export function seasonOf(name: string): Season {
  switch (name) {
    case 'hourly':
    case 'daily':
    case 'weekly':
      return seasons[name]
    default:
      throw new Impossible(`seasons are hourly, daily or weekly, not ${name}`)
  }
}

type Direction = Readonly<{ above: boolean; below: boolean }>

function directionOf({ args }: VerdictCall): Direction {
  const name = args.text('direction', 2) ?? 'both'
  return { above: name !== 'below', below: name !== 'above' }
}

function judgedOf({ args, over, stepMs, toMs }: VerdictCall): number {
  const windowMs = Math.min(args.duration('alert_window', 3) ?? over.windowMs, over.windowMs)
  const judged = Math.max(1, bucketsIn(windowMs, { stepMs, toMs, length: 0 }))
  if (judged > judgedMax)
    throw new Impossible(`the alert window has ${judged} points, at most ${judgedMax} are judged: give a longer interval`)
  return judged
}

function beforeOf({ over, stepMs }: VerdictCall, detection: Detection, judged: number): number {
  const { times, least, most } = detection === 'basic' ? beforeBasic : before
  const window = detection === 'basic' ? Math.floor(over.windowMs / stepMs) - judged : 0
  return Math.min(most, Math.max(least, times * judged, window))
}
