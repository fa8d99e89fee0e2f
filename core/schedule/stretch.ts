/**
 * When the engine is behind, monitors that matter less wake up less often: each wake-up then answers several slots at once, so that
 * none is left out. P5 first, then P4, then P3; P1 and P2 never. Pure: time and lag are arguments.
 * Read next: timetable.ts (wakingSlot), activities/pressure.ts.
 */

/** 0 = nothing is stretched. */
export type StretchLevel = number

/** Of each level, by how much the intervals of P3, P4 and P5 are multiplied. */
const factors: readonly Readonly<{ p3: number; p4: number; p5: number }>[] = [
  { p3: 1, p4: 1, p5: 1 },
  { p3: 1, p4: 1, p5: 2 },
  { p3: 1, p4: 2, p5: 4 },
  { p3: 1, p4: 4, p5: 8 },
  { p3: 2, p4: 8, p5: 8 },
  { p3: 4, p4: 8, p5: 16 },
  { p3: 8, p4: 16, p5: 16 },
  { p3: 16, p4: 16, p5: 16 },
]

/** What is evaluated this seldom is no load: it isn't stretched any further. */
export const stretchedIntervalMaxMs = 15 * 60_000

export const stretchLevelMax = factors.length - 1

/** A monitor without a priority counts as P3. 1 = as defined. */
export function stretchFactor(level: StretchLevel, priority: number | null, intervalMs: number): number {
  const factor = wanted(level, priority ?? 3)
  return Math.max(1, Math.min(factor, Math.floor(stretchedIntervalMaxMs / intervalMs)))
}

function wanted(level: StretchLevel, priority: number): number {
  const { p3, p4, p5 } = factors[Math.min(Math.max(level, 0), stretchLevelMax)] ?? { p3: 1, p4: 1, p5: 1 }
  if (priority === 3) return p3
  if (priority === 4) return p4
  return priority === 5 ? p5 : 1
}

export type Stretch = Readonly<{
  level: StretchLevel
  /** When the level was last changed, epoch ms. */
  changedAt: number
  /** When it was last lowered, if it wasn't raised since. */
  loweredAt: number | null
  /** Since when the lag has been low; null = it isn't. */
  calmSince: number | null
  /** So long it must be low before a level is taken back. */
  calmMs: number
}>

/** What a process feels, and what it expects of itself at the next lower level. */
export type Feeling = Readonly<{
  /** What nine of ten evaluations of the last seconds were below, of those that say that there is too much to do. */
  lagMs: number
  /** Whether it could carry the level below, by what it has carried before. Where not, that is tried all the same, but seldom. */
  fitsBelow: boolean
}>

/** Half of what P1 may be late: what matters less gives way before P1 feels it. */
export const raiseAboveMs = 1_000
/** This late, one level at a time is too slow. */
const raiseTwiceAboveMs = 5_000
/** Well below the bound above, so that a level isn't given back only to be taken again. */
const lowerBelowMs = 500
/** A level takes hold as monitors wake up: sooner, nobody could see what it brought. */
const raiseEveryMs = 3_000
const calmMinMs = 30_000
/** An overload that comes back as soon as it is let: every ten minutes is often enough to find out. */
const calmMaxMs = 10 * 60_000
/** What is known of what can be carried may be old: where it says no, it is tried all the same once each monitor was there. */
const unfitCalmMs = stretchedIntervalMaxMs
/** Raised again this soon after it was lowered: it was too early, and the next time must be later. Stretched monitors come back one by one. */
const tooEarlyMs = 5 * 60_000

export const unstretched: Stretch = { level: 0, changedAt: 0, loweredAt: null, calmSince: null, calmMs: calmMinMs }

export function nextStretch(stretch: Stretch, { lagMs, fitsBelow }: Feeling, now: number): Stretch {
  if (lagMs > raiseAboveMs) return raised({ ...stretch, calmSince: null }, lagMs, now)
  if (lagMs > lowerBelowMs) return { ...stretch, calmSince: null }
  const calmSince = stretch.calmSince ?? now
  const calmMs = fitsBelow ? stretch.calmMs : unfitCalmMs
  if (stretch.level === 0 || now - Math.max(calmSince, stretch.changedAt) < calmMs) return { ...stretch, calmSince }
  return { ...stretch, level: stretch.level - 1, changedAt: now, loweredAt: now, calmSince }
}

function raised(stretch: Stretch, lagMs: number, now: number): Stretch {
  if (stretch.level === stretchLevelMax || now - stretch.changedAt < raiseEveryMs) return stretch
  const level = Math.min(stretchLevelMax, stretch.level + (lagMs > raiseTwiceAboveMs ? 2 : 1))
  if (stretch.loweredAt === null) return { ...stretch, level, changedAt: now }
  const tooEarly = now - stretch.loweredAt < tooEarlyMs
  return { ...stretch, level, changedAt: now, loweredAt: null, calmMs: tooEarly ? Math.min(calmMaxMs, stretch.calmMs * 2) : calmMinMs }
}
