import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unstorable } from '../../contract/json.ts'

describe('what can be stored', () => {
  test.each([
    [{ a: [1, 'x', null, true, { b: 'ü🙂' }] }],
    ['text'],
    [undefined],
    [JSON.parse('[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]')],
  ])('%j', (body) => {
    expect(unstorable(body)).toBeNull()
  })
})

describe('what can’t be, with its place', () => {
  test.each([
    ['a NUL in a text', { a: [{ b: 'x\u0000' }] }, 'a.0.b: text must not contain the NUL character'],
    ['a NUL in a name', { 'a\u0000': 1 }, 'a\u0000: text must not contain the NUL character'],
    ['half a surrogate pair', { a: '\udfff' }, 'a: text must not contain half of a surrogate pair'],
    ['a prototype', JSON.parse('{"a": {"__proto__": 1}}'), 'a.__proto__: this name is not allowed'],
    ['infinity', JSON.parse('{"a": 1e999}'), 'a: number out of range'],
    ['a text alone', '\u0000', 'text must not contain the NUL character'],
  ])('%s', (_name, body, sentence) => {
    expect(unstorable(body)).toBe(sentence)
  })

  test('33 levels', () => {
    expect(unstorable(JSON.parse(`${'['.repeat(33)}${']'.repeat(33)}`))).toMatch(/nested deeper than 32 levels$/)
  })

  test('a long name is cut in the sentence', () => {
    expect(unstorable({ ['x'.repeat(10_000)]: '\u0000' })?.length).toBeLessThan(300)
  })
})

test('every other JSON is fine', () => {
  // `__proto__` is not one of the others; random keys come upon it.
  const others = fc
    .jsonValue({ maxDepth: 10, stringUnit: 'grapheme-ascii' })
    .filter((body) => !JSON.stringify(body).includes('"__proto__":'))
  fc.assert(fc.property(others, (body) => unstorable(body) === null))
})
