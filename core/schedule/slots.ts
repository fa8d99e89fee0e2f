/**
 * The fixed grid of a monitor's evaluation slots. Never reads a clock: `now` is an argument.
 * A slot is an epoch-ms time t with t ≡ phase(monitorId) (mod intervalMs), so load is spread and never drifts.
 * Read next: workflows/monitor.ts, which waits for slots.
 */

/** Milliseconds in [0, intervalMs) by which a monitor's grid is shifted. Stable for ever: changing it moves every slot. */
export function phaseMs(monitorId: number, intervalMs: number): number {
  return mix32(monitorId) % intervalMs
}

/** The last slot at or before `nowMs`. */
export function slotAtOrBefore(monitorId: number, intervalMs: number, nowMs: number): number {
  const phase = phaseMs(monitorId, intervalMs)
  return Math.floor((nowMs - phase) / intervalMs) * intervalMs + phase
}

/** The first slot strictly after `afterMs`. */
export function slotAfter(monitorId: number, intervalMs: number, afterMs: number): number {
  return slotAtOrBefore(monitorId, intervalMs, afterMs) + intervalMs
}

/** How many slots lie after `afterMs`, up to and including `untilMs`. */
export function slotsBetween(monitorId: number, intervalMs: number, afterMs: number, untilMs: number): number {
  const from = slotAtOrBefore(monitorId, intervalMs, afterMs)
  return Math.max(0, (slotAtOrBefore(monitorId, intervalMs, untilMs) - from) / intervalMs)
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
  monitorId: number,
  intervalMs: number,
  lastSlot: number,
  nowMs: number,
  bounds: Readonly<{ batchMax: number; horizonMs: number }>,
): DueSlots {
  const next = slotAfter(monitorId, intervalMs, lastSlot)
  const latest = slotAtOrBefore(monitorId, intervalMs, nowMs)
  if (latest < next) return { first: next, count: 0, dropped: 0 }
  const oldest = slotAfter(monitorId, intervalMs, nowMs - bounds.horizonMs - 1)
  // The newest slot is always evaluated, however short the horizon.
  const first = Math.min(Math.max(next, oldest), latest)
  const available = (latest - first) / intervalMs + 1
  return { first, count: Math.min(available, bounds.batchMax), dropped: (first - next) / intervalMs }
}

/** Which of `shards` task queues a monitor lives on. Another hash than the phase's, so that a shard's slots are spread. */
export function shardOf(monitorId: number, shards: number): number {
  return mix32(monitorId ^ 0x5bd1e995) % shards
}

/** Finalizer of MurmurHash3 (Austin Appleby, public domain): every bit of the id reaches every bit of the result. */
function mix32(input: number): number {
  let h = (input ^ Math.floor(input / 0x1_0000_0000)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
