/**
 * The body of POST /api/v2/monitor/backtest: a definition, or the id of one, and a time of the past.
 * Never starts anything. Read next: api/routes/backtest.ts, core/backtest/plan.ts.
 */
import { z } from 'zod'
import { type BacktestTime, backtestMsMax, backtestSlotsMax, countSlots } from '../core/backtest/plan.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import { type Parsed, parse } from './parse.ts'

/** A client's clock may run ahead by this much; what lies beyond now is cut off. */
const aheadMaxMs = 60_000
/** Later than the year 5000 in seconds: somebody sent milliseconds. */
const epochSecondsMax = 1e11

const isoText = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/
const expected = 'expected epoch seconds, or ISO 8601 with its zone as 2026-11-01T08:00:00Z or 2026-11-01 (UTC)'

/** Epoch ms. */
export const pastTime = z.union([z.number(), z.string()], expected).transform((value, context) => {
  const ms = typeof value === 'number' ? secondsOf(value) : isoMs(value)
  if (ms !== null) return ms
  context.addIssue({ code: 'custom', message: expected })
  return z.NEVER
})

export const backtestBody = z
  .strictObject({
    /** As for POST /api/v1/monitor. */
    monitor: z.record(z.string(), z.unknown()).optional(),
    monitor_id: z.int().positive().optional(),
    from: pastTime,
    to: pastTime,
  })
  .refine(({ monitor, monitor_id: id }) => (monitor === undefined) !== (id === undefined), 'expected either monitor or monitor_id')

/** The definition that a question is about: one in its body, or one that is stored. */
export type Subject = Readonly<{ kind: 'definition'; body: Readonly<Record<string, unknown>> } | { kind: 'stored'; id: number }>

export type BacktestRequest = Readonly<{
  subject: Subject
  time: BacktestTime
}>

/** Times are checked against `nowMs`; the definition isn't yet. */
export function parseBacktest(body: unknown, nowMs: number): Parsed<BacktestRequest> {
  const parsed = parse(backtestBody, body)
  if (!parsed.ok) return parsed
  const { monitor, monitor_id: id, from, to } = parsed.value
  const errors = timeErrors({ from, to, nowMs, longestMs: backtestMsMax })
  if (errors.length > 0) return { ok: false, errors }
  return { ok: true, value: { subject: subjectOf(monitor, id), time: { fromMs: from, toMs: Math.min(to, nowMs) } } }
}

/** What is wrong with a time of the past that is asked about. */
export function timeErrors({
  from,
  to,
  nowMs,
  longestMs,
}: Readonly<{ from: number; to: number; nowMs: number; longestMs: number }>): string[] {
  return [
    ...(to > nowMs + aheadMaxMs ? ['to: expected a time that has passed'] : []),
    ...(to <= from ? ['to: expected a time after from'] : []),
    ...(to - from > longestMs ? [`from: expected at most ${longestMs / 86_400_000} days before to`] : []),
  ]
}

/** Of a body that has one of both. */
export function subjectOf(monitor: Readonly<Record<string, unknown>> | undefined, id: number | undefined): Subject {
  return id === undefined ? { kind: 'definition', body: monitor ?? {} } : { kind: 'stored', id }
}

/** Whether the monitor's slots in this time can be judged in one backtest; a sentence where they can't. */
export function checkSlots(spec: MonitorSpec, time: BacktestTime): string[] {
  if (spec.schedule !== null) return []
  const slots = countSlots(spec, time)
  const intervalS = spec.intervalMs / 1_000
  if (slots === 0) return [`from, to: no slot lies between them: the monitor is evaluated every ${intervalS} s, ask for a longer time`]
  if (slots <= backtestSlotsMax) return []
  const longest = describe((backtestSlotsMax * spec.intervalMs) / 3_600_000)
  return [
    `from, to: ${slots} slots of ${intervalS} s are more than the ${backtestSlotsMax} of one backtest: ask for ${longest} at most, or set a longer options.interval`,
  ]
}

function describe(hours: number): string {
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : `${Math.floor(hours * 10) / 10} hours`
}

function secondsOf(value: number): number | null {
  return value >= 0 && value < epochSecondsMax ? Math.round(value * 1_000) : null
}

function isoMs(text: string): number | null {
  const ms = isoText.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(ms) && ms >= 0 ? ms : null
}
