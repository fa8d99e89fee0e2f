import { expect, test } from 'vitest'
import { messageContext } from '../../../core/message/context.ts'
import type { Status } from '../../../core/monitor/spec-types.ts'
import type { Transition } from '../../../core/monitor/types.ts'

const slot = Date.UTC(2026, 0, 31, 12, 5)
const base: Transition = {
  sequence: 7,
  group: 'host:web-1',
  from: 'OK',
  to: 'Alert',
  slot,
  value: 91.23456,
  threshold: 90,
  reason: 'threshold-crossed',
  version: 1,
  firstTriggeredAt: slot - 300_000,
  lastTriggeredAt: slot,
  notify: { send: true, reason: 'entered-alert' },
  bundle: null,
}
const definition = {
  query: 'avg(last_5m):avg:system.cpu.user{*} by {host} >= 90',
  options: { thresholds: { critical: 90, warning: 80, critical_recovery: 70, warning_recovery: 60 } },
}

const flags: readonly (readonly [Status, Status, readonly string[]])[] = [
  ['OK', 'Alert', ['is_alert']],
  ['OK', 'Warn', ['is_warning']],
  ['Warn', 'Alert', ['is_alert']],
  ['Alert', 'Warn', ['is_alert_to_warning', 'is_warning']],
  ['Alert', 'OK', ['is_alert_recovery', 'is_recovery']],
  ['Warn', 'OK', ['is_recovery', 'is_warning_recovery']],
  ['OK', 'No Data', ['is_no_data']],
  ['No Data', 'OK', ['is_no_data_recovery', 'is_recovery']],
  ['No Data', 'Alert', ['is_alert']],
  ['Alert', 'Alert', ['is_alert']],
]

test.each(flags)('from %s to %s exactly the blocks %j render', (from, to, expected) => {
  const context = messageContext(definition, { ...base, from, to })
  const names = Object.entries(context).filter(([name, value]) => name.startsWith('is_') && value === true)
  expect(names.map(([name]) => name).sort()).toEqual(expected)
})

test('values, thresholds and times are named as in Datadog', () => {
  expect(messageContext(definition, base)).toMatchObject({
    value: 91.23456,
    threshold: 90,
    warn_threshold: 80,
    alert_recovery_threshold: 70,
    warn_recovery_threshold: 60,
    comparator: '>=',
    first_triggered_at: '2026-01-31T12:00:00Z',
    first_triggered_at_epoch: slot - 300_000,
    last_triggered_at: '2026-01-31T12:05:00Z',
    last_triggered_at_epoch: slot,
    triggered_duration_sec: 300,
    'host.name': 'web-1',
  })
})

test('the threshold is read off the query where the options have none', () => {
  expect(messageContext({ query: 'sum(last_1h):sum:errors{*} > -1.5e3 ', options: {} }, base)).toMatchObject({
    threshold: -1500,
    comparator: '>',
    warn_threshold: null,
  })
})

test('a query without a comparison leaves the names empty', () => {
  expect(messageContext({ query: '1 && 2', options: { thresholds: 'none' } }, base)).toMatchObject({ threshold: null, comparator: null })
})

test('tags with dots and escapes keep their key, and never hide a name of the engine', () => {
  const context = messageContext(definition, { ...base, group: 'kube.pod:a\\,b,value:9' })
  expect(context['kube.pod.name']).toBe('a,b')
  expect(context.value).toBe(91.23456)
})

test('a monitor that never triggered has no times', () => {
  expect(messageContext(definition, { ...base, group: '*', value: null, firstTriggeredAt: null, lastTriggeredAt: null })).toMatchObject({
    value: null,
    first_triggered_at: null,
    last_triggered_at_epoch: null,
    triggered_duration_sec: null,
  })
})
