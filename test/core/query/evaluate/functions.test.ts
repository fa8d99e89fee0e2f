import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../../core/query/evaluate/expression.ts'
import { type Frame, frameOf, type Span, type Values } from '../../../../core/query/frame.ts'
import type { Expression } from '../../../../core/query/metric-nodes.ts'
import { arithmetic, call, number, series } from '../../../support/metric-query.ts'

const minute = 60_000
/** The newest bucket ends here. */
const endMs = 1_700_000_040_000

type World = Readonly<Record<string, Values>>

/** Every leaf sees the same world: values a minute, the last of them at the end. Nothing is there before them. */
function compute(world: World, of: Expression, length = 4, stepMs = minute): Frame {
  return evaluate(of, { toMs: endMs, stepMs, length }, (_, span) => read(world, span))
}

function read(world: World, span: Span): Frame {
  const groups = Object.entries(world).map(([group, values]) => {
    const valueAt = (ms: number) => values[values.length - 1 - Math.round((endMs - ms) / minute)] ?? null
    const run = Array.from({ length: span.length }, (_, i) => valueAt(span.toMs - (span.length - 1 - i) * span.stepMs))
    return [group, run] as const
  })
  return frameOf(span, Object.fromEntries(groups.filter(([, values]) => values.some((value) => value !== null))))
}

const cpu = series('cpu', { by: ['host'] })

describe('one series', () => {
  const cases: readonly (readonly [string, Expression, Values, Values])[] = [
    ['abs', call('abs', cpu), [-1, null, 0, 2], [1, null, 0, 2]],
    ['log2, nothing of what isn’t above 0', call('log2', cpu), [8, 0, -1, null], [3, null, null, null]],
    ['log10', call('log10', cpu), [1, 10, 100, 1_000], [0, 1, 2, 3]],
    ['cumsum from the begin of the run', call('cumsum', cpu), [9, 1, null, 2, 3], [1, null, 3, 6]],
    ['integral in value × seconds', call('integral', cpu), [1, 2, null, 1], [60, 180, null, 240]],
    ['clamp_min', call('clamp_min', cpu, 2), [1, 2, 3, null], [2, 2, 3, null]],
    ['clamp_max', call('clamp_max', cpu, 2), [1, 2, 3, null], [1, 2, 2, null]],
    ['cutoff_min', call('cutoff_min', cpu, 2), [1, 2, 3, null], [null, 2, 3, null]],
    ['cutoff_max', call('cutoff_max', cpu, 2), [1, 2, 3, null], [1, 2, null, null]],
    ['default_zero', call('default_zero', cpu), [1, null, null, 4], [1, 0, 0, 4]],
    ['default', call('default', cpu, 9), [1, null, null, 4], [1, 9, 9, 4]],
    ['fill with zero', call('fill', cpu, 'zero'), [1, null, null, 4], [1, 0, 0, 4]],
    ['fill with zero, for a minute', call('fill', cpu, 'zero', 60), [1, null, null, 4], [1, 0, null, 4]],
    ['fill with the last value', call('fill', cpu, 'last'), [7, null, null, 4, null], [7, 7, 4, 4]],
    ['fill with the last value, for a minute', call('fill', cpu, 'last', 60), [1, null, null, 4], [1, 1, null, 4]],
    ['fill along the line', call('fill', cpu, 'linear'), [1, null, null, 4], [1, 2, 3, 4]],
    ['fill no longer gap than it may', call('fill', cpu, 'linear', 60), [1, null, null, 4], [1, null, null, 4]],
    ['fill with null', call('fill', cpu, 'null'), [1, null, null, 4], [1, null, null, 4]],
    ['dt', call('dt', cpu), [1, 1, null, 1, 1], [60, null, 120, 60]],
    ['diff', call('diff', cpu), [5, 7, null, 4, 4], [2, null, -3, 0]],
    ['monotonic_diff', call('monotonic_diff', cpu), [5, 7, null, 4, 4], [2, null, null, 0]],
    ['derivative', call('derivative', cpu), [5, 65, 5, null, 125], [1, -1, null, 1]],
    ['per_second', call('per_second', cpu), [5, 65, 5, null, 125], [1, null, null, 1]],
    ['per_minute', call('per_minute', cpu), [5, 65, 5, null, 125], [60, null, null, 60]],
    ['per_hour', call('per_hour', cpu), [5, 6, 5, null, 7], [60, null, null, 60]],
    ['median_3', call('median_3', cpu), [1, 9, 2, 3, null, 4], [2, 3, null, 3.5]],
    ['moving_rollup', call('moving_rollup', cpu, 120, 'sum'), [1, 2, 3, null, 4], [3, 5, 3, 4]],
    ['moving_rollup by median', call('moving_rollup', cpu, 180, 'median'), [1, 2, 9, 4, 5, 6], [2, 4, 5, 5]],
    ['rollup in longer buckets', call('rollup', cpu, 'max', 120), [1, 5, 3, 2], [null, 5, null, 3]],
    ['timeshift', call('timeshift', cpu, -120), [1, 2, 3, 4, 5, 6], [1, 2, 3, 4]],
    ['trend_line', call('trend_line', cpu), [1, null, 3, 4], [1, 2, 3, 4]],
    ['robust_trend', call('robust_trend', cpu), [1, null, 3, 4], [1, 2, 3, 4]],
    ['piecewise_constant', call('piecewise_constant', cpu), [1, 1, 9, 9], [1, 1, 9, 9]],
    ['the negative', { kind: 'negative', of: cpu }, [1, null, -3, 4], [-1, null, 3, -4]],
    ['names and choices in any case', call('moving_rollup', cpu, 'interval=120', 'method=SUM'), [1, 2, 3, null, 4], [3, 5, 3, 4]],
    ['a fill of the series itself', { ...cpu, fill: { method: 'last', limitMs: 60_000 } }, [1, null, null, 4], [1, 1, null, 4]],
  ]
  test.each(cases)('%s', (_, of, values, expected) => {
    const frame = compute({ 'host:a': values }, of)
    expect(frame.series['host:a']).toEqual(expected.map((value) => (value === null ? null : expect.closeTo(value, 6))))
  })

  test.each([
    ['hour_before', 60],
    ['day_before', 1_440],
    ['week_before', 7 * 1_440],
    ['month_before', 28 * 1_440],
  ])('%s reads %d minutes earlier', (name, minutes) => {
    expect(endsRead(call(name, cpu))).toEqual([endMs - minutes * minute])
  })

  test.each([
    ['-2d', '2023-11-12T22:14:00Z'],
    ['-1w', '2023-11-07T22:14:00Z'],
    ['-1mo', '2023-10-14T22:14:00Z'],
    ['-9mo', '2023-02-14T22:14:00Z'],
  ])('calendar_shift by %s reads up to %s', (shift, at) => {
    expect(endsRead(call('calendar_shift', cpu, shift, 'utc'))).toEqual([Date.parse(at)])
  })

  function endsRead(of: Expression): number[] {
    const ends: number[] = []
    evaluate(of, { toMs: endMs, stepMs: minute, length: 4 }, (_, span) => {
      ends.push(span.toMs)
      return frameOf(span, {})
    })
    return ends
  }
})

