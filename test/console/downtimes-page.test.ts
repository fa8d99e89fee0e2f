/** Downtimes as they are filled in, and the days of the calendar. */
import { expect, it } from 'vitest'
import type { Downtime } from '../../console/data/downtimes.ts'
import { attributesOf, emptyForm, formOf } from '../../console/pages/downtimes/form.ts'
import { daysFrom, fill } from '../../console/pages/downtimes/weeks.ts'
import { ruleText } from '../../console/pages/downtimes/words.ts'

const form = emptyForm('2026-11-24T22:00', 'Europe/Berlin')

const stored = (attributes: object): Downtime => ({
  id: 'd',
  attributes: {
    monitor_identifier: { monitor_tags: ['*'] },
    scope: '*',
    schedule: { start: null, end: null },
    message: null,
    mute_first_recovery_notification: false,
    status: 'scheduled',
    ...attributes,
  },
})

it.each([
  ['', { monitor_tags: ['*'] }],
  ['1012', { monitor_id: 1012 }],
  ['team:shop, env:prod', { monitor_tags: ['team:shop', 'env:prod'] }],
])('“%s” names monitors', (monitors, expected) => {
  expect(attributesOf({ ...form, monitors }).monitor_identifier).toEqual(expected)
})

it.each([
  [{ frequency: 'DAILY' }, 'FREQ=DAILY;INTERVAL=1'],
  [{ frequency: 'WEEKLY', every: '2', days: ['MO', 'FR'] }, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR'],
  [{ frequency: 'MONTHLY', days: ['MO'] }, 'FREQ=MONTHLY;INTERVAL=1'],
  [{ ruleText: 'FREQ=MONTHLY;BYDAY=1SU' }, 'FREQ=MONTHLY;BYDAY=1SU'],
] as const)('%o comes by a rule that is read back as it was', (parts, rrule) => {
  const attributes = attributesOf({ ...form, kind: 'again', ...parts })
  const schedule = { timezone: 'Europe/Berlin', recurrences: [{ start: '2026-11-24T22:00', duration: '2h', rrule }] }
  expect(attributes.schedule).toEqual(schedule)
  const back = formOf(stored({ ...attributes, schedule }), 'UTC')
  expect(back === null ? null : attributesOf(back).schedule).toEqual(schedule)
})

it('one with several rules has no form', () => {
  const rule = { start: '2026-11-24T22:00', duration: '2h', rrule: 'FREQ=DAILY' }
  expect(formOf(stored({ schedule: { timezone: 'UTC', recurrences: [rule, rule] } }), 'UTC')).toBeNull()
})

it('says rules in words, and what it has no words for as it is', () => {
  expect(ruleText('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH')).toBe('every 2 weeks on Mon, Thu')
  expect(ruleText('FREQ=DAILY;INTERVAL=1')).toBe('every day')
  expect(ruleText('FREQ=MONTHLY;BYSETPOS=-1;BYDAY=SU')).toBe('FREQ=MONTHLY;BYSETPOS=-1;BYDAY=SU')
})

it('a calendar has whole weeks from Monday on, and each day what holds for some of it', () => {
  const days = daysFrom(new Date(2026, 10, 24, 12).getTime(), 0, 2)
  expect(days.map(({ startMs }) => new Date(startMs).getDate())).toEqual([23, 24, 25, 26, 27, 28, 29, 30, 1, 2, 3, 4, 5, 6])
  const over = { id: 'd', start: new Date(2026, 10, 24, 22).toISOString(), end: new Date(2026, 10, 25, 2).toISOString() }
  const open = { id: 'e', start: new Date(2026, 11, 5, 1).toISOString(), end: null }
  const filled = fill(days, [over, open]).map(({ occurrences }) => occurrences.map(({ id }) => id).join(''))
  expect(filled).toEqual(['', 'd', 'd', '', '', '', '', '', '', '', '', '', 'e', 'e'])
})
