import { expect, test } from 'vitest'
import { cellOf } from '../../../core/schedule/cells.ts'

const ids = Array.from({ length: 9_000 }, (_, index) => String(1_001 + index))

test('each cell gets its share of new monitors', () => {
  const names = ['default', 'east', 'west']
  for (const name of names) {
    const share = ids.filter((id) => cellOf(id, names) === name).length
    expect(share).toBeGreaterThan(ids.length / 3 - 300)
    expect(share).toBeLessThan(ids.length / 3 + 300)
  }
})

test('a cell that is added draws from all, and changes nothing between the others', () => {
  const changed = ids.filter((id) => cellOf(id, ['default', 'east', 'west']) !== cellOf(id, ['default', 'east']))
  expect(changed.every((id) => cellOf(id, ['default', 'east', 'west']) === 'west')).toBe(true)
  expect(changed.length).toBeGreaterThan(ids.length / 3 - 300)
})

test('the order in which cells are named says nothing', () => {
  for (const id of ids.slice(0, 200)) expect(cellOf(id, ['a', 'b', 'c'])).toBe(cellOf(id, ['c', 'a', 'b']))
})

test('one cell gets all', () => {
  expect(cellOf('1001', ['only'])).toBe('only')
})
