import { describe, expect, test } from 'vitest'
import type { Transition } from '../../../core/monitor/types.ts'
import { ruleShares, withRuleRecipients } from '../../../core/notification-rules/match.ts'
import { type NotificationRule, prepareRule } from '../../../core/notification-rules/rule.ts'

const toAlert = { group: 'host:web-1,env:prod', from: 'OK', to: 'Alert', reason: 'threshold-crossed' } as const
const subject = { tags: ['team:shop', 'service:Cart', 'env:dev', 'urgent'], priority: 2 }

type Change = Partial<Pick<Transition, 'group' | 'from' | 'to' | 'reason'>>

const rule = (change: Partial<NotificationRule>): NotificationRule => ({
  name: 'a rule',
  filter: { kind: 'tags', tags: ['team:shop'] },
  recipients: { kind: 'always', recipients: ['slack-shop'] },
  bundleS: null,
  ...change,
})

function given(change: Partial<NotificationRule>, transition: Change = {}): readonly string[] {
  return ruleShares([prepareRule('id', rule(change))], subject, { ...toAlert, ...transition }).flatMap(({ recipients }) => recipients)
}

describe('a filter by tags', () => {
  const cases: [string, readonly string[], boolean][] = [
    ['a tag of the monitor', ['team:shop'], true],
    ['a tag of the group', ['host:web-1'], true],
    ['tags of both', ['team:shop', 'host:web-1'], true],
    ['one that is missing beside one that is there', ['team:shop', 'region:eu'], false],
    ['a key of both: the value of the monitor', ['env:dev'], true],
    ['a key of both: the value of the group', ['env:prod'], true],
    ['another value of the key', ['env:test'], false],
    ['any value of a key', ['host:*'], true],
    ['any value of a key that is missing', ['region:*'], false],
    ['a beginning', ['host:web-*'], true],
    ['case is the same', ['SERVICE:cart'], true],
    ['a tag without a key', ['urgent'], true],
    ['a key is no tag without a key', ['team'], false],
    ['a tag without a key is no key with a value', ['urgent:yes'], false],
    ['what is told', ['transition_type:is_alert'], true],
    ['the priority', ['priority:p2'], true],
    ['another priority', ['priority:p1'], false],
  ]
  test.each(cases)('%s', (_name, tags, matches) => {
    expect(given({ filter: { kind: 'tags', tags } })).toEqual(matches ? ['slack-shop'] : [])
  })
})

describe('a filter by scope', () => {
  const cases: [string, string, boolean][] = [
    ['everything', '*', true],
    ['one of several values', 'service:(pay OR cart)', true],
    ['in a list', 'service IN (pay, cart)', true],
    ['and not', 'team:shop AND NOT host:web-2', true],
    ['a denied value of either counts', 'team:shop AND NOT env:dev', false],
    ['nothing is implied', 'NOT region:eu', true],
    ['a bare key: any value', 'host', true],
    ['what is told and how urgent', 'transition_type:alert AND priority:(p1 OR p2)', true],
    ['what is not told', 'transition_type:is_recovery', false],
  ]
  test.each(cases)('%s', (_name, scope, matches) => {
    expect(given({ filter: { kind: 'scope', scope } })).toEqual(matches ? ['slack-shop'] : [])
  })
})

