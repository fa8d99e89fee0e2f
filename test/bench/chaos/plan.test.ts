/** What is planned follows from the seed, overlaps, hits nothing twice at once, and is much. */
import { expect, test } from 'vitest'
import { faultNames } from '../../../bench/chaos/faults/names.ts'
import { type Choice, planFaults } from '../../../bench/chaos/plan.ts'
import { recoveriesOf } from '../../../bench/chaos/recovery.ts'

const targetsOf = (name: string): readonly string[] =>
  name === 'deploy' || name.endsWith('-worker') ? ['worker-a', 'worker-b'] : [`of ${name}`]
const choices: readonly Choice[] = faultNames.map((name) => ({ name, targets: targetsOf(name), durationMs: { min: 500, max: 12_000 } }))
const long = planFaults(7, 32 * 60_000, choices)

test('the same seed plans the same, another one something else', () => {
  expect(planFaults(7, 32 * 60_000, choices)).toEqual(long)
  expect(planFaults(8, 32 * 60_000, choices)).not.toEqual(long)
})

test('half an hour holds more than 200 faults, each kind among them, and overlapping ones', () => {
  expect(long.length).toBeGreaterThan(200)
  expect(new Set(long.map(({ name }) => name))).toEqual(new Set(faultNames))
  expect(long.filter((one, nth) => (long[nth + 1]?.atMs ?? 0) < one.atMs + one.durationMs).length).toBeGreaterThan(100)
})

test('nothing is hit twice at once, and one release is deployed', () => {
  const twice = long.filter((one, nth) =>
    long.slice(nth + 1).some(({ target, atMs }) => target === one.target && atMs < one.atMs + one.durationMs),
  )
  expect(twice).toEqual([])
  expect(long.filter(({ name }) => name === 'deploy')).toHaveLength(1)
})

test('one that comes alone has nothing beside it', () => {
  const alone = long.filter((one) => one.alone)
  expect(alone.length).toBeGreaterThan(20)
  const beside = alone.flatMap((one) =>
    long.filter((other) => other !== one && other.atMs < one.atMs + one.durationMs && other.atMs + other.durationMs > one.atMs),
  )
  expect(beside).toEqual([])
})

const fault = (name: 'kill-worker' | 'kill-postgres', beganMs: number) => ({
  ...{ nth: 1, name, target: name, alone: true, problem: null, beganMs, endedMs: beganMs + 4_000 },
})

test('a worker’s recovery counts from its end, a server’s from its return, each up to the last late look', () => {
  const looks = [500, 2_000, 6_000, 9_000, 40_000, 46_000, 60_000].map((atMs) => ({ atMs, behind: [6_000, 46_000].includes(atMs) ? 3 : 0 }))
  expect(recoveriesOf([fault('kill-worker', 1_000), fault('kill-postgres', 38_000)], looks)).toEqual([
    { name: 'kill-postgres', times: 1, medianS: 4, maxS: 4, unfinished: 0, from: 'return', goalS: 30 },
    { name: 'kill-worker', times: 1, medianS: 5, maxS: 5, unfinished: 0, from: 'kill', goalS: 15 },
  ])
})

test('what is not over when the next fault comes is said to be so', () => {
  const looks = [2_000, 9_000, 30_000, 40_000].map((atMs) => ({ atMs, behind: atMs < 35_000 ? 1 : 0 }))
  const [recovery] = recoveriesOf([fault('kill-worker', 1_000), { ...fault('kill-postgres', 35_000), alone: false }], looks)
  expect(recovery).toMatchObject({ name: 'kill-worker', maxS: 29, unfinished: 1 })
})
