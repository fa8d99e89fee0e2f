import { describe, expect, test } from 'vitest'
import { parseRule, parseStart } from '../../../core/schedule/rule.ts'

describe('a rule is taken apart', () => {
  test.each([
    ['FREQ=DAILY;INTERVAL=1', { parts: 'FREQ=DAILY;INTERVAL=1', until: null }],
    [' freq=weekly; byday=mo,fr ', { parts: 'FREQ=WEEKLY;BYDAY=MO,FR', until: null }],
    ['FREQ=MONTHLY;BYSETPOS=3;BYDAY=WE;INTERVAL=1', { parts: 'FREQ=MONTHLY;BYSETPOS=3;BYDAY=WE;INTERVAL=1', until: null }],
    ['FREQ=MONTHLY;BYDAY=-1FR,+2MO', { parts: 'FREQ=MONTHLY;BYDAY=-1FR,+2MO', until: null }],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', { parts: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', until: null }],
    ['FREQ=DAILY;BYHOUR=9;BYMINUTE=30;BYSECOND=0', { parts: 'FREQ=DAILY;BYHOUR=9;BYMINUTE=30;BYSECOND=0', until: null }],
    ['FREQ=DAILY;UNTIL=20261231T180000Z', { parts: 'FREQ=DAILY', until: { wall: '2026-12-31T18:00:00', utc: true } }],
    ['UNTIL=20261231T180000;FREQ=DAILY', { parts: 'FREQ=DAILY', until: { wall: '2026-12-31T18:00:00', utc: false } }],
    ['FREQ=DAILY;UNTIL=20261231', { parts: 'FREQ=DAILY', until: { wall: '2026-12-31T23:59:59', utc: false } }],
  ])('%s', (text, rule) => {
    expect(parseRule(text)).toEqual({ ok: true, rule })
  })
})

describe('a rule is refused', () => {
  test.each([
    ['', 'expected parts such as FREQ=WEEKLY;BYDAY=MO,FR (character 1 of the rule)'],
    ['INTERVAL=1', 'FREQ is missing'],
    ['FREQ=HOURLY', 'FREQ=HOURLY comes more than once a day: use DAILY, or options.interval (character 1'],
    ['FREQ=SOMETIMES', 'expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY'],
    ['FREQ=DAILY;BYHOUR=9,17', 'BYHOUR is one number: a schedule comes once a day at most (character 12 of the rule)'],
    ['FREQ=DAILY;BYHOUR=24', 'expected BYHOUR=0 to 23'],
    ['FREQ=DAILY;INTERVAL=0', 'expected INTERVAL=1 to 1000'],
    ['FREQ=DAILY;INTERVAL=1;INTERVAL=2', 'INTERVAL stands twice (character 23 of the rule)'],
    ['FREQ=DAILY;COUNT=10000', 'expected COUNT=1 to 9999'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20260101', 'COUNT and UNTIL exclude each other'],
    ['FREQ=DAILY;UNTIL=20260230', 'expected UNTIL='],
    ['FREQ=DAILY;UNTIL=tomorrow', 'expected UNTIL='],
    ['FREQ=WEEKLY;BYDAY=MON', 'expected BYDAY=MO,WE or BYDAY=1MO,-1FR'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'numbers in BYDAY (1MO) need FREQ=MONTHLY'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY can’t stand beside FREQ=WEEKLY'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'expected BYMONTHDAY=1 to 31 or −1 to −31'],
    ['FREQ=MONTHLY;BYWEEKNO=2', 'BYWEEKNO needs FREQ=YEARLY'],
    ['FREQ=MONTHLY;BYYEARDAY=2', 'BYYEARDAY needs FREQ=YEARLY'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS needs another BY… part'],
    ['FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31', 'the rule never comes'],
    ['DTSTART=20260101T000000;FREQ=DAILY', 'DTSTART can’t stand in a rule: when it starts is said under start'],
    ['RRULE:FREQ=DAILY', 'expected parts such as'],
    ['FREQ=DAILY;', 'expected parts such as FREQ=WEEKLY;BYDAY=MO,FR (character 12 of the rule)'],
    ['FREQ=DAILY;CONSTRUCTOR=1', 'expected parts such as'],
  ])('%j', (text, message) => {
    expect(parseRule(text)).toEqual({ ok: false, message: expect.stringContaining(message) })
  })
})

test.each([
  ['2026-03-29T09:00:00', '2026-03-29T09:00:00'],
  [' 2026-03-29T09:00', '2026-03-29T09:00:00'],
  ['2026-02-30T09:00:00', null],
  ['2026-03-29T24:00:00', null],
  ['2026-03-29T09:00:00Z', null],
  ['2026-03-29T09:00:00+02:00', null],
  ['2026-03-29', null],
  ['0001-01-01T00:00:00', null],
  ['9999-01-01T00:00:00', null],
])('the start %j is %j', (text, start) => {
  expect(parseStart(text)).toBe(start)
})
