import { expect, test } from 'vitest'
import { evaluatedNames } from '../../../core/query/evaluate/functions.ts'
import { functionNamed, functions } from '../../../core/query/functions.ts'

const names = functions.map(({ name }) => name)

test('each function is in the table once', () => {
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([])
})

test('what can be written can be evaluated, and the other way round', () => {
  const judged = functions.filter(({ place }) => place === 'outermost').map(({ name }) => name)
  expect([...evaluatedNames, ...judged].sort()).toEqual([...names].sort())
})

test.each(functions.map((one) => [one.name, one] as const))(
  '%s() says what it does, and needs no argument behind one that may be left out',
  (name, one) => {
    expect(functionNamed(name)).toBe(one)
    expect(one.about).toMatch(/\.$/)
    const optional = one.parameters.map(({ standard }) => standard !== undefined)
    expect(optional).toEqual([...optional].sort((left, right) => Number(left) - Number(right)))
  },
)
