import { describe, expect, test } from 'vitest'
import { cantAcknowledge } from '../../../core/monitor/acknowledge.ts'
import { evaluated, play, stateOf } from './fixtures.ts'

const said = { by: 'ann', until: null, note: null }
const values = { 'host:a': 95, 'host:b': 10 }
const alone = play(stateOf(), [(state) => evaluated(state, values)]).state
const bundled = play(stateOf({ notifyBy: [] }), [(state) => evaluated(state, values)]).state

describe('what can’t be acknowledged', () => {
  test.each<[string, '*' | readonly string[], readonly string[]]>([
    ['a group that is bad can', ['host:a'], []],
    ['all can, as long as something is bad', '*', []],
    ['a group that is OK', ['host:a', 'host:b'], ['host:b is OK: there is nothing to acknowledge']],
    ['a group that isn’t there', ['host:c'], ['no group of this monitor is host:c']],
    [
      'a name that every object has',
      ['toString', '__proto__'],
      ['no group of this monitor is toString', 'no group of this monitor is __proto__'],
    ],
  ])('%s', (_what, named, reasons) => {
    expect(cantAcknowledge(alone, named, said)).toEqual(reasons)
  })

  test('of bundles both the bundle and its bad groups can', () => {
    expect(cantAcknowledge(bundled, ['*', 'host:a'], said)).toEqual([])
    expect(cantAcknowledge(alone, ['*'], said)).toEqual(['no group of this monitor is *'])
  })

  test('all where all is OK', () => {
    const fine = play(alone, [(state) => evaluated(state, { 'host:a': 10, 'host:b': 10 })]).state
    expect(cantAcknowledge(fine, '*', said)).toEqual(['nothing of this monitor is other than OK: there is nothing to acknowledge'])
  })

  test('at most twenty reasons are given', () => {
    const names = Array.from({ length: 50 }, (_, index) => `host:${index}`)
    expect(cantAcknowledge(alone, names, said)).toHaveLength(20)
  })

  test('notes that are too long together; the same note of many groups counts once', () => {
    const keys = Array.from({ length: 60 }, (_, index) => `host:${index}`)
    const many = play(stateOf({ groupsMax: 100 }), [(state) => evaluated(state, Object.fromEntries(keys.map((key) => [key, 95])))]).state
    const note = 'x'.repeat(490)
    const acknowledge = (of: (key: string) => string) =>
      keys.map((key) => ({ kind: 'acknowledged', groups: [key], said: { ...said, note: of(key) }, at: many.lastSlot }) as const)
    const alike = play(
      many,
      acknowledge(() => note),
    ).state
    expect(cantAcknowledge(alike, ['host:1'], { ...said, note })).toEqual([])
    const different = play(
      many,
      acknowledge((key) => `${note}${key}`),
    ).state
    expect(cantAcknowledge(different, ['host:1'], { ...said, note })).toEqual([
      'the notes on this monitor’s groups are too long together: make this one shorter',
    ])
  })
})
