import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import type { CalendarStarts } from '../../core/monitor/spec-types.ts'
import type { CalendarUnit } from '../../core/query/metric-nodes.ts'

const utc: CalendarStarts = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }

test.each<[string, CalendarUnit, Partial<CalendarStarts>, string, string]>([
  ['an hour', 'hour', {}, '2026-03-10T10:20:30Z', '2026-03-10T10:00'],
  ['an hour from its 45th minute', 'hour', { hourMinute: 45 }, '2026-03-10T10:20:30Z', '2026-03-10T09:45'],
  ['an hour where zones are half an hour apart', 'hour', { timezone: 'Asia/Kolkata' }, '2026-03-10T10:20:30Z', '2026-03-10T09:30'],
  ['the hour that is over, as of its end', 'hour', {}, '2026-03-10T10:00:00Z', '2026-03-10T09:00'],
  ['the hour that comes twice, first', 'hour', { timezone: 'Europe/Berlin' }, '2026-10-25T00:40:00Z', '2026-10-25T00:00'],
  ['the hour that comes twice, again', 'hour', { timezone: 'Europe/Berlin' }, '2026-10-25T01:40:00Z', '2026-10-25T01:00'],
  ['a day', 'day', {}, '2026-03-10T10:20:30Z', '2026-03-10T00:00'],
  ['the day that is over, as of midnight', 'day', {}, '2026-03-10T00:00:00Z', '2026-03-09T00:00'],
  ['a day from four on, before four', 'day', { dayMinute: 240 }, '2026-03-10T03:59:00Z', '2026-03-09T04:00'],
  ['a day in New York', 'day', { timezone: 'America/New_York' }, '2026-03-11T03:00:00Z', '2026-03-10T04:00'],
  ['a day of 23 hours', 'day', { timezone: 'Europe/Berlin' }, '2026-03-29T21:59:00Z', '2026-03-28T23:00'],
  ['a day of 25 hours', 'day', { timezone: 'Europe/Berlin' }, '2026-10-25T22:59:00Z', '2026-10-24T22:00'],
  ['a day that begins at a skipped time', 'day', { timezone: 'Europe/Berlin', dayMinute: 150 }, '2026-03-29T12:00:00Z', '2026-03-29T01:30'],
  [
    'a day that begins at a time that comes twice',
    'day',
    { timezone: 'Europe/Berlin', dayMinute: 150 },
    '2026-10-25T12:00:00Z',
    '2026-10-25T00:30',
  ],
  ['a day whose midnight is skipped', 'day', { timezone: 'America/Santiago' }, '2026-09-06T12:00:00Z', '2026-09-06T04:00'],
  ['a day after one that was left out', 'day', { timezone: 'Pacific/Apia' }, '2011-12-30T12:00:00Z', '2011-12-30T10:00'],
  ['a month', 'month', {}, '2026-03-10T10:20:30Z', '2026-03-01T00:00'],
  ['a month from its 15th on, before', 'month', { monthDay: 15 }, '2026-03-10T10:20:30Z', '2026-02-15T00:00'],
  ['a month from four in the morning', 'month', { dayMinute: 240 }, '2026-03-01T03:00:00Z', '2026-02-01T04:00'],
  ['a month in Berlin', 'month', { timezone: 'Europe/Berlin' }, '2026-04-10T00:00:00Z', '2026-03-31T22:00'],
  ['a month from a day that not all have', 'month', { monthDay: 31 }, '2026-03-10T00:00:00Z', '2026-02-28T00:00'],
  ['a day in a zone that nobody knows', 'day', { timezone: 'Europe/Atlantis' }, '2026-03-10T10:20:30Z', '2026-03-10T00:00'],
])('%s', (_what, unit, starts, end, begin) => {
  expect(new Date(windowStart(unit, { ...utc, ...starts }, Date.parse(end))).toISOString().slice(0, 16)).toBe(begin)
})

test('a window begins before its end, is no longer than its unit, and all its moments have the same begin', () => {
  const longestMs = { hour: 3_600_000, day: 49 * 3_600_000, month: 32 * 86_400_000 }
  const starts = fc.record({
    timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Sydney', 'America/Santiago'),
    hourMinute: fc.integer({ min: 0, max: 59 }),
    dayMinute: fc.integer({ min: 0, max: 1_439 }),
    monthDay: fc.integer({ min: 1, max: 28 }),
  })
  const end = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2027, 0, 1) })
  fc.assert(
    fc.property(fc.constantFrom('hour' as const, 'day' as const, 'month' as const), starts, end, (unit, calendar, endMs) => {
      const begin = windowStart(unit, calendar, endMs)
      expect(begin).toBeLessThan(endMs)
      expect(endMs - begin).toBeLessThanOrEqual(longestMs[unit])
      expect(windowStart(unit, calendar, begin + 1)).toBe(begin)
      expect(windowStart(unit, calendar, begin)).toBeLessThan(begin)
    }),
    { numRuns: 500 },
  )
})
