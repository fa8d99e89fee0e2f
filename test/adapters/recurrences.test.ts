import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ScheduleError } from '../../activities/ports.ts'
import { recurrences } from '../../adapters/recurrences/recurrences.ts'
import { schedulingOptions } from '../../contract/schedule.ts'

const { times } = recurrences()

function timesOf(rrule: string, start: string | null, timezone: string, after: string, count = 3, until: string | null = null): string[] {
  const found = times({ rrule, start, timezone }, Date.parse(after), until === null ? null : Date.parse(until), count)
  return found.map((at) => new Date(at).toISOString().slice(0, 16))
}

describe('a rule comes', () => {
  test.each<[string, string, string | null, string, string, string[]]>([
    ['every day', 'FREQ=DAILY', '2026-01-01T09:00:00', 'UTC', '2026-03-01T09:00:00Z', ['2026-03-02T09:00', '2026-03-03T09:00']],
    [
      'every third day',
      'FREQ=DAILY;INTERVAL=3',
      '2026-01-01T09:00:00',
      'UTC',
      '2026-01-01T10:00:00Z',
      ['2026-01-04T09:00', '2026-01-07T09:00'],
    ],
    [
      'not before its start',
      'FREQ=DAILY',
      '2026-05-01T09:00:00',
      'Asia/Tokyo',
      '2026-01-01T00:00:00Z',
      ['2026-05-01T00:00', '2026-05-02T00:00'],
    ],
    [
      'on the third Wednesday',
      'FREQ=MONTHLY;BYSETPOS=3;BYDAY=WE;INTERVAL=1',
      '2023-08-31T16:30:00',
      'Europe/Madrid',
      '2026-03-01T00:00:00Z',
      ['2026-03-18T15:30', '2026-04-15T14:30'],
    ],
    [
      'on the last day of a month',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      null,
      'UTC',
      '2026-02-01T00:00:00Z',
      ['2026-02-28T00:00', '2026-03-31T00:00'],
    ],
    [
      'every second Monday from 2018 on, without a start',
      'FREQ=WEEKLY;INTERVAL=2',
      null,
      'UTC',
      '2026-01-01T00:00:00Z',
      ['2026-01-05T00:00', '2026-01-19T00:00'],
    ],
    [
      'at midnight of its zone, without a start',
      'FREQ=DAILY',
      null,
      'America/New_York',
      '2026-01-01T00:00:00Z',
      ['2026-01-01T05:00', '2026-01-02T05:00'],
    ],
    [
      'at the hour that the rule says',
      'FREQ=DAILY;BYHOUR=5',
      '2026-01-01T09:30:00',
      'UTC',
      '2026-01-01T00:00:00Z',
      ['2026-01-02T05:30', '2026-01-03T05:30'],
    ],
    ['so many times', 'FREQ=DAILY;COUNT=3', '2026-01-01T09:00:00', 'UTC', '2026-01-02T09:00:00Z', ['2026-01-03T09:00']],
    [
      'until an instant',
      'FREQ=DAILY;UNTIL=20260102T080000Z',
      '2026-01-01T09:00:00',
      'Europe/Berlin',
      '2026-01-01T09:00:00Z',
      ['2026-01-02T08:00'],
    ],
    ['until just before', 'FREQ=DAILY;UNTIL=20260102T075959Z', '2026-01-01T09:00:00', 'Europe/Berlin', '2026-01-01T09:00:00Z', []],
    [
      'until a day, all of it',
      'FREQ=DAILY;UNTIL=20260102',
      '2026-01-01T09:00:00',
      'Europe/Berlin',
      '2026-01-01T09:00:00Z',
      ['2026-01-02T08:00'],
    ],
    ['never', 'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6', '2026-01-01T09:00:00', 'UTC', '2026-01-01T09:00:00Z', []],
  ])('%s', (_what, rule, start, zone, after, expected) => {
    expect(timesOf(rule, start, zone, after, 2)).toEqual(expected)
  })
})

