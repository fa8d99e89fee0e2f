import { describe, expect, test } from 'vitest'
import { classify, compare } from '../../../core/monitor/classify.ts'
import type { Comparator, Level, Status, Thresholds } from '../../../core/monitor/spec-types.ts'

const bands: Readonly<Record<'above' | 'below', Thresholds>> = {
  above: { critical: 90, warning: 80, criticalRecovery: 85, warningRecovery: 70 },
  below: { critical: 10, warning: 20, criticalRecovery: 15, warningRecovery: 30 },
}

// Per comparator: value → level for a group that is OK, in Warn, in Alert.
const table: readonly (readonly [Comparator, number, Level, Level, Level])[] = [
  ['>', 90.5, 'alert', 'alert', 'alert'],
  ['>', 90, 'warn', 'warn', 'alert'],
  ['>', 85.5, 'warn', 'warn', 'alert'],
  ['>', 85, 'warn', 'warn', 'warn'],
  ['>', 80, 'ok', 'warn', 'warn'],
  ['>', 70.5, 'ok', 'warn', 'warn'],
  ['>', 70, 'ok', 'ok', 'ok'],
  ['>=', 90, 'alert', 'alert', 'alert'],
  ['>=', 85, 'warn', 'warn', 'alert'],
  ['>=', 84.5, 'warn', 'warn', 'warn'],
  ['>=', 70, 'ok', 'warn', 'warn'],
  ['>=', 69.5, 'ok', 'ok', 'ok'],
  ['<', 9.5, 'alert', 'alert', 'alert'],
  ['<', 10, 'warn', 'warn', 'alert'],
  ['<', 14.5, 'warn', 'warn', 'alert'],
  ['<', 15, 'warn', 'warn', 'warn'],
  ['<', 20, 'ok', 'warn', 'warn'],
  ['<', 30, 'ok', 'ok', 'ok'],
  ['<=', 10, 'alert', 'alert', 'alert'],
  ['<=', 15, 'warn', 'warn', 'alert'],
  ['<=', 15.5, 'warn', 'warn', 'warn'],
  ['<=', 30, 'ok', 'warn', 'warn'],
  ['<=', 30.5, 'ok', 'ok', 'ok'],
]

describe('a value with recovery thresholds', () => {
  test.each(table)('%s: %d is %s when OK, %s when Warn, %s when Alert', (comparator, value, whenOk, whenWarn, whenAlert) => {
    const spec = { comparator, thresholds: comparator.startsWith('>') ? bands.above : bands.below }
    const levels = (['OK', 'Warn', 'Alert'] satisfies Status[]).map((status) => classify(value, spec, status))
    expect(levels).toEqual([whenOk, whenWarn, whenAlert])
  })
})

describe('a value without recovery thresholds', () => {
  const thresholds: Thresholds = { critical: 5, warning: null, criticalRecovery: null, warningRecovery: null }
  test.each([
    ['>', 5, 'ok'],
    ['>', 6, 'alert'],
    ['>=', 5, 'alert'],
    ['<', 5, 'ok'],
    ['<', 4, 'alert'],
    ['<=', 5, 'alert'],
    ['==', 5, 'alert'],
    ['==', 6, 'ok'],
    ['!=', 5, 'ok'],
    ['!=', 6, 'alert'],
  ] satisfies [Comparator, number, Level][])('leaves Alert as soon as `%s` no longer holds for %d', (comparator, value, level) => {
    expect(classify(value, { comparator, thresholds }, 'Alert')).toBe(level)
    expect(compare(value, comparator, 5)).toBe(level === 'alert')
  })
})

test('a monitor without thresholds is never anything but OK', () => {
  const thresholds: Thresholds = { critical: null, warning: null, criticalRecovery: null, warningRecovery: null }
  expect(classify(1e9, { comparator: '>', thresholds }, 'Alert')).toBe('ok')
})
