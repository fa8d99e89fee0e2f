import { describe, expect, test } from 'vitest'
import { parseTransitionLine, printExpected } from '../../../core/scenario/transition-line.ts'
import type { Moment } from '../../../core/scenario/types.ts'

const slotOf = (text: string): Moment | null => (/^\d+$/.test(text) ? { kind: 'slot', slot: Number(text) } : null)
const nothing = { reason: null, value: null, notify: null }

describe('a transition in one line', () => {
  test.each([
    ['3 host:a OK → Alert', { group: 'host:a', from: 'OK', to: 'Alert', ...nothing }],
    ['3 OK -> No Data', { group: '*', from: 'OK', to: 'No Data', ...nothing }],
    ['3 host:a No Data→No Data', { group: 'host:a', from: 'No Data', to: 'No Data', ...nothing }],
    [
      '3 env:prod,host:a Warn → OK, told',
      { group: 'env:prod,host:a', from: 'Warn', to: 'OK', ...nothing, notify: { send: true, reason: null } },
    ],
    ['3 team:on call OK → Alert', { group: 'team:on call', from: 'OK', to: 'Alert', ...nothing }],
    [
      '3 host:a OK → Alert, value -1.5, not told held-by-downtime, threshold-crossed',
      {
        group: 'host:a',
        from: 'OK',
        to: 'Alert',
        reason: 'threshold-crossed',
        value: -1.5,
        notify: { send: false, reason: 'held-by-downtime' },
      },
    ],
  ])('%s', (line, transition) => {
    expect(parseTransitionLine(line, slotOf)).toEqual({ ok: true, transition: { at: { kind: 'slot', slot: 3 }, ...transition } })
  })

  test('is printed as it is read', () => {
    const line = '3 host:a OK → Alert, threshold-crossed, value 95, told entered-alert'
    const parsed = parseTransitionLine(line, slotOf)
    expect(parsed.ok && printExpected(parsed.transition, 3)).toBe(line)
  })

  test.each([
    ['', 'expected SLOT GROUP FROM → TO'],
    ['3 host:a', 'expected SLOT GROUP FROM → TO'],
    ['3 host:a OK → Broken', 'one of OK, Warn, Alert, No Data'],
    ['soon host:a OK → Alert', '"soon" is no slot'],
    ['3 host:a OK → Alert, value much', '"value much" is unclear'],
    ['3 host:a OK → Alert, told!', '"told!" is unclear'],
    ['3 host:a OK → Alert, Threshold Crossed', '"Threshold Crossed" is unclear'],
  ])('%j is refused with a reason', (line, message) => {
    expect(parseTransitionLine(line, slotOf)).toMatchObject({ ok: false, message: expect.stringContaining(message) })
  })
})
