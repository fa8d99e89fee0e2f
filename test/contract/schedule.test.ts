import { describe, expect, test } from 'vitest'
import { parse } from '../../contract/parse.ts'
import { schedulingOptions } from '../../contract/schedule.ts'

const errorsOf = (options: unknown): readonly string[] => {
  const parsed = parse(schedulingOptions, options)
  return parsed.ok ? [] : parsed.errors
}
const recurring = (parts: Readonly<Record<string, unknown>>): unknown => ({ custom_schedule: { recurrences: [parts] } })

describe('a schedule is taken', () => {
  test.each([
    [recurring({ rrule: 'FREQ=DAILY;INTERVAL=1', start: '2023-11-10T12:31:00', timezone: 'America/New_York' })],
    [recurring({ rrule: 'FREQ=MONTHLY;BYSETPOS=3;BYDAY=WE;INTERVAL=1' })],
    [recurring({ rrule: 'FREQ=DAILY', start: null, timezone: null })],
    [{ custom_schedule: { recurrences: [] } }],
    [{ custom_schedule: null, evaluation_window: null }],
    [{ evaluation_window: { hour_starts: 0, timezone: 'Europe/Amsterdam' } }],
    [{ evaluation_window: { day_starts: '04:00', month_starts: 1 } }],
  ])('%j', (options) => {
    expect(errorsOf(options)).toEqual([])
  })
})

describe('a schedule is refused, with what to do', () => {
  const place = 'custom_schedule.recurrences.0'
  test.each([
    [
      recurring({ rrule: 'FREQ=HOURLY' }),
      `${place}.rrule: FREQ=HOURLY comes more than once a day: use DAILY, or options.interval (character 1 of`,
    ],
    [recurring({ rrule: 'every day' }), `${place}.rrule: expected parts such as FREQ=WEEKLY;BYDAY=MO,FR`],
    [recurring({ rrule: 'FREQ=DAILY', start: '2023-08-31T16:30:00Z' }), `${place}.start: expected a local time like 2026-03-29T09:00:00`],
    [recurring({ rrule: 'FREQ=DAILY', timezone: 'Europe/Atlantis' }), `${place}.timezone: expected the name of a time zone like`],
    [recurring({ rrule: 'FREQ=DAILY', timezone: '+02:00' }), `${place}.timezone: expected the name of a time zone like`],
    [recurring({ rrule: 'FREQ=DAILY;COUNT=3' }), `${place}.start: COUNT needs a start to count from`],
    [recurring({ start: '2023-08-31T16:30:00' }), `${place}.rrule: `],
    [
      { custom_schedule: { recurrences: [{ rrule: 'FREQ=DAILY' }, { rrule: 'FREQ=DAILY' }] } },
      'custom_schedule.recurrences: at most one recurrence',
    ],
    [{ evaluation_window: { day_starts: '24:00' } }, 'evaluation_window.day_starts: expected a time of day like 04:00'],
    [{ evaluation_window: { hour_starts: 60 } }, 'evaluation_window.hour_starts: '],
    [{ evaluation_window: { month_starts: 29 } }, 'evaluation_window.month_starts: '],
    [{ evaluation_window: { timezone: '' } }, 'evaluation_window.timezone: expected the name of a time zone'],
  ])('%j', (options, message) => {
    expect(errorsOf(options).join('\n')).toContain(message)
  })
})
