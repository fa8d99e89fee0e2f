/**
 * Which slots a backtest judges: those of the time that was asked for, and some before it, so that holds, missing data and
 * new groups are under way when it begins. Never reads a clock. Read next: walk.ts, activities/backtest.ts.
 */
import type { Definition } from '../monitor/spec.ts'
import type { MonitorSpec } from '../monitor/spec-types.ts'
import { slotAfter, slotsBetween } from '../schedule/slots.ts'
import { phaseOf } from '../schedule/timetable.ts'

/** Slots in the time that was asked for: two weeks at 60 s, as long as points are kept. More would outlast the request. */
export const backtestSlotsMax = 20_000
/** Slots of the warm-up, beside the others: a day at 60 s, more than any common hold. */
const warmUpSlotsMax = 1_440
/** A schedule of its own has at most one slot a day. */
const dayMs = 86_400_000
/** The longest time, for monitors that are evaluated rarely. */
export const backtestMsMax = 400 * dayMs

/** Epoch ms; both ends belong to it. */
export type BacktestTime = Readonly<{ fromMs: number; toMs: number }>

/** A definition as it is stored, or as it might be; `monitorId` 0 = it isn't, and has the grid of whole intervals. */
export type BacktestInput = Readonly<{ definition: Definition & Readonly<{ message: string }>; time: BacktestTime }>

/** When the first slot may lie: as long before `fromMs` as anything that began there could still be pending. */
export function warmUpFrom(spec: MonitorSpec, fromMs: number): number {
  const pendingMs = Math.max(
    spec.holdMs,
    spec.keepFiringMs,
    spec.newGroupDelayMs,
    spec.missing.action === 'keep' ? 0 : spec.missing.timeframeMs,
  )
  const strideMs = spec.schedule === null ? spec.intervalMs : dayMs
  // The slot before the first one says which groups there are, so that none is taken for new.
  return fromMs - Math.min(pendingMs + strideMs, warmUpSlotsMax * strideMs)
}

/** How many slots of the grid of its interval a monitor has in this time. */
export function countSlots(spec: MonitorSpec, { fromMs, toMs }: BacktestTime): number {
  return slotsBetween(phaseOf(spec), spec.intervalMs, fromMs - 1, toMs)
}

/** The slots of that grid, oldest first. */
export function gridSlots(spec: MonitorSpec, time: BacktestTime): number[] {
  const first = slotAfter(phaseOf(spec), spec.intervalMs, time.fromMs - 1)
  return Array.from({ length: countSlots(spec, time) }, (_, index) => first + index * spec.intervalMs)
}
