import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SecretError, secretBox } from '../../adapters/secrets/box.ts'

const key = (byte: number) => Buffer.alloc(32, byte)
const box = (...bytes: number[]) => {
  const made = secretBox(bytes.map(key))
  if (made === null) throw new Error('no keys')
  return made
}

test('what is sealed is opened again, and never looks the same twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
      const { seal, open } = box(1)
      const sealed = seal(text, about)
      expect(open(sealed, about)).toBe(text)
      expect(seal(text, about)).not.toBe(sealed)
    }),
  )
})

test('without a key there is no box', () => {
  expect(secretBox([])).toBeNull()
})

test('the first key seals, each opens', () => {
  const old = box(1).seal('x', 'a')
  expect(box(2, 1).open(old, 'a')).toBe('x')
  expect(() => box(1).open(box(2, 1).seal('x', 'a'), 'a')).toThrow(SecretError)
})

test.for([
  ['another key', (sealed: string) => [box(2), sealed, 'a'] as const],
  ['another owner', (sealed: string) => [box(1), sealed, 'b'] as const],
  ['a changed text', (sealed: string) => [box(1), `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, 'a'] as const],
  ['a cut text', (sealed: string) => [box(1), sealed.slice(0, 30), 'a'] as const],
  ['no text at all', () => [box(1), '', 'a'] as const],
] as const)('it isn’t opened with %s, and the reason holds nothing of it', ([, change]) => {
  const [opener, sealed, about] = change(box(1).seal('hunter2', 'a'))
  expect(() => opener.open(sealed, about)).toThrow(SecretError)
  expect(() => opener.open(sealed, about)).not.toThrow(/hunter2/)
})
