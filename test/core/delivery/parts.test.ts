import { describe, expect, test } from 'vitest'
import { askedPauseMs, pauseAfterMs } from '../../../core/delivery/backoff.ts'
import { type Breaker, breakerAfter, breakerAt, closedBreaker } from '../../../core/delivery/breaker.ts'
import { episodeKey, stormKey } from '../../../core/delivery/episode.ts'
import { partition } from '../../../core/delivery/partition.ts'
import { digestText, mergedText, stormText } from '../../../core/delivery/text.ts'
import { freeAtMs, leftIn } from '../../../core/delivery/window.ts'
import { toldTransition } from '../../support/notification-job.ts'

test.each([
  [1, 0.5, 1_000],
  [2, 0.5, 2_000],
  [3, 0, 3_200],
  [3, 1, 4_800],
  [99, 0.5, 300_000],
])('after failure %i (chance %f) the pause is %i ms', (failures, chance, pauseMs) => {
  expect(pauseAfterMs(failures, chance)).toBe(pauseMs)
})

test('a pause that was asked for is never shorter, and an hour at most', () => {
  expect(askedPauseMs(60_000, 0)).toBe(60_000)
  expect(askedPauseMs(60_000, 0.999)).toBeGreaterThan(60_000)
  expect(askedPauseMs(9_999_999_999, 0)).toBe(3_600_000)
})

describe('a breaker', () => {
  const failed = (times: number): Breaker =>
    Array.from({ length: times }).reduce<Breaker>((breaker) => breakerAfter(breaker, false, 1_000, 0.5), closedBreaker)

  test('opens with the fifth failure in a row, and not before', () => {
    expect(failed(4).state).toBe('closed')
    expect(failed(5)).toMatchObject({ state: 'open', sinceMs: 1_000, untilMs: 6_000 })
    expect(breakerAfter(breakerAfter(failed(4), true, 1_000, 0), false, 1_000, 0)).toMatchObject({ state: 'closed', failures: 1 })
  })

  test('is half-open after its time; then one answer decides', () => {
    expect(breakerAt(failed(5), 5_999).state).toBe('open')
    const half = breakerAt(failed(5), 6_000)
    expect(half.state).toBe('half-open')
    expect(breakerAfter(half, true, 6_000, 0.5)).toEqual(closedBreaker)
    expect(breakerAfter(half, false, 6_000, 0.5)).toMatchObject({ state: 'open', sinceMs: 1_000, untilMs: 16_000 })
  })

  test('waits five minutes at the most', () => {
    let breaker = failed(5)
    for (let time = 0; time < 40; time += 1) breaker = breakerAfter(breakerAt(breaker, breaker.untilMs ?? 0), false, 0, 1)
    expect(breaker.untilMs).toBe(360_000)
  })
})

test('a window has room again when the oldest that fills it leaves it', () => {
  expect(leftIn([0, 100, 900], 3, 1_000, 999)).toBe(0)
  expect(leftIn([0, 100, 900], 3, 1_000, 1_000)).toBe(1)
  expect(freeAtMs([0, 100, 900], 3, 1_000, 950)).toBe(1_000)
  expect(freeAtMs([900, 0, 100], 2, 1_000, 950)).toBe(1_100)
  expect(freeAtMs([], 2, 1_000, 950)).toBe(950)
})

test.each(['host:web-1', `host:${'x'.repeat(5_000)}`, 'host:日本', 'host:a b', '*', 'a:\0'])(
  'the key of %j is short ASCII, and its own',
  (group) => {
    const key = episodeKey(7, group)
    expect(key).toMatch(/^[\x21-\x7e]{1,200}$/)
    expect(episodeKey(7, group)).toBe(key)
    expect(new Set([key, episodeKey(8, group), episodeKey(7, `${group}x`), stormKey(7, 1)]).size).toBe(4)
  },
)

const transitions = (count: number, to: 'Alert' | 'OK' = 'Alert') =>
  Array.from({ length: count }, (_, index) => toldTransition({ sequence: index + 1, group: `host:${index}`, to }))

test('twenty recoveries of incidents that began alone are twenty, as many as there are incidents', () => {
  const known = Object.fromEntries(transitions(30).map(({ group }, id) => [group, { id, key: episodeKey(7, group), open: true }]))
  expect(partition(7, 'incidents', transitions(30, 'OK'), known).parts).toHaveLength(30)
  expect(partition(7, 'messages', transitions(30, 'OK'), known).parts).toMatchObject([{ form: 'storm', episode: null, opens: false }])
})

test('a recovery of what never began here is told, and begins nothing', () => {
  expect(partition(7, 'incidents', transitions(1, 'OK'), {})).toMatchObject({ parts: [{ form: 'single', episode: null }], episodes: [] })
})

test('texts of many are bounded, and values in them are only text', () => {
  const hostile = toldTransition({ group: `host:<script>${'x'.repeat(100_000)}` })
  const all = [hostile, ...transitions(10_000)] as const
  const worst = { title: 't', body: 'b'.repeat(80_000) }
  for (const { title, body } of [
    stormText({ name: 'n'.repeat(9_000), transitions: all, worst, markup: 'html', link: null }),
    mergedText({ transitions: all, last: worst, markup: 'html' }),
    digestText(['<b>\n'.repeat(2_000)], 5_000, 3, 'html'),
  ]) {
    expect(title.length).toBeLessThanOrEqual(1_000)
    expect(body.length).toBeLessThanOrEqual(40_000)
    expect(body).not.toContain('<')
  }
})
