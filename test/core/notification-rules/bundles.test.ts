import { expect, test } from 'vitest'
import { bundlesOf, commonBundle } from '../../../core/notification-rules/bundles.ts'
import type { RuleShare } from '../../../core/notification-rules/match.ts'

const share = (id: string, bundleS: number | null, ...recipients: readonly string[]): RuleShare => ({
  rule: { id, name: id, bundleS },
  recipients,
})
const hour = { ruleId: 'hour', durationS: 3_600 }
const minute = { ruleId: 'minute', durationS: 60 }

test.each<[string, readonly string[], readonly RuleShare[], object]>([
  ['who is named by no rule is told at once', ['slack-a'], [], {}],
  [
    'who is named by a rule that gathers is gathered',
    [],
    [share('hour', 3_600, 'slack-a', 'slack-b')],
    { 'slack-a': hour, 'slack-b': hour },
  ],
  ['the message itself wants to be told at once', ['slack-a'], [share('hour', 3_600, 'slack-a')], {}],
  ['so does a rule that gathers nothing', [], [share('hour', 3_600, 'slack-a'), share('plain', null, 'slack-a')], {}],
  ['whichever comes first', [], [share('plain', null, 'slack-a'), share('hour', 3_600, 'slack-a')], {}],
  ['of two that gather the shorter counts', [], [share('hour', 3_600, 'slack-a'), share('minute', 60, 'slack-a')], { 'slack-a': minute }],
])('%s', (_name, handles, shares, expected) => {
  expect(Object.fromEntries(bundlesOf(handles, shares))).toEqual(expected)
})

test('messages of one commit are gathered together, or not at all', () => {
  expect(commonBundle([])).toBeNull()
  expect(commonBundle([hour])).toEqual(hour)
  expect(commonBundle([hour, minute, hour])).toEqual(minute)
  expect(commonBundle([hour, undefined])).toBeNull()
  expect(commonBundle([undefined, hour])).toBeNull()
})
