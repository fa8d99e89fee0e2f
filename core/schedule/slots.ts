/**
 * The fixed grid of a monitor's evaluation slots. Never reads a clock: `now` is an argument.
 * A slot is an epoch-ms time t with t ≡ phase (mod intervalMs), so load is spread and never drifts. The phase follows from the monitor's id,
 * or from a group that it has its place in.
 * Read next: workflows/monitor.ts, which waits for slots.
 */
import { mix32 } from '../hash.ts'

/** A monitor's id; or a group of monitors that are evaluated one after the other, each `offsetMs` after the group's own phase. */
export type Phase = number | Readonly<{ group: number; offsetMs: number }>

/** Milliseconds in [0, intervalMs) by which a monitor's grid is shifted. Stable for ever: changing it moves every slot. */
export function phaseMs(phase: Phase, intervalMs: number): number {
  return typeof phase === 'number' ? mix32(phase) % intervalMs : ((mix32(phase.group) % intervalMs) + phase.offsetMs) % intervalMs
}

/** The last slot at or before `nowMs`. */
export function slotAtOrBefore(phase: Phase, intervalMs: number, nowMs: number): number {
  const shiftMs = phaseMs(phase, intervalMs)
  return Math.floor((nowMs - shiftMs) / intervalMs) * intervalMs + shiftMs
}

/** The first slot strictly after `afterMs`. */
export function slotAfter(phase: Phase, intervalMs: number, afterMs: number): number {
  return slotAtOrBefore(phase, intervalMs, afterMs) + intervalMs
}

/** How many slots lie after `afterMs`, up to and including `untilMs`. */
export function slotsBetween(phase: Phase, intervalMs: number, afterMs: number, untilMs: number): number {
  const from = slotAtOrBefore(phase, intervalMs, afterMs)
  return Math.max(0, (slotAtOrBefore(phase, intervalMs, untilMs) - from) / intervalMs)
}

export type DueSlots = Readonly<{
  /** Slots to evaluate now, oldest first: first, first + intervalMs, … */
  first: number
  count: number
  /** Slots before `first` that are too old to be evaluated. */
  dropped: number
}>

/**
 * The slots after `lastSlot` that are due at `nowMs`: at most `batchMax` at a time, none older than `horizonMs`.
 * count 0 = nothing is due.
 */
export function dueSlots(
  phase: Phase,
  intervalMs: number,
  lastSlot: number,
  nowMs: number,
  bounds: Readonly<{ batchMax: number; horizonMs: number }>,
): DueSlots {
  const next = slotAfter(phase, intervalMs, lastSlot)
  const latest = slotAtOrBefore(phase, intervalMs, nowMs)
  if (latest < next) return { first: next, count: 0, dropped: 0 }
  const oldest = slotAfter(phase, intervalMs, nowMs - bounds.horizonMs - 1)
  // The newest slot is always evaluated, however short the horizon.
  const first = Math.min(Math.max(next, oldest), latest)
  const available = (latest - first) / intervalMs + 1
  return { first, count: Math.min(available, bounds.batchMax), dropped: (first - next) / intervalMs }
}

/** Which of `shards` task queues a monitor lives on. Another hash than the phase's, so that a shard's slots are spread. */
export function shardOf(monitorId: number, shards: number): number {
  return mix32(monitorId ^ 0x5bd1e995) % shards
}
