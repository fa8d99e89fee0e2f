/**
 * A query drawn over time: at which times it is computed, and which of its groups are shown. Each point is what an evaluation at that time
 * would have compared. Never computes a value. Read next: activities/look.ts.
 */
import type { Definition } from '../monitor/spec.ts'
import type { Comparator, MonitorSpec, Thresholds } from '../monitor/spec-types.ts'
import type { Unit } from './unit.ts'

/** Points of a group at most: more than a page is wide. */
export const pointsMax = 500
export const pointsDefault = 300
/** Lines that eyes can tell apart; the others are counted. */
export const groupsDrawnMax = 50
/** Longer than data of anybody's source is kept. */
export const drawingMsMax = 400 * 86_400_000

/** Epoch ms; `groups` null = those nearest to an alert, or beyond it. */
export type DrawingQuestion = Readonly<{
  definition: Definition
  fromMs: number
  toMs: number
  points: number
  groups: readonly string[] | null
}>

export type DrawnGroup = Readonly<{ group: string; values: readonly (number | null)[]; last: number | null }>

export type Drawing = Readonly<{
  /** Epoch ms of the first point; the others follow by the step. */
  startMs: number
  stepMs: number
  points: number
  groups: readonly DrawnGroup[]
  groupsLeftOut: number
  comparator: Comparator
  thresholds: Thresholds
  /** Values are levels (0 = OK, 1 = Warn, 2 = Alert), and not what somebody measured. */
  levels: boolean
  unit: Unit | null
  source: string
  /** What to know of what is seen, as sentences. */
  notes: readonly string[]
}>

/** Lengths that people read off an axis, in seconds. */
const nice = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400]
/** An interval that is longer than this part of the time would leave nothing to see. */
const pointsMin = 24

/** The times at which a query is computed, oldest first: whole steps, up to the last one that has passed. */
export function drawingTimes(
  fromMs: number,
  toMs: number,
  points: number,
  intervalMs: number,
): Readonly<{ startMs: number; stepMs: number; points: number }> {
  const span = toMs - fromMs
  const stepMs = niceMs(Math.max(span / points, Math.min(intervalMs, span / pointsMin)))
  const last = Math.floor(toMs / stepMs) * stepMs
  const first = Math.ceil(fromMs / stepMs) * stepMs
  return first > last ? { startMs: last, stepMs, points: 1 } : { startMs: first, stepMs, points: Math.round((last - first) / stepMs) + 1 }
}

function niceMs(ms: number): number {
  const dayMs = 86_400_000
  const found = nice.find((seconds) => seconds * 1_000 >= ms)
  return found === undefined ? Math.ceil(ms / dayMs) * dayMs : found * 1_000
}

/** Values by time of each group. Those that were nearest to an alert first. */
export function drawnGroups(
  values: ReadonlyMap<string, readonly (number | null)[]>,
  { comparator }: Pick<MonitorSpec, 'comparator'>,
  wanted: readonly string[] | null,
): Readonly<{ groups: readonly DrawnGroup[]; leftOut: number }> {
  const all = [...values].map(([group, series]) => ({
    group,
    values: series,
    last: series.at(-1) ?? null,
    worst: worstOf(series, comparator),
  }))
  const chosen = wanted === null ? all : all.filter(({ group }) => wanted.includes(group))
  chosen.sort((one, other) => other.worst - one.worst || (one.group < other.group ? -1 : 1))
  const groups = chosen.slice(0, groupsDrawnMax).map(({ worst: _, ...rest }) => rest)
  return { groups, leftOut: all.length - groups.length }
}

function worstOf(values: readonly (number | null)[], comparator: Comparator): number {
  let worst = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value === null) continue
    worst = Math.max(worst, comparator.startsWith('<') ? -value : value)
  }
  return worst
}
