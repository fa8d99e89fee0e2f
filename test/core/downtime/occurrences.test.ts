/** When downtimes that come again hold, with the real expansion of rules, through changes of clocks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recurrences } from '../../../adapters/recurrences/recurrences.ts'
import { currentOccurrence, occurrenceAt, overMs, statusAt } from '../../../core/downtime/occurrences.ts'
import { type DowntimePlan, durationMsOf, durationText } from '../../../core/downtime/plan.ts'
import { rememberedStarts } from '../../../core/downtime/starts.ts'
import { planOf } from '../../support/downtime-plan.ts'

const { times } = recurrences()
const starts = rememberedStarts(times)
const at = (text: string): number => Date.parse(`${text}Z`)
const short = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().slice(5, 16))

function held(plan: DowntimePlan, when: string): string | null {
  const found = occurrenceAt(plan, at(when), starts)
  return found === null ? null : `${short(found.startMs)} to ${short(found.endMs)}`
}

const rule = (start: string, duration: string, rrule: string) => ({ start, duration, rrule })
const nightly = planOf({ timezone: 'Europe/Berlin', recurrences: [rule('2026-01-01T22:00', '8h', 'FREQ=DAILY')] })
const halfPastTwo = planOf({ timezone: 'Europe/Berlin', recurrences: [rule('2026-01-01T02:30', '1h', 'FREQ=DAILY')] })
const workdays = planOf({
  timezone: 'America/New_York',
  recurrences: [rule('2026-01-01T09:00', '30m', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR')],
})
const weekends = planOf({ recurrences: [rule('2026-01-03T00:00', '2d', 'FREQ=WEEKLY;BYDAY=SA')] })
const overlapping = planOf({ recurrences: [rule('2026-01-01T00:00', '36h', 'FREQ=DAILY')] })
const twoRules = planOf({ recurrences: [rule('2026-01-01T00:00', '10h', 'FREQ=DAILY'), rule('2026-01-01T05:00', '3h', 'FREQ=DAILY')] })
const thrice = planOf({ recurrences: [rule('2026-01-01T00:00', '1h', 'FREQ=DAILY;COUNT=3')] })

test.each<[string, DowntimePlan, string, string | null]>([
  ['a winter night', nightly, '2026-01-10T23:00', '01-10T21:00 to 01-11T05:00'],
  ['at its very start', nightly, '2026-01-10T21:00', '01-10T21:00 to 01-11T05:00'],
  ['a moment before', nightly, '2026-01-10T20:59:59.999', null],
  ['at its very end', nightly, '2026-01-11T05:00', null],
  ['a summer night begins at the same time of the clock', nightly, '2026-07-10T20:00', '07-10T20:00 to 07-11T04:00'],
  ['the night of clocks going forward lasts as long', nightly, '2026-03-29T04:59', '03-28T21:00 to 03-29T05:00'],
  ['the night of clocks going back, too', nightly, '2026-10-25T03:59', '10-24T20:00 to 10-25T04:00'],
  ['… and is over then', nightly, '2026-10-25T04:00', null],
  ['a time that clocks skip is as much later', halfPastTwo, '2026-03-29T01:30', '03-29T01:30 to 03-29T02:30'],
  ['… and not before', halfPastTwo, '2026-03-29T01:29', null],
  ['a time that clocks show twice is its first', halfPastTwo, '2026-10-25T00:30', '10-25T00:30 to 10-25T01:30'],
  ['… and only that', halfPastTwo, '2026-10-25T01:45', null],
  ['a workday', workdays, '2026-11-24T14:15', '11-24T14:00 to 11-24T14:30'],
  ['not on a Sunday', workdays, '2026-11-22T14:15', null],
  ['the second day of two', weekends, '2026-11-22T23:59', '11-21T00:00 to 11-23T00:00'],
  ['of overlapping ones the later', overlapping, '2026-02-02T01:00', '02-02T00:00 to 02-03T12:00'],
  ['of several rules that which ends last', twoRules, '2026-02-02T06:00', '02-02T00:00 to 02-02T10:00'],
  ['the last of three', thrice, '2026-01-03T00:30', '01-03T00:00 to 01-03T01:00'],
  ['no fourth', thrice, '2026-01-04T00:30', null],
  ['before the first', thrice, '2025-12-31T00:30', null],
])('%s', (_what, plan, when, expected) => {
  expect(held(plan, when)).toBe(expected)
})

describe('what has become of it', () => {
  const once = planOf({ startMs: at('2026-01-01T01:00'), endMs: at('2026-01-01T02:00') })
  test.each<[string, DowntimePlan, string, string, string | null]>([
    ['once, before', once, '2026-01-01T00:00', 'scheduled', '01-01T01:00'],
    ['once, meanwhile', once, '2026-01-01T01:00', 'active', '01-01T01:00'],
    ['once, after', once, '2026-01-01T02:00', 'ended', null],
    ['without an end', planOf({ startMs: at('2026-01-01T01:00') }), '2030-01-01T00:00', 'active', '01-01T01:00'],
    ['between two', thrice, '2026-01-02T12:00', 'scheduled', '01-03T00:00'],
    ['in the last', thrice, '2026-01-03T00:59', 'active', '01-03T00:00'],
    ['after the last', thrice, '2026-01-03T01:00', 'ended', null],
  ])('%s', (_what, plan, when, status, startsAt) => {
    expect(statusAt(plan, null, at(when), { times, starts })).toBe(status)
    expect(statusAt(plan, at(when), at(when), { times, starts })).toBe('canceled')
    expect(short(currentOccurrence(plan, at(when), times)?.startMs ?? null)).toBe(startsAt)
  })

  test.each<[string, DowntimePlan, string | null]>([
    ['once', once, '01-01T02:00'],
    ['counted', thrice, '01-03T01:00'],
    ['until a day', planOf({ recurrences: [rule('2026-01-01T00:00', '1h', 'FREQ=DAILY;UNTIL=20260105')] }), '01-05T01:00'],
    [
      'of two rules the later',
      planOf({ recurrences: [...thrice.recurrences, rule('2026-01-01T00:00', '9d', 'FREQ=DAILY;COUNT=1')] }),
      '01-10T00:00',
    ],
    ['never', nightly, null],
    ['one of two never', planOf({ recurrences: [...thrice.recurrences, ...nightly.recurrences] }), null],
    ['counted too far', planOf({ recurrences: [rule('2026-01-01T00:00', '1h', 'FREQ=DAILY;COUNT=5000')] }), null],
  ])('it is over for good: %s', (_what, plan, expected) => {
    expect(short(overMs(plan, times))).toBe(expected)
  })
})

test('remembered starts are those of the rule, in whatever order they are asked for', () => {
  const plans = [nightly, halfPastTwo, workdays, weekends, overlapping, thrice]
  fc.assert(
    fc.property(fc.constantFrom(...plans), fc.integer({ min: at('2025-12-20T00:00'), max: at('2026-12-31T00:00') }), (plan, when) => {
      const [first] = plan.recurrences
      if (first === undefined) return
      const durationMs = durationMsOf(first.duration) ?? 0
      const direct = times({ ...first, timezone: plan.timezone }, when - durationMs, when, 400).at(-1)
      expect(occurrenceAt(plan, when, starts)?.startMs).toBe(direct)
    }),
    { numRuns: 300 },
  )
})

test('durations are read and written', () => {
  const texts = ['30s', '90m', '2h', '1d', '52w', '366d']
  expect(texts.map(durationMsOf)).toEqual([30_000, 5_400_000, 7_200_000, 86_400_000, 52 * 604_800_000, 366 * 86_400_000])
  expect(['0m', '1', '1y', '-1h', '1.5h', '53w', '367d', '9'.repeat(12).concat('s'), 'm', '1constructor'].map(durationMsOf)).toEqual(
    Array(10).fill(null),
  )
  expect([30_000, 60_000, 5_400_000, 86_400_000, 604_800_000].map(durationText)).toEqual(['30s', '1m', '90m', '1d', '1w'])
})
