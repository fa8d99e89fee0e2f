/** Filters write into the search and read out of it; what somebody wrote otherwise stays as it is. */
import { expect, test } from 'vitest'
import { toggleValue, valuesOf, withoutKeys } from '../../console/pages/monitors/terms.ts'
import { parseMonitorSearch } from '../../contract/monitor-search.ts'

test.each([
  ['', 'status', 'alert', 'any', 'status:alert'],
  ['status:alert', 'status', 'warn', 'any', 'status:(alert OR warn)'],
  ['status:(alert OR warn)', 'status', 'alert', 'any', 'status:warn'],
  ['status:alert', 'status', 'alert', 'any', ''],
  ['disk', 'status', 'no data', 'any', 'disk status:"no data"'],
  ['disk status:"no data"', 'status', 'ok', 'any', 'disk status:("no data" OR ok)'],
  ['tag:"env:prod"', 'tag', 'service:a', 'all', 'tag:"env:prod" tag:"service:a"'],
  ['tag:"env:prod" tag:"service:a"', 'tag', 'env:prod', 'all', 'tag:"service:a"'],
  // Of what is written with words between, nothing is taken apart.
  ['cpu OR disk', 'status', 'alert', 'any', '(cpu OR disk) status:alert'],
  ['NOT status:ok', 'status', 'alert', 'any', 'NOT status:ok status:alert'],
  ['-status:ok', 'status', 'alert', 'any', '-status:ok status:alert'],
  ['"a b" (x y)', 'team', 'shop', 'any', '"a b" (x y) team:shop'],
] as const)('%j with %s %s', (query, key, value, kind, expected) => {
  const changed = toggleValue(query, key, value, kind)
  expect(changed).toBe(expected)
  expect(parseMonitorSearch(changed)).toMatchObject({ ok: true })
})

test.each([
  ['status:(alert OR "no data") disk', 'status', ['alert', 'no data']],
  ['status:alert', 'type', []],
  ['status:alert OR disk', 'status', []],
  ['priority:[1 TO 2]', 'priority', []],
])('%j says of %s %j', (query, key, values) => {
  expect(valuesOf(query, key)).toEqual(values)
})

test('without its filters a search is what remains', () => {
  expect(withoutKeys('disk status:alert team:shop "a b" tag:"x:y"', ['status', 'team', 'tag'])).toBe('disk "a b"')
})

test.each(['a"b', 'back\\slash', 'a b', 'ünï', 'k:v'])('the value %j comes back as it was', (value) => {
  const query = toggleValue('', 'tag', value, 'all')
  expect(parseMonitorSearch(query)).toMatchObject({ ok: true })
})