describe('several groups', () => {
  const world: World = { 'host:a': [1, 2, 3, 0], 'host:b': [9, null, 0, null], 'host:c': [2, 2, 2, 2] }
  const groupsOf = (of: Expression) => Object.keys(compute(world, of).series)

  test.each([
    ['top by mean', call('top', cpu, 2, 'mean', 'desc'), ['host:b', 'host:c']],
    ['top by its standards', call('top', cpu, 1), ['host:b']],
    ['the lowest by max', call('top', cpu, 1, 'max', 'asc'), ['host:c']],
    ['the lowest by last', call('top', cpu, 1, 'last', 'asc'), ['host:a']],
    ['by norm', call('top', cpu, 1, 'l2norm', 'desc'), ['host:b']],
    ['by area, equal ones in the order of groups', call('top', cpu, 3, 'area', 'desc'), ['host:b', 'host:c', 'host:a']],
    ['after the first', call('top_offset', cpu, 1, 'mean', 'desc', 1), ['host:c']],
    ['top5', call('top5', cpu), ['host:b', 'host:c', 'host:a']],
    ['bottom5_max', call('bottom5_max', cpu), ['host:c', 'host:a', 'host:b']],
  ])('%s', (_, of, expected) => {
    expect(groupsOf(of)).toEqual(expected)
  })

  test('are counted', () => {
    expect(compute(world, call('count_not_null', cpu)).series).toEqual({ '*': [3, 2, 3, 2] })
    expect(compute(world, call('count_nonzero', cpu)).series).toEqual({ '*': [3, 2, 2, 1] })
    expect(compute({}, call('count_nonzero', cpu)).series).toEqual({})
  })

  test('become fewer', () => {
    const zones: World = { 'host:a,zone:x': [1, 2, 3, 4], 'host:b,zone:x': [1, 2, null, 4], 'host:c,zone:y': [5, 5, 5, null] }
    const byZone = series('cpu', { by: ['zone', 'host'] })
    expect(compute(zones, call('sum', byZone, 'zone')).series).toEqual({ 'zone:x': [2, 4, 3, 8], 'zone:y': [5, 5, 5, null] })
    expect(compute(zones, call('max', byZone)).series).toEqual({ '*': [5, 5, 5, 4] })
    expect(compute(zones, call('count', byZone, 'zone')).series['zone:x']).toEqual([2, 2, 1, 2])
    expect(compute(zones, call('count_not_null', byZone, 'zone')).series['zone:x']).toEqual([2, 2, 1, 2])
  })

  test('those without one of the keys can be left out', () => {
    expect(groupsOf(call('exclude_null', cpu))).toEqual(Object.keys(world))
    expect(Object.keys(compute({ 'host:N/A': [1, 1, 1, 1], 'host:a': [1, 1, 1, 1] }, call('exclude_null', cpu)).series)).toEqual(['host:a'])
  })

  test('arithmetic meets group by group, with fewer keys on either side', () => {
    const byBoth = { 'host:a,zone:x': [1, 2, 3, 4], 'host:b,zone:y': [1, 1, 1, 1] }
    const byZone = { 'zone:x': [10, 10, null, 10] }
    const both = (of: Expression) =>
      evaluate(of, { toMs: endMs, stepMs: minute, length: 4 }, ({ metric }, span) => read(metric === 'zones' ? byZone : byBoth, span))
        .series
    const left = series('hosts', { by: ['zone', 'host'] })
    const right = series('zones', { by: ['zone'] })
    expect(both(arithmetic(left, '*', right))).toEqual({ 'host:a,zone:x': [10, 20, null, 40] })
    expect(both(arithmetic(right, '-', left))).toEqual({ 'host:a,zone:x': [9, 8, null, 6] })
    expect(both(arithmetic(number(1), '/', left))['host:a,zone:x']?.[1]).toBe(0.5)
  })

  test('one that stopped within the hour reads as the default, one that stopped before is gone', () => {
    const stopped = { 'host:a': [1, ...Array(10).fill(null)], 'host:b': [1, ...Array(70).fill(null)] }
    const seen = evaluate(call('default_zero', cpu), { toMs: endMs, stepMs: minute, length: 2 }, (_, span) =>
      span.length === 1 ? coarse(stopped, span) : read(stopped, span),
    )
    expect(seen.series).toEqual({ 'host:a': [0, 0] })
  })

  /** One bucket of everything in its time. */
  function coarse(world: World, span: Span): Frame {
    const minutes = span.stepMs / minute
    const there = Object.entries(world).filter(([, values]) => values.slice(-minutes).some((value) => value !== null))
    return frameOf(span, Object.fromEntries(there.map(([group]) => [group, [1]])))
  }
})

