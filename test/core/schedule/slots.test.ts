import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueSlots, phaseMs, shardOf, slotAfter, slotAtOrBefore, slotsBetween } from '../../../core/schedule/slots.ts'

const id = fc.integer({ min: 1, max: 2 ** 40 })
const interval = fc.constantFrom(1_000, 5_000, 60_000, 600_000, 1_800_000)
const time = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 })

test('slots lie on one grid per monitor, whatever the time they are asked at', () => {
  fc.assert(
    fc.property(id, interval, time, (monitorId, intervalMs, now) => {
      const slot = slotAtOrBefore(monitorId, intervalMs, now)
      expect(slot).toBeLessThanOrEqual(now)
      expect(now - slot).toBeLessThan(intervalMs)
      expect((slot - phaseMs(monitorId, intervalMs)) % intervalMs).toBe(0)
      expect(slotAfter(monitorId, intervalMs, now)).toBe(slot + intervalMs)
      expect(slotAfter(monitorId, intervalMs, slot)).toBe(slot + intervalMs)
    }),
  )
})

test('consecutive ids are spread evenly over the interval and over the shards', () => {
  const tenths = Array.from({ length: 10 }, () => 0)
  const shards = Array.from({ length: 4 }, () => 0)
  for (let monitorId = 1; monitorId <= 10_000; monitorId += 1) {
    const tenth = Math.floor(phaseMs(monitorId, 60_000) / 6_000)
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
    const shard = shardOf(monitorId, 4)
    shards[shard] = (shards[shard] ?? 0) + 1
  }
  // Ten standard deviations of a fair draw: 10,000 × 0.1 ± 300, 10,000 × 0.25 ± 430.
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(300)
  for (const count of shards) expect(Math.abs(count - 2_500)).toBeLessThan(430)
})

test('the phase of a monitor never changes: these are fixed for ever', () => {
  expect([1, 1001, 1002, 274_449_666].map((monitorId) => phaseMs(monitorId, 60_000))).toMatchInlineSnapshot(`
    [
      36727,
      6844,
      15719,
      52072,
    ]
  `)
  expect([1, 1001, 1002, 274_449_666].map((monitorId) => shardOf(monitorId, 4))).toMatchInlineSnapshot(`
    [
      0,
      2,
      1,
      3,
    ]
  `)
})

describe('due slots', () => {
  const bounds = { batchMax: 60, horizonMs: 24 * 3_600_000 }
  const minuteMs = 60_000
  const slot = slotAtOrBefore(7, minuteMs, 1_767_225_600_000)

  test.each([
    ['nothing before the next slot', slot, slot + minuteMs - 1, { first: slot + minuteMs, count: 0, dropped: 0 }],
    ['the next slot at its time', slot, slot + minuteMs, { first: slot + minuteMs, count: 1, dropped: 0 }],
    ['all missed slots, oldest first', slot, slot + 5 * minuteMs + 1, { first: slot + minuteMs, count: 5, dropped: 0 }],
    ['a batch of them where there are many', slot, slot + 90 * minuteMs, { first: slot + minuteMs, count: 60, dropped: 0 }],
    ['none older than the horizon', slot, slot + 1_500 * minuteMs, { first: slot + 60 * minuteMs, count: 60, dropped: 59 }],
  ])('%s', (_name, last, now, expected) => {
    expect(dueSlots(7, minuteMs, last, now, bounds)).toEqual(expected)
  })

  test('every slot is due once or dropped once, in order, whatever the clock does', () => {
    fc.assert(
      fc.property(id, interval, fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 20 }), (monitorId, intervalMs, gaps) => {
        const start = slotAtOrBefore(monitorId, intervalMs, 1_767_225_600_000)
        let last = start
        let now = start
        let accounted = 0
        for (const gap of gaps) {
          now += (gap * intervalMs) / 7
          for (
            let due = dueSlots(monitorId, intervalMs, last, now, bounds);
            due.count > 0;
            due = dueSlots(monitorId, intervalMs, last, now, bounds)
          ) {
            expect(due.first).toBe(last + (due.dropped + 1) * intervalMs)
            accounted += due.dropped + due.count
            last = due.first + (due.count - 1) * intervalMs
          }
        }
        expect(accounted).toBe(slotsBetween(monitorId, intervalMs, start, now))
      }),
    )
  })

  test('a horizon shorter than the interval still leaves the newest slot', () => {
    expect(dueSlots(7, minuteMs, slot, slot + 10 * minuteMs, { batchMax: 60, horizonMs: 0 })).toEqual({
      first: slot + 10 * minuteMs,
      count: 1,
      dropped: 9,
    })
  })
})
