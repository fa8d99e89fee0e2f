import { describe, expect, test } from 'vitest'
import { leavesOf, readWindow } from '../../../../core/query/evaluate/window.ts'
import { type Frame, frameOf, type Span, type Values } from '../../../../core/query/frame.ts'
import type { Expression, MetricQuery } from '../../../../core/query/metric-nodes.ts'
import { arithmetic, call, over, series } from '../../../support/metric-query.ts'
import { normal, seeded } from '../../../support/synthetic-series.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const endMs = 1_700_000_040_000
const window = { fromMs: endMs - 4 * hour, toMs: endMs }
const asked = { requireFullWindow: false, groupsMax: 100 }
const byHost = series('cpu', { by: ['host'] })

/** A group's value at a time; null = none. */
type Course = (ms: number) => number | null

function readings(query: MetricQuery, courses: Readonly<Record<string, Course>>) {
  return readWindow(query, window, asked, ({ span }) => sampled(courses, span))
}

function sampled(courses: Readonly<Record<string, Course>>, span: Span): Frame {
  const groups = Object.entries(courses).map(([group, course]): [string, Values] => [
    group,
    Array.from({ length: span.length }, (_, i) => course(span.toMs - (span.length - 1 - i) * span.stepMs)),
  ])
  return frameOf(span, Object.fromEntries(groups.filter(([, values]) => values.some((value) => value !== null))))
}

function anomalies(of: Expression, ...args: readonly (number | string)[]): MetricQuery {
  return over(240, call('anomalies', of, ...args))
}

/** Noise that depends on the time alone. */
const noise = (ms: number) => normal(seeded(Math.floor(ms / minute)))
const calm = (ms: number) => 100 + noise(ms)
const odd: Course = (ms) => calm(ms) + (ms > endMs - 15 * minute ? 50 : 0)
const halfOdd: Course = (ms) => calm(ms) + (ms > endMs - 5 * minute ? 50 : 0)

describe('anomalies', () => {
  const last15 = ['alert_window=last_15m', 'interval=60'] as const

  test.each(['basic', 'agile', 'robust'])('%s answers the share of the alert window that is out of the ordinary', (algorithm) => {
    const { values } = readings(anomalies(byHost, algorithm, 6, ...last15), { 'host:a': calm, 'host:b': odd, 'host:c': halfOdd })
    expect(values).toEqual({ 'host:a': 0, 'host:b': 1, 'host:c': expect.closeTo(5 / 15, 6) })
  })

  test.each([
    ['both', 1],
    ['above', 1],
    ['below', 0],
  ])('looks %s', (direction, expected) => {
    expect(readings(anomalies(byHost, 'basic', 6, `direction=${direction}`, ...last15), { 'host:b': odd }).values).toEqual({
      'host:b': expected,
    })
  })

  test('judges the whole window where no alert window is given', () => {
    const [share] = Object.values(readings(anomalies(byHost, 'basic', 6, 'interval=60'), { 'host:b': odd }).values)
    expect(share).toBeCloseTo(15 / 240, 6)
  })

  test('knows what is usual at this time of day', () => {
    const nightly: Course = (ms) => calm(ms) + (ms % day > (endMs % day) - 20 * minute && ms % day <= endMs % day ? 50 : 0)
    const agile = readings(anomalies(byHost, 'agile', 6, ...last15, 'seasonality=daily'), { 'host:a': nightly })
    expect(agile.values).toEqual({ 'host:a': 0 })
    expect(readings(anomalies(byHost, 'basic', 6, ...last15), { 'host:a': nightly }).values).toEqual({ 'host:a': 1 })
  })

  test('a group with too little history isn’t judged, and one without data in the alert window is missing', () => {
    const fresh: Course = (ms) => (ms > endMs - 3 * minute ? 1 : null)
    const gone: Course = (ms) => (ms < endMs - 20 * minute ? 1 : null)
    const answer = readings(anomalies(byHost, 'robust', 3, ...last15), { 'host:a': calm, 'host:fresh': fresh, 'host:gone': gone })
    expect(answer).toEqual({ values: { 'host:a': 0 }, partial: ['host:fresh'] })
  })

  test.each([
    ['true', { '*': 1 }],
    ['false', {}],
  ])('no data of a count is 0: %s', (flag, expected) => {
    const count = series('requests', { as: 'count' })
    const stopped: Course = (ms) => (ms > endMs - 15 * minute ? null : calm(ms))
    const answer = readings(anomalies(count, 'basic', 6, ...last15, `count_default_zero=${flag}`), { '*': stopped })
    expect(answer.values).toEqual(expected)
  })

  test.each([
    ['hourly', 12, hour],
    ['daily', 7, day],
    ['weekly', 3, 7 * day],
  ])('%s seasons: asks for the same time of the last %d', (seasonality, count, ms) => {
    const query = anomalies(byHost, 'agile', 3, ...last15, `seasonality=${seasonality}`)
    const ends = leavesOf(query, window, asked).map(({ span }) => (endMs - span.toMs) / ms)
    expect(ends).toEqual(Array.from({ length: count + 1 }, (_, k) => k))
  })

  test('computes first and judges then', () => {
    const ratio = arithmetic(byHost, '/', series('total', { by: ['host'] }))
    expect(readings(anomalies(ratio, 'basic', 6, ...last15), { 'host:b': odd }).values).toEqual({ 'host:b': 0 })
  })
})

