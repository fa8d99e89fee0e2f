import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundText, isoTime, roundForPeople } from '../../../core/message/format.ts'

test.each([
  [0.1 + 0.2, 0.3],
  [0.000123456, 0.0001235],
  [12.34567, 12.346],
  [123_456_789, 123_456_789],
  [-0.5, -0.5],
  [0, 0],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])('%s reads %s', (value, read) => {
  expect(roundForPeople(value)).toBe(read)
})

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_769_860_800_999, '2026-01-31T12:00:00Z'],
  [Number.NaN, 'NaN'],
  [1e20, '100000000000000000000'],
])('%s ms is %s', (epochMs, text) => {
  expect(isoTime(epochMs)).toBe(text)
})

test('a bounded text is never longer than its bound, has no NUL and no half character', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\0', '😀') }), fc.integer({ min: 1, max: 8 }), (text, charactersMax) => {
      const bounded = boundText(text, charactersMax)
      expect(bounded.length).toBeLessThanOrEqual(charactersMax)
      expect(bounded).not.toContain('\0')
      expect(bounded.isWellFormed()).toBe(true)
    }),
  )
})
