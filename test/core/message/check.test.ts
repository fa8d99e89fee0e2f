import { expect, test } from 'vitest'
import { checkMessage } from '../../../core/message/check.ts'
import { flagsOf } from '../../../core/message/flags.ts'
import { blockNames, nearestName } from '../../../core/message/names.ts'

const check = (message: string, keys: readonly string[] | null = ['host', '@user', 'kube.pod', 'a.name'], name = 'load') =>
  checkMessage({ name, message, options: {} }, keys)

test.each([
  '{{value}} {{threshold}} {{last_triggered_at_epoch}} {{#is_alert}}{{else is_warning}}{{/is_alert}}',
  '{{host.name}} {{host}} {{@user.name}} {{user.name}} {{[kube.pod].name}} {{kube.pod.name}} {{a.name}}',
  '{{log.attributes.user}} {{event.title}} {{check_message}} {{a.value}} {{host.ip}}',
  '{{#is_match "host.name" "a"}}{{/is_match}}{{#is_priority "P1"}}{{/is_priority}}{{eval "value * log.x"}}{{local_time "last_triggered_at" "UTC"}}',
  '{{urlencode "host.name"}}{{override_priority "P2"}}',
  'nothing at all',
])('%s has nothing to be warned of', (message) => {
  expect(check(message)).toEqual({ errors: [], warnings: [] })
})

test.each([
  ['{{region.name}}', '{{region.name}} is always empty: notifications have the tags host, @user, kube.pod, a.name (line 1, column 3)'],
  [
    '{{#is_match "region.name" "a"}}{{/is_match}}',
    '{{region.name}} is always empty: notifications have the tags host, @user, kube.pod, a.name (line 1, column 4)',
  ],
  ['{{eval "values * 2"}}', 'the variable "values" is unknown and stays empty: did you mean value? (line 1, column 3)'],
  ['{{^is_alerts}}{{/is_alerts}}', 'the block "is_alerts" is unknown and never renders: did you mean is_alert? (line 1, column 4)'],
  [
    '{{#is_matches "a" "b"}}{{/is_matches}}',
    'the block "is_matches" is unknown and never renders: did you mean is_match? (line 1, column 4)',
  ],
  ['{{is_match "host.name" "b"}}', 'the helper "is_match" is unknown and stands as it is written (line 1, column 3)'],
])('%s is stored with a warning', (message, warning) => {
  expect(check(message)).toEqual({ errors: [], warnings: [`message: ${warning}`] })
})

test('without groups no tag has a value, and where only the source knows the groups any may have', () => {
  expect(check('{{host.name}}', []).warnings).toEqual([
    'message: {{host.name}} is always empty: notifications have no tags of a group (line 1, column 3)',
  ])
  expect(check('{{host.name}}', null).warnings).toEqual([])
})

test('a broken name and a broken message are both told, and warnings have a bound', () => {
  expect(check('{{', null, '{{#a}}').errors).toHaveLength(2)
  expect(check(Array.from({ length: 100 }, (_, index) => `{{x${index}}}`).join('')).warnings).toHaveLength(20)
})

test('every block that may hold is a known name', () => {
  expect(Object.keys(flagsOf({ from: 'OK', to: 'Alert', reason: 'threshold-crossed' })).sort()).toEqual([...blockNames].sort())
})

test('a name far from all is near to none', () => {
  expect(nearestName('x'.repeat(100_000), blockNames)).toBeNull()
  expect(nearestName('is_', blockNames)).toBeNull()
})
