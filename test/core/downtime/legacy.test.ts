import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinedScope, legacyUnits, legacyWeekdays, ruleOf } from '../../../core/downtime/legacy.ts'
import type { LegacyRecurrence } from '../../../core/downtime/plan.ts'
import { parseScope } from '../../../core/query/scope.ts'
import { parseRule } from '../../../core/schedule/rule.ts'

const none = { period: 1, week_days: null, until_occurrences: null, until_date: null } as const

test.each<[LegacyRecurrence, string]>([
  [{ ...none, type: 'days' }, 'FREQ=DAILY;INTERVAL=1'],
  [{ ...none, type: 'weeks', period: 2, week_days: ['Sat', 'Sun'] }, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU'],
  [{ ...none, type: 'months', until_occurrences: 5 }, 'FREQ=MONTHLY;INTERVAL=1;COUNT=5'],
  [{ ...none, type: 'years', until_date: 1_771_240_423 }, 'FREQ=YEARLY;INTERVAL=1;UNTIL=20260216T111343Z'],
  [{ type: 'rrule', rrule: 'FREQ=MONTHLY;BYDAY=1MO' }, 'FREQ=MONTHLY;BYDAY=1MO'],
])('%o is the rule %s', (recurrence, rule) => {
  expect(ruleOf(recurrence)).toBe(rule)
})

test('every recurrence by period is a rule that can be used', () => {
  const recurrence = fc.record({
    type: fc.constantFrom(...legacyUnits),
    period: fc.integer({ min: 1, max: 1_000 }),
    days: fc.subarray([...legacyWeekdays]),
    until: fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 9_999 }) }),
      fc.record({ date: fc.integer({ min: 0, max: 7_258_118_399 }) }),
    ),
  })
  fc.assert(
    fc.property(recurrence, ({ type, period, days, until }) => {
      const ends = { until_occurrences: 'count' in until ? until.count : null, until_date: 'date' in until ? until.date : null }
      const parsed = parseRule(ruleOf({ type, period, week_days: type === 'weeks' ? days : null, ...ends }))
      expect(parsed).toMatchObject({ ok: true })
    }),
  )
})

test.each<[readonly string[], string]>([
  [['*'], '*'],
  [['host:a', 'host:b'], 'host:a AND host:b'],
  [['host:a OR host:b', 'env:prod'], '(host:a OR host:b) AND env:prod'],
  [['env:a,team:b', 'x:y'], '(env:a,team:b) AND x:y'],
])('all of %o are the scope %s', (scopes, scope) => {
  expect(joinedScope(scopes)).toBe(scope)
  const each = scopes.map((text) => parseScope(text))
  expect(parseScope(scope)).toEqual(
    scopes.length === 1 ? each[0] : { ok: true, scope: { kind: 'and', of: each.map((part) => part.ok && part.scope) } },
  )
})