const values = fc.array(fc.option(fc.integer({ min: -9, max: 9 }), { freq: 3 }), { minLength: 20, maxLength: 20 })

/** What a function means, said the plain way: of each value and all before it. */
const references: Readonly<Record<string, (before: Values, value: number) => number | null>> = {
  diff: (before, value) => {
    const last = before.findLast((one) => one !== null) ?? null
    return last === null ? null : value - last
  },
  ewma_5: (before, value) => weightedBy(1 / 3, before, value),
  ewma_20: (before, value) => weightedBy(2 / 21, before, value),
  median_5: (before, value) => {
    const there = [...before.slice(-4), value].flatMap((one) => one ?? []).sort((a, b) => a - b)
    return ((there[Math.floor((there.length - 1) / 2)] ?? 0) + (there[Math.ceil((there.length - 1) / 2)] ?? 0)) / 2
  },
}

/** Weights of the closed form, newest first: 1, keep, keep², … */
function weightedBy(alpha: number, before: Values, value: number): number {
  let sum = 0
  let weights = 0
  for (const [age, one] of [value, ...[...before].reverse()].entries()) {
    if (one === null) continue
    sum += one * (1 - alpha) ** age
    weights += (1 - alpha) ** age
  }
  return sum / weights
}

test.each(Object.entries(references))('%s is what its plain definition says', (name, reference) => {
  fc.assert(
    fc.property(values, (all) => {
      const frame = compute({ 'host:a': all }, call(name, cpu), all.length)
      const expected = all.map((value, i) => (value === null ? null : reference(all.slice(0, i), value)))
      expect(frame.series['host:a'] ?? all.map(() => null)).toEqual(
        expected.map((value) => (value === null ? null : expect.closeTo(value, 6))),
      )
    }),
  )
})

test('autosmooth keeps the gaps and makes nothing rougher', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 40, maxLength: 40 }), (all) => {
      const smooth = compute({ 'host:a': all }, call('autosmooth', cpu), all.length).series['host:a'] ?? []
      const rough = (of: Values) => of.slice(4).reduce((sum: number, value, i) => sum + ((value ?? 0) - (of[i + 3] ?? 0)) ** 2, 0)
      expect(smooth).toHaveLength(40)
      expect(rough(smooth)).toBeLessThanOrEqual(rough(all) * 2 + 1e-9)
    }),
  )
})
