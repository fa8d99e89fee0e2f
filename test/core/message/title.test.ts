import { expect, test } from 'vitest'
import { titleOf } from '../../../core/message/title.ts'
import type { Status } from '../../../core/monitor/spec-types.ts'

const titles: readonly (readonly [Status, string, boolean, string])[] = [
  ['Alert', 'host:web-1', true, '[Triggered on {host:web-1}] CPU is high'],
  ['Warn', 'host:web-1', true, '[Warn on {host:web-1}] CPU is high'],
  ['OK', 'host:web-1', true, '[Recovered on {host:web-1}] CPU is high'],
  ['No Data', 'host:web-1', true, '[No Data on {host:web-1}] CPU is high'],
  ['Alert', 'device:/dev/sda,host:web-1', true, '[Triggered on {device:/dev/sda,host:web-1}] CPU is high'],
  ['Alert', 'host:a\\,b', true, '[Triggered on {host:a,b}] CPU is high'],
  ['Alert', '*', true, '[Triggered] CPU is high'],
  ['OK', 'host:web-1', false, '[Recovered] CPU is high'],
]

test.each(titles)('into %s of group %s with include_tags %s is titled %s', (to, group, includeTags, title) => {
  expect(titleOf('CPU is high', { group, to, reason: 'threshold-crossed' }, includeTags)).toBe(title)
})

test('a title is one line, whatever the name has', () => {
  expect(titleOf('two\r\nlines', { group: '*', to: 'Alert', reason: 'threshold-crossed' }, true)).toBe('[Triggered] two lines')
})

test.each([
  ['Alert', 'Re-Triggered'],
  ['Warn', 'Re-Warn'],
  ['No Data', 'Re-No Data'],
] as const)('a repeat of %s says so', (to, headline) => {
  expect(titleOf('CPU is high', { group: 'host:a', to, reason: 'renotify' }, true)).toBe(`[${headline} on {host:a}] CPU is high`)
})

test('what flaps says so, whatever it is just then', () => {
  expect(titleOf('CPU is high', { group: 'host:a', to: 'OK', reason: 'flapping' }, true)).toBe('[Flapping on {host:a}] CPU is high')
  expect(titleOf('CPU is high', { group: 'host:a', to: 'OK', reason: 'settled' }, true)).toBe('[Recovered on {host:a}] CPU is high')
})