describe('when clocks are changed, every day has its time, and once', () => {
  test.each<[string, string, string, string[]]>([
    // Clocks go from 02:00 to 03:00: what would be at 02:30 is an hour later by the clock, and a day after the one before.
    ['02:30 that is left out', 'Europe/Berlin', '2026-03-28T00:00:00Z', ['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T00:30']],
    ['02:30 that comes twice', 'Europe/Berlin', '2026-10-24T00:00:00Z', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
    ['half an hour', 'Australia/Lord_Howe', '2026-04-03T15:00:00Z', ['2026-04-03T15:30', '2026-04-04T16:00', '2026-04-05T16:00']],
    // Samoa had no 30 December 2011: its time falls on that of the 31st.
    ['a day that is left out', 'Pacific/Apia', '2011-12-28T00:00:00Z', ['2011-12-28T12:30', '2011-12-29T12:30', '2011-12-30T12:30']],
  ])('%s', (_what, zone, after, expected) => {
    expect(timesOf('FREQ=DAILY', '2011-01-01T02:30:00', zone, after)).toEqual(expected)
  })
})

test('times end with the end that is asked for, itself included', () => {
  expect(timesOf('FREQ=DAILY', null, 'UTC', '2026-01-01T00:00:00Z', 9, '2026-01-03T00:00:00Z')).toEqual([
    '2026-01-02T00:00',
    '2026-01-03T00:00',
  ])
})

test('a rule that was never checked is an error with a reason', () => {
  expect(() => times({ rrule: 'FREQ=HOURLY', start: null, timezone: 'UTC' }, 0, null, 1)).toThrow(ScheduleError)
})

const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const listOf = (item: fc.Arbitrary<string | number>) => fc.uniqueArray(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','))
const part = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((interval) => `INTERVAL=${interval}`),
  fc.integer({ min: 1, max: 9_999 }).map((count) => `COUNT=${count}`),
  fc.constantFrom('UNTIL=20300101', 'UNTIL=20260601T120000Z', 'WKST=SU', 'BYHOUR=2', 'BYMINUTE=30', 'BYSECOND=59'),
  listOf(weekday).map((days) => `BYDAY=${days}`),
  listOf(fc.tuple(fc.integer({ min: -5, max: 5 }).filter(Boolean), weekday).map(([nth, day]) => `${nth}${day}`)).map(
    (days) => `BYDAY=${days}`,
  ),
  listOf(fc.integer({ min: 1, max: 12 })).map((months) => `BYMONTH=${months}`),
  listOf(fc.integer({ min: -31, max: 31 }).filter(Boolean)).map((days) => `BYMONTHDAY=${days}`),
  listOf(fc.integer({ min: -366, max: 366 }).filter(Boolean)).map((days) => `BYYEARDAY=${days}`),
  listOf(fc.integer({ min: -53, max: 53 }).filter(Boolean)).map((weeks) => `BYWEEKNO=${weeks}`),
  listOf(fc.integer({ min: -3, max: 3 }).filter(Boolean)).map((positions) => `BYSETPOS=${positions}`),
)
const rule = fc
  .tuple(fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'), fc.array(part, { maxLength: 3 }))
  .map(([freq, parts]) => [`FREQ=${freq}`, ...parts].join(';'))
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu')

test('whatever the contract takes comes once a day at most, in order, and the same in pieces', () => {
  let taken = 0
  fc.assert(
    fc.property(rule, zone, fc.integer({ min: 2_010, max: 2_030 }), (rrule, timezone, year) => {
      const start = '2011-10-30T02:15:00'
      if (!schedulingOptions.safeParse({ custom_schedule: { recurrences: [{ rrule, start, timezone }] } }).success) return
      taken += 1
      const after = Date.UTC(year, 2, 1)
      const found = times({ rrule, start, timezone }, after, null, 6)
      const days = found.map((at) => new Date(at).toLocaleDateString('sv', { timeZone: timezone }))
      expect(new Set(days).size).toBe(found.length)
      expect([...found].sort((one, other) => one - other)).toEqual(found)
      for (const [index, at] of found.entries()) {
        expect(at).toBeGreaterThan(after)
        expect(times({ rrule, start, timezone }, found[index - 1] ?? after, at, 6)).toEqual([at])
      }
    }),
    { numRuns: 300 },
  )
  expect(taken).toBeGreaterThan(80)
})
