import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupKey, parseGroupKey } from '../../../core/monitor/group.ts'

const part = fc.oneof(fc.string(), fc.stringMatching(/^[a:,\\*]*$/), fc.constantFrom('__proto__', '*', ''))
const sorted = (tags: object): string => JSON.stringify(Object.entries(tags).sort())
const tagSet = fc.array(fc.tuple(part, part)).map((entries) => Object.fromEntries(entries))

test.each([
  [{}, '*'],
  [{ host: 'web-1' }, 'host:web-1'],
  [{ mount: '/', device: 'c:' }, 'device:c:,mount:/'],
  [{ host: 'a,b' }, 'host:a\\,b'],
  [{ host: 'a\\b' }, 'host:a\\\\b'],
  [{ 'a:b': 'c' }, 'a\\:b:c'],
])('%j is written %s', (tags, key) => {
  expect(groupKey(tags)).toBe(key)
  expect(parseGroupKey(key)).toEqual(tags)
})

test('every set of tags comes back from its text', () => {
  fc.assert(
    fc.property(tagSet, (tags) => {
      expect(sorted(parseGroupKey(groupKey(tags)))).toBe(sorted(tags))
    }),
  )
})

test('different sets of tags have different texts, whatever the order of their keys', () => {
  fc.assert(
    fc.property(tagSet, tagSet, (one, other) => {
      const reversed = Object.fromEntries(Object.entries(one).reverse())
      expect(groupKey(reversed)).toBe(groupKey(one))
      expect(groupKey(one) === groupKey(other)).toBe(sorted(one) === sorted(other))
    }),
  )
})

test('any text at all is read without an error', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof parseGroupKey(text)).toBe('object')
    }),
  )
})
