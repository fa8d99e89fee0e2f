/** When a worker takes its monitors for too many: not after an outage, however late all of them are then, but where they stay late. */
import { expect, test } from 'vitest'
import { createPressure, type MeasuredPressure } from '../../activities/pressure.ts'

const monitors = Array.from({ length: 200 }, (_, index) => ({ monitorId: 1_000 + index, priority: null }))
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
