import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectedRanges } from '../../../../core/query/algorithms/expected-range.ts'
import { forecast } from '../../../../core/query/algorithms/forecast.ts'
import { huberLine, leastSquares } from '../../../../core/query/algorithms/huber.ts'
import { outliers } from '../../../../core/query/algorithms/outliers.ts'
import { runningQuantiles } from '../../../../core/query/algorithms/running-median.ts'
import { segments } from '../../../../core/query/algorithms/segments.ts'
import { median, quantile, robustScale } from '../../../../core/query/algorithms/statistics.ts'
import { theilSen } from '../../../../core/query/algorithms/theil-sen.ts'
import { normal, seeded } from '../../../support/synthetic-series.ts'

const values = fc.array(fc.option(fc.integer({ min: -50, max: 50 }), { freq: 4 }), { minLength: 1, maxLength: 40 })

describe('statistics', () => {
  test.each([
    [[3], 0.5, 3],
    [[4, 1], 0.5, 2.5],
    [[5, 1, 3], 0.5, 3],
    [[1, 2, 3, 4, 5], 0.9, 4.6],
    [[1, 2, 3, 4, 5], 1, 5],
  ])('quantile of %j at %d', (of, fraction, expected) => {
    expect(quantile(of, fraction)).toBeCloseTo(expected, 9)
  })

  test('the spread of normal noise is its standard deviation, wild values or not', () => {
    const random = seeded(1)
    const noise = Array.from({ length: 5_000 }, (_, i) => (i % 20 === 0 ? 1_000 : 3 * normal(random)))
    expect(robustScale(noise)).toBeGreaterThan(2.8)
    expect(robustScale(noise)).toBeLessThan(3.4)
  })

  test('a running quantile is that of the values in its window', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 10 }), fc.constantFrom(0.25, 0.5, 0.75), (all, count, fraction) => {
        const running = runningQuantiles(count)
        all.forEach((value, i) => {
          running.add(value)
          const window = all.slice(Math.max(0, i + 1 - count), i + 1).flatMap((one) => one ?? [])
          expect(running.quantile(fraction, 1)).toBe(window.length === 0 ? null : quantile(window, fraction))
        })
      }),
    )
  })
})

describe('lines', () => {
  const line = (i: number) => 5 + 2 * i
  test.each([
    ['Theil and Sen', theilSen],
    ['Huber', huberLine],
    ['least squares', leastSquares],
  ] as const)('%s finds a line with gaps in it', (_, lineOf) => {
    const points = Array.from({ length: 30 }, (_, i) => (i % 7 === 3 ? null : line(i)))
    expect(lineOf(points)).toEqual({ slope: expect.closeTo(2, 9), intercept: expect.closeTo(5, 9) })
  })

  test.each([
    ['Theil and Sen', theilSen],
    ['Huber', huberLine],
  ] as const)('%s isn’t turned by a few wild points', (_, lineOf) => {
    const random = seeded(2)
    const points = Array.from({ length: 60 }, (_, i) => line(i) + 0.1 * normal(random) + (i % 10 === 9 ? 500 : 0))
    expect(lineOf(points)?.slope).toBeCloseTo(2, 1)
  })

  test('nothing has no line', () => {
    expect([theilSen([null]), huberLine([]), leastSquares([null, null])]).toEqual([null, null, null])
  })

  test('steps are found where the level changes, and noise is none', () => {
    const random = seeded(3)
    const points = Array.from({ length: 90 }, (_, i) => (i < 30 ? 10 : i < 60 ? 20 : 5) + 0.3 * normal(random))
    const steps = segments(points)
    expect(new Set(steps).size).toBe(3)
    expect([steps[0], steps[30], steps[60]]).toEqual([expect.closeTo(10, 0), expect.closeTo(20, 0), expect.closeTo(5, 0)])
  })
})

