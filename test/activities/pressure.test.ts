/** When a worker takes its monitors for too many: not after an outage, however late all of them are then, but where they stay late. */
import { expect, test } from 'vitest'
import { createPressure, type MeasuredPressure } from '../../activities/pressure.ts'

const monitors = Array.from({ length: 200 }, (_, index) => ({ monitorId: 1_000 + index, priority: null, intervalMs: 5_000 }))
const intervalMs = 5_000

/** Each is evaluated once in an interval, one after the other. Answers the highest level that there was. */
function levelAfter(lagsOfRounds: readonly number[], of: (lagMs: number, index: number) => number = (lagMs) => lagMs): number {
  let now = 1_700_000_000_000
  const pressure: MeasuredPressure = createPressure(() => now)
  let level = 0
  for (const lagMs of lagsOfRounds) {
    for (const [index, monitor] of monitors.entries()) {
      now += intervalMs / monitors.length
      pressure.evaluated(monitor, of(lagMs, index))
      level = Math.max(level, pressure.summary().level)
    }
  }
  return level
}

const rounds = (lagMs: number, many: number): number[] => Array.from({ length: many }, () => lagMs)

test('an outage, after which every monitor is late once, stretches nothing', () => {
  expect(levelAfter([...rounds(20, 3), 30_000, ...rounds(20, 6)])).toBe(0)
})

test('neither do several outages, with time to get over each', () => {
  expect(levelAfter([30_000, 20, 9_000, 20, 12_000, 20, 30_000, 20])).toBe(0)
})

test('monitors of a lost worker, each late by as long as it took to find out, stretch nothing', () => {
  expect(levelAfter([20, 2_100, ...rounds(20, 4)], (lagMs, index) => (index % 2 === 0 ? lagMs : 20))).toBe(0)
})

test('too much to do, so that all are late again and again, stretches', () => {
  expect(levelAfter(rounds(3_000, 6))).toBeGreaterThan(2)
})

test('a few monitors that are always late among many that are on time stretch nothing', () => {
  expect(levelAfter(rounds(20, 6), (lagMs, index) => (index < 10 ? 9_000 : lagMs))).toBe(0)
})

test('late is told as it is, also where it says nothing of the load', () => {
  let now = 1_700_000_000_000
  const pressure = createPressure(() => now)
  for (const monitor of monitors) pressure.evaluated(monitor, 7_000)
  now += 1_000
  expect(pressure.summary()).toMatchObject({ level: 0, lag: { p50Ms: 7_000, p99Ms: 7_000 } })
})

/** Evaluations of ever other monitors, twenty a second; `lagMs` of each second. Answers the level after each. */
function levelsOf(lagsMs: readonly number[]): number[] {
  let now = 1_700_000_000_000
  const pressure = createPressure(() => now)
  return lagsMs.map((lagMs, second) => {
    for (let index = 0; index < 20; index += 1) {
      now += 50
      pressure.evaluated({ monitorId: second * 20 + index, priority: 5, intervalMs: 60_000 }, lagMs)
    }
    return pressure.summary().level
  })
}

test('lags that grow from second to second stretch at once, long before any monitor is late again', () => {
  const levels = levelsOf(Array.from({ length: 10 }, (_, second) => second * 600))
  expect(levels.findIndex((level) => level > 0)).toBeLessThanOrEqual(5)
  expect(levels.at(-1)).toBeGreaterThan(1)
})

test('lags that leap and then fall, as what an outage left is worked off, stretch nothing', () => {
  const fall = Array.from({ length: 30 }, (_, second) => 60_000 - second * 2_000)
  expect(Math.max(...levelsOf([20, 20, 20, ...fall]))).toBe(0)
})

test('while what was stretched is still late, no level is given back', () => {
  const grown = Array.from({ length: 10 }, (_, second) => second * 600)
  const levels = levelsOf([...grown, ...Array.from({ length: 90 }, () => 5_000)])
  expect(levels).toEqual(levels.toSorted((a, b) => a - b))
})

test('a level is given back after a calm only where what it brings was carried before', () => {
  let now = 1_700_000_000_000
  const pressure = createPressure(() => now)
  /** 100 monitors at 5 s are 20 a second; only `perSecond` are done. */
  const spend = (seconds: number, perSecond: number, lagOf: (second: number) => number): void => {
    for (let done = 0; done < seconds * perSecond; done += 1) {
      now += 1_000 / perSecond
      pressure.evaluated({ monitorId: done % 100, priority: 5, intervalMs: 5_000 }, lagOf(done / perSecond))
    }
  }
  spend(12, 10, (second) => second * 500)
  const { level } = pressure.summary()
  expect(level).toBeGreaterThan(1)
  spend(400, 10, () => 20)
  // At level 1 they are 10 a second again, which fills all that was ever carried.
  expect(pressure.summary().level).toBe(2)
})
