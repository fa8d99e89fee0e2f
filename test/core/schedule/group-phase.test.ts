/** Where the slots of rules of one group lie: one after the other, in each round. */
import { expect, test } from 'vitest'
import { compileSpec } from '../../../core/monitor/spec.ts'
import { nextSlot } from '../../../core/schedule/timetable.ts'

const now = 1_769_860_800_000

function slotOf(monitorId: number, order: number, size: number, interval = 60, group = 'node'): number {
  const prometheus = { file: 'rules.yml', group, order, size }
  const definition = {
    monitorId,
    version: 1,
    type: 'promql alert',
    name: 'A',
    query: 'up == 0',
    priority: null,
    tags: [],
    draftStatus: 'published',
  }
  const spec = compileSpec({ ...definition, options: { interval, prometheus } }, null)
  return nextSlot({ spec, agenda: null }, now) ?? Number.NaN
}

/** How long after the first rule of the group, whichever round either is in. */
const after = (order: number, size: number, interval = 60): number => {
  const ms = interval * 1_000
  return (slotOf(1_000 + order, order, size, interval) - slotOf(7, 0, size, interval) + ms) % ms
}

test('rules of a group follow each other by a second, whatever their ids', () => {
  expect([0, 1, 2, 3].map((order) => after(order, 4))).toEqual([0, 1_000, 2_000, 3_000])
})

test('a long group ends within its interval', () => {
  expect([0, 1, 99].map((order) => after(order, 100, 10))).toEqual([0, 80, 7_920])
})

test('two groups have two phases', () => {
  expect(slotOf(1, 0, 1) % 60_000).not.toBe(slotOf(1, 0, 1, 60, 'other') % 60_000)
})

test('a monitor that is no rule keeps the phase of its id', () => {
  const spec = { monitorId: 1_012, intervalMs: 60_000 }
  expect(nextSlot({ spec, agenda: null }, now)).not.toBe(nextSlot({ spec: { ...spec, monitorId: 1_013 }, agenda: null }, now))
})