describe('what is expected', () => {
  const noisy = (seed: number, length: number, level = 100) => {
    const random = seeded(seed)
    return Array.from({ length }, (_, i) => level + 10 * Math.sin(i / 6) + normal(random))
  }
  const seasons = [1, 2, 3].map((seed) => noisy(seed, 60))

  test.each(['basic', 'agile', 'robust'] as const)('%s expects nothing without history', (detection) => {
    expect(expectedRanges(detection, { recent: [1, 2], judged: 2, seasons: [] }, 3)).toEqual([null, null])
    expect(expectedRanges(detection, { recent: [null, 2], judged: 1, seasons: [[null, null]] }, 3)).toEqual([null])
  })

  test('one season is no habit', () => {
    expect(expectedRanges('robust', { recent: noisy(4, 60), judged: 5, seasons: seasons.slice(0, 1) }, 3)).toEqual(Array(5).fill(null))
  })

  test('agile follows the level, robust stays where the seasons were', () => {
    const recent = noisy(5, 60, 130)
    const inside = (detection: 'agile' | 'robust') =>
      expectedRanges(detection, { recent, judged: 10, seasons }, 4).filter((range, i) => {
        const value = recent[50 + i] ?? 0
        return range !== null && value >= range.low && value <= range.high
      }).length
    expect([inside('agile'), inside('robust')]).toEqual([10, 0])
  })

  test('what never changed is expected to stay, to the last digit or so', () => {
    const still = Array(40).fill(0.1)
    const [range] = expectedRanges('basic', { recent: still, judged: 1, seasons: [] }, 3)
    expect(range?.low).toBeLessThan(0.1)
    expect(range?.high).toBeCloseTo(0.1, 6)
  })

  test.each(['basic', 'agile', 'robust'] as const)('%s judges a week of 5-minute points in less than 20 ms', (detection) => {
    const week = 2_016
    const history = { recent: noisy(6, week + 128), judged: week, seasons: [7, 8, 9].map((seed) => noisy(seed, week + 128)) }
    const took = Array.from({ length: 5 }, () => {
      const begun = performance.now()
      expectedRanges(detection, history, 3)
      return performance.now() - begun
    })
    // The best of several: other tests share the machine.
    expect(Math.min(...took)).toBeLessThan(20)
  })
})

describe('outliers', () => {
  const far = [1, 1, 1, 1, 9].map((level) => [level, level + 0.1, level - 0.1])

  test.each([
    { method: 'dbscan', scaled: false },
    { method: 'dbscan', scaled: true },
    { method: 'mad', scaled: false },
    { method: 'mad', scaled: true },
  ] as const)('%j finds the one that is far off', (method) => {
    expect(outliers(far, { ...method, tolerance: 3, share: 0.5 })).toEqual([false, false, false, false, true])
  })

  test.each([
    ['dbscan', true],
    ['mad', true],
  ] as const)('a hair’s difference in a tight group is none to the scaled form of %s', (method, scaled) => {
    const tight = [100, 100, 100, 100, 100.5].map((level) => [level, level])
    expect(outliers(tight, { method, scaled, tolerance: 3, share: 0.5 })).toEqual(Array(5).fill(false))
    expect(outliers(tight, { method, scaled: false, tolerance: 3, share: 0.5 })[4]).toBe(true)
  })

  test('two can’t say which of them is odd', () => {
    expect(outliers([[1], [100]], { method: 'dbscan', scaled: false, tolerance: 1, share: 0.5 })).toEqual([false, false])
  })

  test('mad names who has so many far points', () => {
    const members = [
      [1, 1, 1, 1],
      [1.1, 1, 0.9, 1],
      [1, 0.9, 1.1, 1],
      [1, 1, 1, 50],
    ]
    const odd = (share: number) => outliers(members, { method: 'mad', scaled: false, tolerance: 3, share })[3]
    expect([odd(0.25), odd(0.5)]).toEqual([true, false])
  })
})

describe('forecasts', () => {
  test('need some points', () => {
    expect(forecast([1, 2, 3], { season: null, through: 3, deviations: 1, ahead: 2 })).toBeNull()
  })

  test('go on with the line, and the band widens', () => {
    const random = seeded(4)
    const past = Array.from({ length: 50 }, (_, i) => 3 * i + normal(random))
    const predicted = forecast(past, { season: null, through: 50, deviations: 2, ahead: 100 })
    expect(predicted?.center[99]).toBeCloseTo(3 * 149, -1)
    const width = (h: number) => (predicted?.high[h] ?? 0) - (predicted?.low[h] ?? 0)
    expect(width(99)).toBeGreaterThan(width(0))
  })

  test('of seasons need each time of them twice', () => {
    const past = Array.from({ length: 30 }, (_, i) => i % 24)
    expect(forecast(past, { season: 24, through: 30, deviations: 1, ahead: 5 })).toBeNull()
    expect(
      median(
        forecast([...past, ...past, ...past], { season: 30, through: 90, deviations: 1, ahead: 30 })?.center.flatMap(
          (value) => value ?? [],
        ) ?? [],
      ),
    ).toBeCloseTo(median(past), 0)
  })
})
