import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Status } from '../../../core/monitor/spec-types.ts'
import { joinMembers } from '../../../core/query/composite-join.ts'
import { membersOf, parseComposite } from '../../../core/query/composite-language.ts'
import { compositeStatus } from '../../../core/query/composite-status.ts'

const statuses: readonly Status[] = ['OK', 'Warn', 'Alert', 'No Data', 'Unknown']

/** `1` and `2` are the statuses of the two members. */
const of = (text: string, one: Status, other: Status = 'OK'): Status => {
  const parsed = parseComposite(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return compositeStatus(parsed.query.of, (id) => (id === 1 ? one : other))
}

describe('a composite comes to', () => {
  test.each<[string, Status, Status, Status]>([
    ['1 && 2', 'Alert', 'Alert', 'Alert'],
    ['1 && 2', 'Alert', 'Warn', 'Warn'],
    ['1 && 2', 'Alert', 'No Data', 'No Data'],
    ['1 && 2', 'Warn', 'No Data', 'No Data'],
    ['1 && 2', 'No Data', 'OK', 'OK'],
    ['1 || 2', 'Alert', 'OK', 'Alert'],
    ['1 || 2', 'Warn', 'No Data', 'Warn'],
    ['1 || 2', 'No Data', 'OK', 'No Data'],
    ['1 && !2', 'Alert', 'OK', 'Alert'],
    ['1 && !2', 'Alert', 'Alert', 'OK'],
    ['1 && !2', 'Alert', 'No Data', 'No Data'],
    ['!1 || 2', 'Warn', 'OK', 'OK'],
    ['!!1 || 2', 'Warn', 'OK', 'Alert'],
    ['1 || 2', 'Unknown', 'OK', 'No Data'],
  ])('%s with %s and %s: %s', (text, one, other, status) => {
    expect(of(text, one, other)).toBe(status)
  })

  test('the same by either law of De Morgan, where nobody warns', () => {
    const sure = fc.constantFrom<Status>('OK', 'Alert', 'No Data')
    fc.assert(fc.property(sure, sure, (one, other) => of('!(1 && 2)', one, other) === of('!1 || !2', one, other)))
  })

  test('the same for both orders, and never Unknown', () => {
    const some = fc.constantFrom(...statuses)
    fc.assert(
      fc.property(some, some, fc.constantFrom('&&', '||'), (one, other, operator) => {
        const status = of(`1 ${operator} 2`, one, other)
        expect(status).toBe(of(`2 ${operator} 1`, one, other))
        expect(status).not.toBe('Unknown')
      }),
    )
  })
})

test('members are named once each, as they are written', () => {
  const parsed = parseComposite('3 && (1 || !3) && 2')
  expect(parsed.ok && membersOf(parsed.query.of)).toEqual([3, 1, 2])
})

describe('the groups of a composite', () => {
  const whole = (overall: Status) => ({ overall, groups: { '*': overall } })
  const grouped = (groups: Readonly<Record<string, Status>>) => ({ overall: 'Alert' as const, groups })
  test.each<[string, Parameters<typeof joinMembers>[0], ReturnType<typeof joinMembers>]>([
    ['without groups there is one', [whole('OK'), whole('Alert')], { '*': ['OK', 'Alert'] }],
    ['one that has seen nothing counts as a whole', [{ overall: 'No Data', groups: {} }, whole('OK')], { '*': ['No Data', 'OK'] }],
    [
      'groups that all have are joined',
      [grouped({ 'host:a': 'OK', 'host:b': 'Warn' }), grouped({ 'host:b': 'Alert', 'host:c': 'OK' })],
      { 'host:b': ['Warn', 'Alert'] },
    ],
    [
      'a member without groups counts for each',
      [grouped({ 'host:a': 'OK', 'host:b': 'Warn' }), whole('Alert')],
      { 'host:a': ['OK', 'Alert'], 'host:b': ['Warn', 'Alert'] },
    ],
    [
      'the one with more keys counts with its worst',
      [grouped({ 'host:a': 'OK' }), grouped({ 'disk:1,host:a': 'OK', 'disk:2,host:a': 'Alert', 'disk:1,host:b': 'Alert' })],
      { 'host:a': ['OK', 'Alert'] },
    ],
    [
      'common keys are joined on',
      [grouped({ 'env:p,host:a': 'Warn' }), grouped({ 'disk:1,host:a': 'Alert' })],
      { 'host:a': ['Warn', 'Alert'] },
    ],
    [
      'without a common key members count as a whole',
      [grouped({ 'host:a': 'OK' }), grouped({ 'disk:1': 'OK' })],
      { '*': ['Alert', 'Alert'] },
    ],
    ['without a common group there is none', [grouped({ 'host:a': 'OK' }), grouped({ 'host:b': 'OK' })], {}],
    [
      'commas in values are no borders',
      [grouped({ 'host:a\\,b': 'OK' }), grouped({ 'host:a\\,b': 'Warn' })],
      { 'host:a\\,b': ['OK', 'Warn'] },
    ],
  ])('%s', (_name, members, joined) => {
    expect(joinMembers(members)).toEqual(joined)
  })
})
