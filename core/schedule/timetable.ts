/**
 * When a monitor is evaluated: on the grid of its interval, or at the times of a schedule of its own, which come as a list (`agenda`)
 * because expanding a recurrence needs a library. Never reads a clock. Read next: slots.ts (the grid), workflows/monitor.ts.
 */
import { mix32 } from '../hash.ts'
import { dueSlots, type Phase, slotAfter, slotAtOrBefore, slotsBetween } from './slots.ts'

/** `phase`: of a monitor that has its place in a group; else its id says it. */
type Gridded = Readonly<{ monitorId: number; intervalMs: number; phase?: Exclude<Phase, number> }>

export type Timetable = Readonly<{
  spec: Gridded
  /** Ascending; null = the grid. */
  agenda: readonly number[] | null
}>

/** Further times are asked for when fewer than these lie ahead. */
export const agendaLowWater = 8
/** Times in one agenda: a month of days, 450 bytes in each snapshot. */
export const agendaMax = 32

/** The first slot after `afterMs`; null = a schedule that has come to its end. */
export function nextSlot({ spec, agenda }: Timetable, afterMs: number): number | null {
  if (agenda === null) return slotAfter(phaseOf(spec), spec.intervalMs, afterMs)
  return agenda.find((time) => time > afterMs) ?? null
}

/**
 * The slot for which a monitor wakes up after `afterMs`, where its interval is stretched by `factor`: those before it are answered with it.
 * Each monitor has a turn of its own among its slots. Else all that are stretched in the same minute would wake up in the same minute, again and again.
 */
export function wakingSlot(timetable: Timetable, afterMs: number, factor: number): number | null {
  const { spec, agenda } = timetable
  const next = nextSlot(timetable, afterMs)
  // The times of a schedule are few, and somebody chose them.
  if (next === null || agenda !== null || factor <= 1) return next
  const behind = (Math.floor(next / spec.intervalMs) + turnOf(phaseOf(spec))) % factor
  return behind === 0 ? next : next + (factor - behind) * spec.intervalMs
}

/** Another hash than the phase's: monitors whose slots are near each other have different turns. A group has one turn, so that it stays together. */
function turnOf(phase: Phase): number {
  return mix32((typeof phase === 'number' ? phase : phase.group) ^ 0x2545f491)
}

/** The last slot at or before `atMs`; null = none that is known. */
export function latestSlot({ spec, agenda }: Timetable, atMs: number): number | null {
  if (agenda === null) return slotAtOrBefore(phaseOf(spec), spec.intervalMs, atMs)
  return agenda.findLast((time) => time <= atMs) ?? null
}

/** How many slots lie after `afterMs`, up to and including `untilMs`. */
export function countSlots({ spec, agenda }: Timetable, afterMs: number, untilMs: number): number {
  if (agenda === null) return slotsBetween(phaseOf(spec), spec.intervalMs, afterMs, untilMs)
  return agenda.filter((time) => time > afterMs && time <= untilMs).length
}

export type Due = Readonly<{
  /** Oldest first; empty = nothing is due. */
  slots: readonly number[]
  /** Slots before these that are too old to be evaluated, and the last of them. */
  dropped: number
  lastDropped: number | null
}>

/** The slots after `lastSlot` that are due at `nowMs`: at most `batchMax` at a time, none older than `horizonMs` but the newest. */
export function due(timetable: Timetable, lastSlot: number, nowMs: number, bounds: Readonly<{ batchMax: number; horizonMs: number }>): Due {
  const { spec, agenda } = timetable
  if (agenda === null) {
    const { first, count, dropped } = dueSlots(phaseOf(spec), spec.intervalMs, lastSlot, nowMs, bounds)
    const slots = Array.from({ length: count }, (_, index) => first + index * spec.intervalMs)
    return { slots, dropped, lastDropped: dropped > 0 ? first - spec.intervalMs : null }
  }
  const open = agenda.filter((time) => time > lastSlot && time <= nowMs)
  const kept = open.filter((time, index) => time >= nowMs - bounds.horizonMs || index === open.length - 1)
  const dropped = open.length - kept.length
  return { slots: kept.slice(0, bounds.batchMax), dropped, lastDropped: open[dropped - 1] ?? null }
}

/** Whether further times of the schedule should be asked for after `lastSlot`. */
export function isRunningOut({ agenda }: Timetable, lastSlot: number): boolean {
  return agenda !== null && agenda.filter((time) => time > lastSlot).length < agendaLowWater
}

/** What a monitor's grid is shifted by. */
export function phaseOf({ monitorId, phase }: Pick<Gridded, 'monitorId' | 'phase'>): Phase {
  return phase ?? monitorId
}
