import { expect, test } from 'vitest'
import { flagsOf } from '../../../core/message/flags.ts'
import type { Transition } from '../../../core/monitor/types.ts'

test.each<[Pick<Transition, 'from' | 'to' | 'reason'>, readonly string[]]>([
  [{ from: 'OK', to: 'OK', reason: 'flapping' }, ['is_alert']],
  [{ from: 'Warn', to: 'Warn', reason: 'flapping' }, ['is_warning']],
  [{ from: 'Alert', to: 'Alert', reason: 'settled' }, ['is_alert']],
  [{ from: 'OK', to: 'OK', reason: 'settled' }, ['is_recovery', 'is_alert_recovery']],
  [{ from: 'Alert', to: 'Alert', reason: 'cause-ended' }, ['is_alert']],
])('%j renders these blocks', (transition, blocks) => {
  const rendered = Object.entries(flagsOf(transition)).filter(([, renders]) => renders)
  expect(rendered.map(([name]) => name)).toEqual(expect.arrayContaining([...blocks]))
  expect(rendered).toHaveLength(blocks.length)
})