describe('outliers', () => {
  const courses = { 'host:a': calm, 'host:b': calm, 'host:c': calm, 'host:d': (ms: number) => calm(ms) + 50 }

  test.each(['dbscan', 'mad', 'scaledDBSCAN', 'scaledMAD'])('%s: 1 for the odd one, 0 for the others', (algorithm) => {
    const { values } = readings(over(240, call('outliers', byHost, algorithm, 3, 20)), courses)
    expect(values).toEqual({ 'host:a': 0, 'host:b': 0, 'host:c': 0, 'host:d': 1 })
  })

  test('two groups have none', () => {
    const { values } = readings(over(240, call('outliers', byHost, 'dbscan', 3)), { 'host:a': calm, 'host:d': courses['host:d'] })
    expect(values).toEqual({ 'host:a': 0, 'host:d': 0 })
  })

  test('a thousand groups are compared, and no more', () => {
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`host:${i}`, calm]))
    expect(() => readings(over(1, call('outliers', byHost, 'dbscan', 3)), many)).toThrow('at most 1000 groups')
  })
})

describe('forecast', () => {
  const filling: Course = (ms) => 50 + (10 * (ms - endMs)) / day
  const ahead = (aggregator: 'min' | 'max' | 'avg', ...args: readonly (number | string)[]) =>
    over(7 * 24 * 60, call('forecast', byHost, ...args), { aggregator, ahead: true, windowText: 'next_1w' })

  test.each([
    ['max', 120],
    ['avg', 85],
    ['min', 50],
  ] as const)('%s over a week ahead of what grows by ten a day', (aggregator, expected) => {
    const [value] = Object.values(readings(ahead(aggregator, 'linear', 1), { 'host:a': filling }).values)
    expect(Math.abs((value ?? 0) - expected)).toBeLessThan(1)
  })

  test('max looks at the upper edge of the band, min at the lower', () => {
    const noisy: Course = (ms) => 100 + 5 * noise(ms)
    const edge = (aggregator: 'min' | 'max', deviations: number) =>
      Object.values(readings(ahead(aggregator, 'linear', deviations), { 'host:a': noisy }).values)[0] ?? 0
    expect(edge('max', 3)).toBeGreaterThan(edge('max', 1))
    expect(edge('min', 3)).toBeLessThan(edge('min', 1))
  })

  test('seasonal comes back to where the season goes', () => {
    const daily: Course = (ms) => 100 + 30 * Math.sin((2 * Math.PI * ms) / day)
    const [value] = Object.values(readings(ahead('max', 'seasonal', 0, 'seasonality=daily'), { 'host:a': daily }).values)
    expect(value).toBeCloseTo(130, 0)
  })

  test('reactive goes by what is new, simple by all', () => {
    const turned: Course = (ms) => (ms < endMs - 36 * hour ? 0 : (100 * (ms - endMs + 36 * hour)) / day)
    const inAWeek = (model: string) =>
      Object.values(readings(ahead('max', 'linear', 0, `model=${model}`), { 'host:a': turned }).values)[0] ?? 0
    expect(inAWeek('reactive')).toBeGreaterThan(700)
    expect(inAWeek('simple')).toBeLessThan(100)
  })

  test('a group with few points isn’t judged', () => {
    const fresh: Course = (ms) => (ms > endMs - 3 * hour ? 1 : null)
    expect(readings(ahead('max', 'linear', 1), { 'host:a': fresh })).toEqual({ values: {}, partial: ['host:a'] })
  })

  test('history and interval are as they are asked for', () => {
    const query = ahead('max', 'linear', 1, 'interval=30m', 'history=2d')
    expect(leavesOf(query, window, asked).map(({ span }) => span)).toEqual([{ toMs: endMs, stepMs: 30 * minute, length: 96 }])
  })
})
