import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../contract/problems.ts'
import { matchingWords } from '../../../core/look/completion.ts'
import { drawingTimes, drawnGroups, groupsDrawnMax } from '../../../core/look/drawing.ts'
import { type Change, segmentsOf } from '../../../core/look/segments.ts'
import { unitOf } from '../../../core/look/unit.ts'

const minute = 60_000
const hour = 60 * minute

describe('the times of a drawing', () => {
  test.each([
    ['an hour has one for each evaluation', hour, 300, minute, minute, 61],
    ['a day is thinned out', 24 * hour, 300, minute, 5 * minute, 289],
    ['a week', 168 * hour, 300, minute, hour, 169],
    ['a rare evaluation leaves something to see', hour, 300, 30 * minute, 5 * minute, 13],
    ['one point is the newest', 1_000, 300, minute, 1_000, 2],
  ])('%s', (_, span, points, intervalMs, stepMs, count) => {
    const from = 1_700_000_000_000 - (1_700_000_000_000 % (24 * hour))
    const times = drawingTimes(from, from + span, points, intervalMs)
    expect(times.stepMs).toBe(stepMs)
    expect(times.points).toBe(count)
    expect(times.startMs).toBe(from)
  })

  test('lie on whole steps within the time, whatever it is', () => {
    for (let n = 1; n < 200; n += 1) {
      const [from, span] = [1_700_000_000_000 + n * 7_919, n * n * 1_237]
      const { startMs, stepMs, points } = drawingTimes(from, from + span, 300, minute)
      expect(startMs % stepMs).toBe(0)
      expect(startMs + (points - 1) * stepMs).toBeLessThanOrEqual(from + span)
      expect(points).toBeLessThanOrEqual(301)
      expect(points).toBeGreaterThan(0)
    }
  })
})

test('of many groups those nearest to an alert are drawn', () => {
  const values = new Map(Array.from({ length: groupsDrawnMax + 10 }, (_, n) => [`host:${n}`, [n, null]] as const))
  const above = drawnGroups(values, { comparator: '>' }, null)
  expect(above.groups[0]).toEqual({ group: `host:${groupsDrawnMax + 9}`, values: [groupsDrawnMax + 9, null], last: null })
  expect(above).toMatchObject({ leftOut: 10 })
  expect(drawnGroups(values, { comparator: '<' }, null).groups[0]?.group).toBe('host:0')
  expect(drawnGroups(values, { comparator: '<' }, ['host:7']).groups.map(({ group }) => group)).toEqual(['host:7'])
})

test('words that begin with the text come first, each once', () => {
  expect(matchingWords(['b.load', 'load', 'Load2', 'load', ''], 'LOAD', 2)).toEqual({ words: ['Load2', 'load'], more: true })
})

describe('pieces of one status each', () => {
  const change = (slot: number, from: string, to: string): Change => ({ sequence: slot, slot, from, to, reason: 'because', value: 1 })
  const told = (history: Parameters<typeof segmentsOf>[0]) =>
    segmentsOf(history, 100, 200).map(({ fromMs, toMs, status }) => [fromMs, toMs, status])
  test.each([
    ['nothing happened', { before: null, changes: [], status: 'OK', since: 0 }, [[100, 200, 'OK']]],
    ['it came during the time', { before: null, changes: [], status: 'OK', since: 150 }, [[150, 200, 'OK']]],
    ['it is gone, and nobody heard of it', { before: null, changes: [], status: null, since: null }, []],
    ['it began before the time', { before: change(50, 'OK', 'Alert'), changes: [], status: 'Alert', since: 50 }, [[100, 200, 'Alert']]],
    [
      'it changed and changed back',
      { before: null, changes: [change(120, 'OK', 'Alert'), change(130, 'Alert', 'OK')], status: 'OK', since: 130 },
      [
        [100, 120, 'OK'],
        [120, 130, 'Alert'],
        [130, 200, 'OK'],
      ],
    ],
    [
      'it changed twice in one slot',
      { before: null, changes: [change(120, 'OK', 'Warn'), change(120, 'Warn', 'Alert')], status: 'Alert', since: 120 },
      [
        [100, 120, 'OK'],
        [120, 200, 'Alert'],
      ],
    ],
  ] as const)('%s', (_, history, expected) => {
    expect(told(history)).toEqual(expected)
  })
})

test.each([
  ['avg(last_5m):avg:system.mem.pct{*} > 1', 'percent'],
  ['avg(last_5m):avg:node_memory_bytes{*} > 1', 'bytes'],
  ['pct_change(avg(last_5m),last_1h):avg:x.y{*} > 1', 'percent'],
  ['avg(last_5m):count:request.seconds{*} > 1', null],
  ['avg(last_5m):avg:a.bytes{*} / avg:b.bytes{*} > 1', null],
  ['nonsense', null],
])('what %s is counted in', (query, unit) => {
  expect(unitOf('query alert', query)).toBe(unit)
})

describe('problems have a field and a place', () => {
  test.each([
    [
      'query: syntax error: expected "}", but "<" stands at line 1, column 5',
      { query: ' abcd<ef' },
      'query',
      { offset: 5, line: 1, column: 6, length: 1 },
    ],
    ['query: it is wrong (line 2, column 1)', { query: 'a\nbad_name c' }, 'query', { offset: 2, line: 2, column: 1, length: 8 }],
    ['query: it ends (line 1, column 4)', { query: 'abc  ' }, 'query', { offset: 3, line: 1, column: 4, length: 0 }],
    ['options.thresholds.warning is 5: it must lie below', { query: 'q' }, 'options.thresholds.warning', null],
    [
      'options.escalation_message: x (line 1, column 1)',
      { options: { escalation_message: '{{#a' } },
      'options.escalation_message',
      { offset: 0, line: 1, column: 1, length: 1 },
    ],
    ["unknown field 'surprise'", {}, null, null],
    ['Missing required tag key(s): team', {}, null, null],
  ])('%s', (message, definition, field, place) => {
    expect(problemOf(message, definition)).toEqual({ field, message, place })
  })
})
