/**
 * How many evaluations a second the monitors of this process come to, stretched or not: of each, how often it is to be evaluated. What was
 * evaluated in the last seconds doesn't say, for a stretched monitor may sleep for a quarter of an hour. Read next: pressure.ts.
 */
import { type StretchLevel, stretchedIntervalMaxMs, stretchFactor } from '../core/schedule/stretch.ts'

export type Demanding = Readonly<{ monitorId: number; priority: number | null; intervalMs: number }>

export type Demand = Readonly<{
  seen: (monitor: Demanding, at: number) => void
  perSecond: (level: StretchLevel, now: number) => number
}>

/** Eight times what a worker's cache holds, some 2 MB. Those beyond it aren't counted. */
const monitorsMax = 20_000
/** A monitor that wasn't seen for two of its longest turns is evaluated by somebody else, or by nobody. */
const turnsMax = 2

export function openDemand(): Demand {
  const monitors = new Map<number, Demanding & Readonly<{ at: number }>>()

  function forgetGone(now: number): void {
    for (const [id, { intervalMs, at }] of monitors)
      if (now - at > turnsMax * Math.max(intervalMs, stretchedIntervalMaxMs)) monitors.delete(id)
  }

  return {
    seen({ monitorId, priority, intervalMs }, at) {
      if (monitors.size < monitorsMax || monitors.has(monitorId)) monitors.set(monitorId, { monitorId, priority, intervalMs, at })
    },
    perSecond(level, now) {
      forgetGone(now)
      let sum = 0
      for (const { priority, intervalMs } of monitors.values()) sum += 1_000 / (intervalMs * stretchFactor(level, priority, intervalMs))
      return sum
    },
  }
}
