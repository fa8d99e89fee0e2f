import { expect, test } from 'vitest'
import { type Course, simulateFleet } from '../../bench/simulate/fleet.ts'
import { openLags } from '../../bench/simulate/lags.ts'
import { openLanes } from '../../bench/simulate/lanes.ts'
import { scenariosOf } from '../../bench/simulate/scenarios.ts'
import { monitorsPerShard, slotsPerSecond } from '../../bench/simulate/spread.ts'

const options = { monitors: 12_000, intervalMs: 60_000, workers: 6, seed: 7 }

function courseOf(word: string, others: Readonly<{ seed?: number; durationMs?: number }> = {}): Course {
  const found = scenariosOf({ ...options, ...others }).find(({ name }) => name.includes(word))
  if (found === undefined) throw new Error(`no scenario is named ${word}`)
  return simulateFleet({ ...found.fleet, ...(others.durationMs === undefined ? {} : { durationMs: others.durationMs }) })
}

test('where nothing happens every slot is evaluated once, and on time', () => {
  const course = courseOf('nothing')
  // Ten minutes of one slot a minute each; the last tick's may be under way.
  expect(course.slots).toBe(course.evaluations)
  expect(course.slots).toBeGreaterThan(options.monitors * 10 * 0.999)
  expect(course.slots).toBeLessThanOrEqual(options.monitors * 10)
  expect(course.lag.p99Ms).toBeLessThanOrEqual(500)
  expect(course.stretchMax).toBe(1)
  expect(course.recoveredInS).toBe(0)
})

test('the same seed gives the same, another one something else', () => {
  // The worker is killed after two.
  const durationMs = 3 * 60_000
  const killed = courseOf('a worker is killed', { durationMs })
  expect(courseOf('a worker is killed', { durationMs })).toEqual(killed)
  expect(courseOf('a worker is killed', { durationMs, seed: 8 })).not.toEqual(killed)
})

test('what a killed worker had is taken over after the sticky timeout, and on time again within three minutes', () => {
  const course = courseOf('a worker is killed')
  expect(course.lag.maxMs).toBeGreaterThan(2_000)
  expect(course.recoveredInS).toBeGreaterThan(0)
  expect(course.recoveredInS).toBeLessThanOrEqual(180)
})

test('an outage of Temporal is caught up: no slot is lost, and several are answered at once', () => {
  const course = courseOf('Temporal is away')
  expect(course.waitingMax).toBeGreaterThan(options.monitors * 0.9)
  expect(course.lag.maxMs).toBeGreaterThan(290_000)
  expect(course.slots).toBeGreaterThan(course.evaluations)
  expect(course.recoveredInS).not.toBeNull()
})

test('a worker that says goodbye costs less than one that dies', () => {
  expect(courseOf('all workers are replaced').lag.maxMs).toBeLessThan(courseOf('all workers are killed').lag.maxMs)
})

test('in an overload P1 stays on time, and stretching has most of the others be on time as well', () => {
  const durationMs = 8 * 60_000
  const stretched = courseOf('do, stretched', { durationMs })
  const unstretched = courseOf('unstretched', { durationMs })
  expect(stretched.lagP1.p99Ms).toBeLessThanOrEqual(2_000)
  expect(stretched.stretchMax).toBeGreaterThan(1)
  expect(stretched.slots).toBeGreaterThan(stretched.evaluations)
  expect(stretched.lag.p50Ms).toBeLessThan(unstretched.lag.p50Ms)
  expect(unstretched.stretchMax).toBe(1)
  expect(unstretched.recoveredInS).toBeNull()
})

test('slots and shards are filled evenly', () => {
  const seconds = slotsPerSecond(60_000, 60_000)
  expect(seconds.mean).toBe(1_000)
  expect(seconds.min).toBeGreaterThan(850)
  expect(seconds.max).toBeLessThan(1_150)
  const shards = monitorsPerShard(60_000, 4)
  expect(shards.mean).toBe(15_000)
  expect(shards.max - shards.min).toBeLessThan(1_000)
})

test('lanes wake each monitor once, and hand out the highest priority first, oldest first', () => {
  const lanes = openLanes({ monitors: 4, workers: 2, ticks: 10 })
  const woken: number[] = []
  lanes.sleep(1, 3)
  lanes.sleep(2, 3)
  lanes.sleep(3, 4)
  lanes.sleep(4, 99)
  for (let tick = 0; tick < 10; tick += 1) lanes.wake(tick, (id) => woken.push(id))
  expect(woken.toSorted()).toEqual([1, 2, 3])
  lanes.wait(1, 0, 5)
  lanes.wait(2, 0, 1)
  lanes.wait(3, 0, 5)
  lanes.wait(4, 1, 3)
  expect(lanes.waiting(0)).toBe(3)
  expect([lanes.take(0), lanes.take(0), lanes.take(0), lanes.take(0)]).toEqual([2, 1, 3, 0])
  expect([lanes.take(1), lanes.waiting(1)]).toEqual([4, 0])
})

test('lags are told by the upper edge of their bucket, and an hour at the most', () => {
  const lags = openLags()
  expect(lags.quantileMs(0.99)).toBe(0)
  for (const lagMs of [0, 50, 150, 7_200_000]) lags.add(lagMs)
  expect(lags.quantileMs(0.5)).toBe(100)
  expect(lags.quantileMs(0.75)).toBe(200)
  expect(lags.quantileMs(1)).toBe(3_600_100)
  expect(lags.count()).toBe(4)
})
