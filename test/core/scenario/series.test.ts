import { describe, expect, test } from 'vitest'
import { parseSeries, slotsMax } from '../../../core/scenario/series.ts'

describe('a series', () => {
  test.each([
    ['95', [95]],
    ['95x3', [95, 95, 95]],
    ['10x2 _ 95', [10, 10, null, 95]],
    ['_x2', [null, null]],
    ['10+5x4', [10, 15, 20, 25]],
    ['10-5x3', [10, 5, 0]],
    ['-1.5 .5 1e3 +2', [-1.5, 0.5, 1000, 2]],
    ['0x3', [0, 0, 0]],
    ['  1\n  2  ', [1, 2]],
    ['10 ~95 ~-.5x2', [10, 'partial', 'partial', 'partial']],
  ])('%j', (text, values) => {
    expect(parseSeries(text)).toEqual({ ok: true, values })
  })

  test.each([
    ['', 'no values'],
    ['ten', '"ten" is no value'],
    ['95x', '"95x" is no value'],
    ['95x-1', '"95x-1" is no value'],
    ['95y3', '"95y3" is no value'],
    ['_+1x3', '"_+1x3" is no value'],
    ['~_', '"~_" is no value'],
    ['~10+5x2', '"~10+5x2" is no value'],
    ['~', '"~" is no value'],
    ['10+5', '"10+5" is no value'],
    ['1,5', '"1,5" is no value'],
    ['NaN', '"NaN" is no value'],
    ['95x0', 'stands for no slot'],
    [`1x${slotsMax + 1}`, `more than ${slotsMax} slots`],
    ['1x99999999999999999999', `more than ${slotsMax} slots`],
  ])('%j is refused with a reason', (text, message) => {
    expect(parseSeries(text)).toMatchObject({ ok: false, message: expect.stringContaining(message) })
  })
})
