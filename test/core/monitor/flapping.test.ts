import { describe, expect, test } from 'vitest'
import { isFlappy, isOld, settlesAt, withChange } from '../../../core/monitor/flapping.ts'
import type { Flapping } from '../../../core/monitor/types.ts'
import { epoch, minuteMs } from './fixtures.ts'

const spec = { intervalMs: minuteMs, flapping: { low: 20, high: 50 } }

/** A record of changes at these evaluations. */
function changesAt(...evaluations: readonly number[]): Flapping {
  let record: Flapping | undefined
  for (const evaluation of evaluations) record = withChange(record, epoch + evaluation * minuteMs, spec)
  if (record === undefined) throw new Error('no change')
  return record
}

const countTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('a record of changes', () => {
  test.each<[string, readonly number[], boolean]>([
    ['half of the last twenty is not above the mark', countTo(10), false],
    ['one more is', countTo(11), true],
    ['those that are twenty evaluations old don’t count', [0, ...countTo(10).map((at) => at + 20)], false],
    ['those that are nineteen old do', [0, ...countTo(10).map((at) => at + 10)], true],
    ['two between the same evaluations are one', [...countTo(10), 9], false],
    ['a day without one clears it', [...countTo(20), 1_440], false],
  ])('%s', (_what, evaluations, flaps) => {
    expect(isFlappy(changesAt(...evaluations), spec)).toBe(flaps)
  })

  test('is two numbers, however often it changes', () => {
    expect(changesAt(...countTo(10_000))).toEqual({ at: epoch + 9_999 * minuteMs, changes: 2 ** 20 - 1 })
  })

  test('settles when fewer than the low mark are left of the last twenty', () => {
    // Of eleven in a row three are left seventeen evaluations after the last.
    expect(settlesAt({ ...changesAt(...countTo(11)), since: epoch }, spec)).toBe(epoch + (10 + 17) * minuteMs)
    expect(settlesAt(changesAt(...countTo(11)), spec)).toBeNull()
  })

  test('a low mark of nothing is never undercut, and then the last of them ends it', () => {
    const marks = { ...spec, flapping: { low: 0, high: 0 } }
    expect(settlesAt({ ...changesAt(0), since: epoch }, marks)).toBe(epoch + 20 * minuteMs)
  })

  test('says nothing any more after twenty evaluations, unless it flaps', () => {
    const record = changesAt(0)
    expect(isOld(record, epoch + 19 * minuteMs, spec)).toBe(false)
    expect(isOld(record, epoch + 20 * minuteMs, spec)).toBe(true)
    expect(isOld({ ...record, since: epoch }, epoch + 20 * minuteMs, spec)).toBe(false)
  })
})