describe('what is told, as transition_type', () => {
  const cases: [string, Change, readonly string[]][] = [
    ['into Alert', {}, ['is_alert']],
    ['a repeat of Alert', { from: 'Alert', reason: 'renotify' }, ['is_alert', 'is_renotify']],
    ['into Warn', { to: 'Warn' }, ['is_warning']],
    ['Alert to Warn', { from: 'Alert', to: 'Warn' }, ['is_warning', 'is_alert_to_warning']],
    ['into No Data', { to: 'No Data' }, ['is_no_data']],
    ['from Alert to OK', { from: 'Alert', to: 'OK' }, ['is_recovery', 'is_alert_recovery']],
    ['from Warn to OK', { from: 'Warn', to: 'OK' }, ['is_recovery', 'is_warning_recovery']],
    ['from No Data to OK', { from: 'No Data', to: 'OK' }, ['is_recovery', 'is_no_data_recovery']],
  ]
  const types = [
    'is_alert',
    'is_warning',
    'is_no_data',
    'is_recovery',
    'is_alert_recovery',
    'is_warning_recovery',
    'is_no_data_recovery',
    'is_alert_to_warning',
    'is_renotify',
  ]
  test.each(cases)('%s', (_name, change, expected) => {
    const holds = types.filter((type) => given({ filter: { kind: 'scope', scope: `transition_type:${type}` } }, change).length > 0)
    expect(holds).toEqual(expected)
    const short = types.filter((type) => given({ filter: { kind: 'tags', tags: [`transition_type:${type.slice(3)}`] } }, change).length > 0)
    expect(short).toEqual(expected)
  })
})

describe('conditional recipients', () => {
  const conditional = (fallback: readonly string[] | null): Partial<NotificationRule> => ({
    recipients: {
      kind: 'conditional',
      conditions: [
        { scope: 'transition_type:is_alert', recipients: ['pagerduty-shop', 'slack-shop'] },
        { scope: 'env:prod', recipients: ['slack-shop', 'ops@example.com'] },
        { scope: 'transition_type:is_warning AND env:dev', recipients: ['slack-dev'] },
      ],
      fallback,
    },
  })
  const cases: [string, Change, readonly string[]][] = [
    ['every condition that holds counts, each recipient once', {}, ['pagerduty-shop', 'slack-shop', 'ops@example.com']],
    ['one that holds keeps the fallback quiet', { to: 'Warn', group: 'host:a' }, ['slack-dev']],
    ['without any the fallback is told', { from: 'Alert', to: 'OK', group: 'host:a' }, ['slack-all']],
  ]
  test.each(cases)('%s', (_name, transition, expected) => {
    expect(given(conditional(['slack-all']), transition)).toEqual(expected)
  })
  test('without any, and without a fallback, nobody is told', () => {
    expect(given(conditional(null), { from: 'Alert', to: 'OK', group: 'host:a' })).toEqual([])
  })
  test('of a rule whose filter does not match nobody is told', () => {
    expect(given({ ...conditional(['slack-all']), filter: { kind: 'tags', tags: ['team:other'] } })).toEqual([])
  })
})

test('every matching rule counts, and nobody is named twice', () => {
  const rules = [
    rule({ name: 'one', recipients: { kind: 'always', recipients: ['slack-shop', 'jira-shop'] } }),
    rule({ name: 'other team', filter: { kind: 'tags', tags: ['team:core'] }, recipients: { kind: 'always', recipients: ['slack-core'] } }),
    rule({ name: 'two', filter: { kind: 'scope', scope: 'env:prod' }, recipients: { kind: 'always', recipients: ['jira-shop', 'log'] } }),
  ].map((one, index) => prepareRule(`id-${index}`, one))
  expect(withRuleRecipients(['webhook-ops', 'slack-shop'], rules, subject, toAlert)).toEqual([
    'webhook-ops',
    'slack-shop',
    'jira-shop',
    'log',
  ])
  expect(ruleShares(rules, subject, toAlert).map(({ rule: { name }, recipients }) => [name, recipients])).toEqual([
    ['one', ['slack-shop', 'jira-shop']],
    ['two', ['jira-shop', 'log']],
  ])
  expect(withRuleRecipients(['webhook-ops'], [], subject, toAlert)).toEqual(['webhook-ops'])
})

test('a scope that can no longer be read is met by nothing', () => {
  expect(given({ filter: { kind: 'scope', scope: 'env:(' } })).toEqual([])
})

test('a bundle has the tags that its groups share', () => {
  expect(given({ filter: { kind: 'tags', tags: ['env:prod'] } }, { group: 'env:prod' })).toEqual(['slack-shop'])
  expect(given({ filter: { kind: 'tags', tags: ['host:web-1'] } }, { group: '*' })).toEqual([])
})
