import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compute } from '../../../core/message/template/sum.ts'
import { namesIn, parseSum } from '../../../core/message/template/sum-syntax.ts'

const names: Readonly<Record<string, string | number>> = { value: 1_610_612_736, ratio: 0.123_456, 'host.name': 'prod-web-1', count: '42' }
const lookup = (name: string) => names[name] ?? null

function result(text: string): string | number {
  const parsed = parseSum(text)
  if (!parsed.ok) return `${parsed.message} @${parsed.offset}`
  const computed = compute(parsed.sum, lookup)
  return computed.ok ? computed.value : computed.reason
}

test.each<readonly [string, string | number]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['100 / 10 / 2', 5],
  ['7 % 4', 3],
  ['2 ** 3 ** 2', 512],
  ['-2 ** 2', -4],
  ['2 ** -1', 0.5],
  ['--2', 2],
  ['+3', 3],
  ['.5 + 1.5e1', 15.5],
  ['0.1 + 0.2', 0.3],
  ['round(value / 1073741824, 1)', 1.5],
  ['round(2.5)', 3],
  ['round(-1.005, 2)', -1],
  ['round(5, 99)', 5],
  ['int(-3.7)', -3],
  ['abs(-3)', 3],
  ['floor(1.9) + ceil(1.1)', 3],
  ['min(3, 1, 2) + max(3, 1, 2)', 4],
  ['count * 2', 84],
  ["strip(host.name, 'prod-')", 'web-1'],
  ["strip(' a ')", 'a'],
  ["strip(host.name, '')", 'prod-web-1'],
  ['[host.name] + 1', '"prod-web-1" is no number'],
  ['unknown + 1', 'unknown has no value'],
  ['1 / 0', 'its result is no number'],
  ['9 ** 999', 'its result is no number'],
  ['', 'expected a number or a name, but the sum ends @0'],
  ['1 +', 'expected a number or a name, but the sum ends @3'],
  ['1 2', 'expected +, -, *, /, %, ** or the end, but "2" stands there @2'],
  ['(1', 'expected ), but the sum ends @2'],
  ['1 ; 2', '";" can’t stand in a sum @2'],
  ['eval(1)', 'there is no function "eval": use one of round, int, abs, floor, ceil, min, max, strip @0'],
  ['constructor(1)', 'there is no function "constructor": use one of round, int, abs, floor, ceil, min, max, strip @0'],
  ['round(1, 2, 3)', 'round takes 1 to 2 arguments, not 3 @0'],
  ['int()', 'expected a number or a name, but ")" stands there @4'],
  [`${'('.repeat(40)}1${')'.repeat(40)}`, 'the sum is nested deeper than 30 @30'],
])('%s comes to %j', (text, expected) => {
  expect(result(text)).toBe(expected)
})

test('the names of a sum are those it asks for', () => {
  const parsed = parseSum('round(-value / log.attributes.size, [a b]) + 1 * "text"')
  expect(parsed.ok && namesIn(parsed.sum)).toEqual(['value', 'log.attributes.size', 'a b'])
})

test('numbers come to what JavaScript computes', () => {
  const number = fc.integer({ min: 1, max: 1_000 })
  const operator = fc.constantFrom('+', '-', '*')
  fc.assert(
    fc.property(number, operator, number, operator, number, (a, first, b, second, c) => {
      const [left, right] = [apply(first, a, b), apply(second, b, c)]
      expect(result(`(${a} ${first} ${b}) ${second} ${c}`)).toBe(apply(second, left, c))
      expect(result(`${a} ${first} (${b}${second}${c})`)).toBe(apply(first, a, right))
    }),
  )
})

test('any text is a sum or says what is wrong, at once', () => {
  const unit = fc.constantFrom('1', '.', 'e', '+', '-', '*', '/', '%', '(', ')', ',', ' ', 'a', '"', "'", '[', ']', 'round', 'ü', '\n')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
      expect(['string', 'number']).toContain(typeof result(text))
    }),
    { numRuns: 2_000 },
  )
  const started = performance.now()
  for (const part of ['1+', '-', '(', '1**', 'a.', '"', '[', ' ', 'round(']) result(part.repeat(1_000))
  expect(performance.now() - started).toBeLessThan(1_000)
})

function apply(operator: string, left: number, right: number): number {
  if (operator === '+') return left + right
  return operator === '-' ? left - right : left * right
}
