import { expect, test } from 'vitest'
import { nextStretch, type Stretch, stretchFactor, stretchLevelMax, unstretched } from '../../../core/schedule/stretch.ts'
import { wakingSlot } from '../../../core/schedule/timetable.ts'

const levels = Array.from({ length: stretchLevelMax + 1 }, (_, level) => level)
const factorsOf = (priority: number | null, intervalMs = 10_000): number[] =>
  levels.map((level) => stretchFactor(level, priority, intervalMs))

test('P1 and P2 are never stretched', () => {
  for (const priority of [1, 2]) expect(new Set(factorsOf(priority))).toEqual(new Set([1]))
})

test('P5 gives way before P4, and P4 before P3; none is given back while the level rises', () => {
  const first = (priority: number): number => factorsOf(priority).findIndex((factor) => factor > 1)
  expect([first(5), first(4), first(3)]).toEqual([1, 2, 4])
  for (const priority of [3, 4, 5]) expect(factorsOf(priority)).toEqual(factorsOf(priority).toSorted((a, b) => a - b))
  for (const level of levels) {
    const [p3, p4, p5] = [3, 4, 5].map((priority) => stretchFactor(level, priority, 10_000))
    expect([p3, p4, p5]).toEqual([p3, p4, p5].toSorted((a = 0, b = 0) => a - b))
  }
})

test('a monitor without a priority counts as P3', () => {
  expect(factorsOf(null)).toEqual(factorsOf(3))
})

test.each([
  [60_000, 15],
  [300_000, 3],
  [900_000, 1],
  [86_400_000, 1],
])('an interval of %i ms is at most multiplied by %i', (intervalMs, factor) => {
  expect(Math.max(...factorsOf(5, intervalMs))).toBe(factor)
})

/** Lags, one a second, from `from` on. */
function after(stretch: Stretch, from: number, lags: readonly number[], fitsBelow = true): Stretch {
  return lags.reduce((current, lagMs, second) => nextStretch(current, { lagMs, fitsBelow }, from + second * 1_000), stretch)
}
const seconds = (count: number, lagMs: number): number[] => Array.from({ length: count }, () => lagMs)
const start = 1_000_000_000

test('the level rises while evaluations are late, step by step, and by two where they are very late', () => {
  expect(after(unstretched, start, seconds(1, 1_500)).level).toBe(1)
  expect(after(unstretched, start, seconds(3, 1_500)).level).toBe(1)
  expect(after(unstretched, start, seconds(4, 1_500)).level).toBe(2)
  expect(after(unstretched, start, seconds(1, 8_000)).level).toBe(2)
  expect(after(unstretched, start, seconds(120, 8_000)).level).toBe(stretchLevelMax)
})

test('it falls only after a calm, one step for each, and a lag between the bounds holds it', () => {
  const high = after(unstretched, start, seconds(4, 1_500))
  expect(after(high, start + 4_000, seconds(300, 700)).level).toBe(2)
  expect(after(high, start + 4_000, seconds(29, 100)).level).toBe(2)
  expect(after(high, start + 4_000, seconds(35, 100)).level).toBe(1)
  expect(after(high, start + 4_000, [...seconds(25, 100), 700, ...seconds(25, 100)]).level).toBe(2)
  expect(after(high, start + 4_000, seconds(70, 100)).level).toBe(0)
})

test('a level that would not fit is only tried after a quarter of an hour of calm', () => {
  const high = after(unstretched, start, seconds(4, 1_500))
  expect(after(high, start + 4_000, seconds(899, 100), false).level).toBe(2)
  expect(after(high, start + 4_000, seconds(902, 100), false).level).toBe(1)
})

test('what had to be taken back at once is tried again later each time, ten minutes apart at most', () => {
  let stretch = after(unstretched, start, seconds(4, 1_500))
  let now = start + 4_000
  const waits: number[] = []
  for (let round = 0; round < 8; round += 1) {
    const before = now
    for (const { level } = stretch; stretch.level === level; now += 1_000)
      stretch = nextStretch(stretch, { lagMs: 100, fitsBelow: true }, now)
    waits.push(Math.round((now - before) / 1_000))
    for (const { level } = stretch; stretch.level === level; now += 1_000)
      stretch = nextStretch(stretch, { lagMs: 2_000, fitsBelow: true }, now)
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(waits[0]).toBeLessThan(40)
  expect(waits.at(-1)).toBeGreaterThanOrEqual(600)
  expect(waits.at(-1)).toBeLessThan(610)
})

test('monitors that are stretched at the same time take turns instead of waking up together ever after', () => {
  const turns = new Map<number, number>()
  for (let monitorId = 1; monitorId <= 4_000; monitorId += 1) {
    const slot = wakingSlot({ spec: { monitorId, intervalMs: 60_000 }, agenda: null }, start, 8) ?? 0
    const minute = Math.floor((slot - start) / 60_000)
    turns.set(minute, (turns.get(minute) ?? 0) + 1)
  }
  expect([...turns.keys()].toSorted((a, b) => a - b).slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  for (const minute of [1, 2, 3, 4, 5, 6]) expect(turns.get(minute)).toBeGreaterThan(400)
})

test('a stretched monitor wakes up for every so manieth slot of its own grid; a schedule stays as it is', () => {
  const spec = { monitorId: 42, intervalMs: 60_000 }
  const first = wakingSlot({ spec, agenda: null }, start, 1) ?? 0
  expect(wakingSlot({ spec, agenda: null }, first, 1)).toBe(first + 60_000)
  const turn = wakingSlot({ spec, agenda: null }, first, 4) ?? 0
  expect([60_000, 120_000, 180_000, 240_000]).toContain(turn - first)
  expect(wakingSlot({ spec, agenda: null }, turn, 4)).toBe(turn + 240_000)
  // What is stretched further keeps its turns.
  const later = wakingSlot({ spec, agenda: null }, turn, 8) ?? 0
  expect([240_000, 480_000]).toContain(later - turn)
  expect(wakingSlot({ spec, agenda: [start + 5, start + 9] }, start, 4)).toBe(start + 5)
  expect(wakingSlot({ spec, agenda: [] }, start, 4)).toBeNull()
})
