/**
 * The value of each group over one window: a metric query as of one slot. Pure: `read` gives what a source said of a leaf, and a reader that
 * gives nothing finds out which leaves there are. A slot's value follows from its own window alone.
 * Never answers NaN or an infinity: what can't be computed is no data. Read next: expression.ts, verdict.ts, reduce.ts.
 */
import { type Frame, finite, frameOf, type Span, type Values } from '../frame.ts'
import type { Expression, MetricQuery, SeriesExpression } from '../metric-nodes.ts'
import { argumentsOf, earlier } from './call.ts'
import { countsFirst, reducedFirst } from './counts-first.ts'
import { evaluate, type ReadSeries } from './expression.ts'
import { Impossible } from './impossible.ts'
import { reduceWindow } from './reduce.ts'
import { stepMsOf } from './step-of.ts'
import { emptyBucketsMax } from './steps.ts'
import type { Verdict, VerdictCall } from './verdict.ts'
import { anomalies } from './verdicts/anomalies.ts'
import { forecast } from './verdicts/forecast.ts'
import { outliers } from './verdicts/outliers.ts'

/** What a slot sees: data after `fromMs`, up to and including `toMs`. Of a window ahead, `toMs` is where it begins. */
export type Window = Readonly<{ fromMs: number; toMs: number }>

/** One leaf on one run of buckets; `fromMs` is later than the begin of the oldest bucket where that is cut short. */
export type Leaf = Readonly<{ series: SeriesExpression; span: Span; fromMs: number }>

/** Groups without data in the run are absent from the answer. */
export type ReadLeaf = (leaf: Leaf) => Frame

export type WindowReading = Readonly<{
  values: Readonly<Record<string, number>>
  /** Groups with data that aren't judged: gaps where a full window is required, too little history. */
  partial: readonly string[]
}>

export type Asked = Readonly<{ requireFullWindow: boolean; groupsMax: number }>

/** Both sorted by group, at most `groupsMax` together. Throws Impossible where the query can't be computed. */
export function readWindow(query: MetricQuery, window: Window, asked: Asked, read: ReadLeaf): WindowReading {
  const span = spanOfWindow(query, window)
  const readSeries: ReadSeries = (series, run) => {
    const startMs = run.toMs - run.length * run.stepMs
    const isWindow = run.toMs === span.toMs && run.stepMs === span.stepMs && run.length === span.length
    return read({ series, span: run, fromMs: isWindow && isCut(query.of) ? Math.max(startMs, window.fromMs) : startMs })
  }
  const verdict = verdictOf(query, window, readSeries)
  if (verdict !== null) return reading(verdict.values, new Set(verdict.undecided), asked.groupsMax)
  const values = valuesOf(query, span, readSeries)
  const partial = asked.requireFullWindow ? withGaps(evaluate(query.of, span, readSeries), values) : new Set<string>()
  return reading(values, partial, asked.groupsMax)
}

/** The leaves that readWindow reads, each once. */
export function leavesOf(query: MetricQuery, window: Window, asked: Asked): readonly Leaf[] {
  const leaves = new Map<string, Leaf>()
  readWindow(query, window, asked, (leaf) => {
    leaves.set(leafKey(leaf), leaf)
    return frameOf(leaf.span, {})
  })
  return [...leaves.values()]
}

export function leafKey({ series, span, fromMs }: Leaf): string {
  return `${span.toMs} ${span.stepMs} ${span.length} ${fromMs} ${JSON.stringify(series)}`
}

function spanOfWindow({ over, of }: MetricQuery, { fromMs, toMs }: Window): Span {
  const stepMs = stepMsOf(over, of)
  // A window ahead has no buckets yet: the verdict looks where it likes.
  return { toMs, stepMs, length: over.ahead ? 1 : Math.max(1, Math.ceil((toMs - fromMs) / stepMs)) }
}

/** Buckets whose length somebody asked for stay whole, be they longer than the window. */
function isCut(of: Expression): boolean {
  return stepMsOf(null, of) === 0
}

type GroupValues = Readonly<Record<string, number | null>>

function valuesOf(query: MetricQuery, span: Span, read: ReadSeries): GroupValues {
  const { over, of } = query
  const byWindow = (run: Span): Frame => {
    if (countsFirst(of)) return reducedFirst(of, over.aggregator, run, read)
    return evaluate(of, run, read)
  }
  const now = byWindow(span)
  const series = over.change === null ? now : changed(now, byWindow(earlier(span, over.change.shiftMs)), over.change.kind)
  const values: Record<string, number | null> = {}
  for (const group in series.series) {
    const points = series.series[group] ?? []
    values[group] = countsFirst(of) ? (points[0] ?? null) : reduceWindow(points, over.aggregator)
  }
  return values
}

/** Point by point; a group that is on one side alone has no difference. */
function changed(now: Frame, then: Frame, kind: 'change' | 'pct_change'): Frame {
  const series: Record<string, Values> = {}
  for (const group in now.series) {
    const before = then.series[group]
    if (before === undefined) continue
    series[group] = (now.series[group] ?? []).map((value, i) => {
      const from = before[i] ?? null
      if (value === null || from === null) return null
      return finite(kind === 'change' ? value - from : ((value - from) / from) * 100)
    })
  }
  return { ...now, series }
}

function withGaps({ series }: Frame, values: GroupValues): Set<string> {
  const gaps = new Set<string>()
  for (const group in values) {
    const points = series[group] ?? []
    const empty = points.reduce((count: number, value) => count + (value === null ? 1 : 0), 0)
    if ((points[0] ?? null) === null || empty > emptyBucketsMax) gaps.add(group)
  }
  return gaps
}

function reading(values: GroupValues, partial: ReadonlySet<string>, groupsMax: number): WindowReading {
  const there = Object.keys(values).filter((group) => values[group] !== null)
  const groups = [...new Set([...there, ...partial])].sort().slice(0, groupsMax)
  const kept: Record<string, number> = {}
  for (const group of groups) {
    const value = finite(values[group] ?? null)
    if (value !== null && !partial.has(group)) kept[group] = value
  }
  return { values: kept, partial: groups.filter((group) => partial.has(group)) }
}

const verdicts: Readonly<Record<string, (call: VerdictCall) => Verdict>> = { anomalies, forecast, outliers }

/** null = the query isn't one of those. */
function verdictOf({ over, of }: MetricQuery, { toMs }: Window, read: ReadSeries): Verdict | null {
  const judge = of.kind === 'call' && Object.hasOwn(verdicts, of.name) ? verdicts[of.name] : undefined
  if (of.kind !== 'call' || judge === undefined) {
    if (over.ahead) throw new Impossible(`${over.windowText} looks ahead: only forecast() can`)
    return null
  }
  return judge({
    args: argumentsOf(of.args),
    over,
    toMs,
    stepMs: stepMsOf(over, of),
    counts: hasCounts(of),
    operand: (run) => evaluate(of.of, run, read),
  })
}

function hasCounts(expression: Expression): boolean {
  switch (expression.kind) {
    case 'series':
      return expression.as === 'count'
    case 'number':
      return true
    case 'negative':
    case 'call':
      return hasCounts(expression.of)
    case 'arithmetic':
      return hasCounts(expression.left) && hasCounts(expression.right)
  }
}
