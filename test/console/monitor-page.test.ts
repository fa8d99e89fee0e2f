/** What the page of one monitor makes of the API's answers: the order of groups, what lies over the lines, words. */
import { describe, expect, it } from 'vitest'
import type { Drawn, Group, Strip } from '../../console/data/monitor-time.ts'
import { groupsShown } from '../../console/pages/monitor/groups-shown.ts'
import { overlaysOf } from '../../console/pages/monitor/overlays.ts'
import { endOf } from '../../console/pages/monitor/until.ts'
import { decisionText, lengthText, reasonText, valueText } from '../../console/pages/monitor/words.ts'

const group = (name: string, status: string, value: number | null, since: string | null): Group => ({
  group: name,
  status,
  value,
  since,
  last_triggered_at: null,
  told: false,
  held: false,
  acknowledged: null,
})

const groups = [
  group('queue:b', 'OK', 3, '2026-11-24T08:00:00.000Z'),
  group('queue:a', 'OK', 9, null),
  group('queue:c', 'Alert', 41, '2026-11-24T09:00:00.000Z'),
  group('host:x,queue:d', 'No Data', null, '2026-11-24T07:00:00.000Z'),
]

describe('the table of groups', () => {
  it.each([
    ['what fires first', { text: '', only: '', sort: 'status' }, ['queue:c', 'host:x,queue:d', 'queue:a', 'queue:b']],
    ['the other way round', { text: '', only: '', sort: 'status,desc' }, ['queue:a', 'queue:b', 'host:x,queue:d', 'queue:c']],
    ['by name', { text: '', only: '', sort: 'group' }, ['host:x,queue:d', 'queue:a', 'queue:b', 'queue:c']],
    ['the largest first, none last', { text: '', only: '', sort: 'value' }, ['queue:c', 'queue:a', 'queue:b', 'host:x,queue:d']],
    ['the newest first, never last', { text: '', only: '', sort: 'since' }, ['queue:c', 'queue:b', 'host:x,queue:d', 'queue:a']],
    ['only one status', { text: '', only: 'OK', sort: 'status' }, ['queue:a', 'queue:b']],
    ['all words of a filter, in any case', { text: 'QUEUE host', only: '', sort: 'status' }, ['host:x,queue:d']],
    ['nothing is like that', { text: 'zzz', only: '', sort: 'status' }, []],
  ])('shows %s', (_name, choice, expected) => {
    expect(groupsShown(groups, choice).map((each) => each.group)).toEqual(expected)
  })
})

const drawn: Drawn = {
  from: '2026-11-24T08:00:00.000Z',
  to: '2026-11-24T09:00:00.000Z',
  start: 0,
  step_s: 60,
  points: 0,
  groups: [],
  groups_left_out: 0,
  comparator: '>',
  thresholds: { critical: 40, warning: null, critical_recovery: 30, warning_recovery: null },
  values: 'numbers',
  unit: null,
  source: 'intake',
  notes: [],
  took_ms: 1,
}
const piece = (from: string, to: string, status: string) => ({ from, to, status, reason: null, value: null })
const strips: readonly Strip[] = [
  {
    group: 'queue:a',
    status: 'Alert',
    cut: false,
    segments: [
      piece('1970-01-01T00:00:00.000Z', '1970-01-01T00:00:10.000Z', 'OK'),
      piece('1970-01-01T00:00:10.000Z', '1970-01-01T00:00:20.000Z', 'Alert'),
    ],
  },
  { group: 'queue:b', status: 'OK', cut: false, segments: [piece('1970-01-01T00:00:00.000Z', '1970-01-01T00:00:20.000Z', 'OK')] },
]

it('lays thresholds that there are, changes and downtimes over the lines', () => {
  const downtimes = [{ id: 'd', scope: '*', message: null, from: '1970-01-01T00:00:05.000Z', to: null }]
  const { lines, marks, bands } = overlaysOf(drawn, strips, downtimes, null)
  expect(lines.map(({ label, value }) => [label, value])).toEqual([
    ['Alert', 40],
    ['Alert recovers', 30],
  ])
  expect(marks).toEqual([{ at: 10, status: 'Alert' }])
  expect(bands).toEqual([{ from: 5, to: Number.POSITIVE_INFINITY }])
  expect(overlaysOf(drawn, strips, [], 'queue:b').marks).toEqual([])
})

it.each([
  [{ kind: 'for', seconds: 60 }, 1_060],
  [{ kind: 'open' }, null],
  [{ kind: 'at', text: '1970-01-01T00:00:01Z' }, undefined],
  [{ kind: 'at', text: 'soon' }, undefined],
  [{ kind: 'at', text: '1970-01-01T01:00:00Z' }, 3_600],
] as const)('a mute %o ends at %s', (until, expected) => {
  expect(endOf(until, 1_000_000)).toBe(expected)
})

it('says values, lengths and reasons in words', () => {
  expect([valueText(null), valueText(44.75), valueText(12_345_678), valueText(2_048, 'bytes'), valueText(71.5, 'percent')]).toEqual([
    '–',
    '44.75',
    '12.35M',
    '2 KB',
    '71.5 %',
  ])
  expect([250, 61_000, 3_600_000, 90_000_000].map(lengthText)).toEqual(['250 ms', '1 min 1 s', '1 h', '1 d 1 h'])
  expect(reasonText('threshold-crossed')).toBe('The value crossed the threshold')
  expect(reasonText('something-new')).toBe('something new')
  expect(decisionText({ send: false, reason: 'held-by-downtime' })).toBe('Not told: a downtime or mute holds it')
})
