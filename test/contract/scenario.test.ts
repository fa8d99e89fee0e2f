import { describe, expect, test } from 'vitest'
import { parseScenarios } from '../../contract/scenario.ts'

const query = 'avg(last_1m):avg:cpu{*} by {host} > 90'
const good = { name: 'test', monitor: { type: 'query alert', query }, series: { 'host:a': '10x3' }, expect: [] }

function issuesOf(parts: Readonly<Record<string, unknown>>): string[] {
  return parseScenarios({ ...good, ...parts }).issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('a scenario is read', () => {
  const { scenarios, issues } = parseScenarios({ ...good, slots: { '1': 'missing', 2: { failed: 'timeout' } } })
  expect(issues).toEqual([])
  expect(scenarios[0]?.scenario.slots).toEqual([
    { kind: 'values', values: { 'host:a': 10 }, partial: [] },
    { kind: 'values', values: {}, partial: [] },
    { kind: 'failed', reason: 'timeout' },
  ])
})

describe('windows that are not full', () => {
  const monitor = { ...good.monitor, options: { require_full_window: true } }

  test('are marked with ~, in a series and in a slot', () => {
    const { scenarios, issues } = parseScenarios({
      ...good,
      monitor,
      series: { 'host:b': '1x3', 'host:a': '1 ~2 3' },
      slots: { 2: { 'host:b': '~7', 'host:a': 4 } },
    })
    expect(issues).toEqual([])
    expect(scenarios[0]?.scenario.slots).toEqual([
      { kind: 'values', values: { 'host:a': 1, 'host:b': 1 }, partial: [] },
      { kind: 'values', values: { 'host:b': 1 }, partial: ['host:a'] },
      { kind: 'values', values: { 'host:a': 4 }, partial: ['host:b'] },
    ])
  })

  test('are a slip of the pen where the monitor takes any window', () => {
    expect(issuesOf({ series: { 'host:a': '1 ~2' } })).toEqual([
      ': slot 1 has a value with ~, but the monitor doesn’t say require_full_window: leave the ~ out',
    ])
  })
})

describe('downtimes', () => {
  test('are read with the defaults of Datadog', () => {
    const downtimes = [
      { scope: 'host:a', from: 1 },
      {
        scope: 'NOT host:b',
        from: '2026-01-01T00:01:00Z',
        until: 2,
        notify_end_states: ['no data'],
        notify_end_types: ['canceled'],
        mute_first_recovery_notification: true,
        canceled_after: 1,
      },
    ]
    const { scenarios, issues } = parseScenarios({ ...good, downtimes })
    expect(issues).toEqual([])
    expect(scenarios[0]?.scenario.downtimes).toEqual([
      {
        id: 'downtime-1',
        scope: { kind: 'tag', key: 'host', value: 'a' },
        from: { kind: 'slot', slot: 1 },
        until: null,
        notifyEndStates: ['Alert', 'Warn', 'No Data'],
        notifyEndTypes: ['expired'],
        muteFirstRecovery: false,
        canceledAfter: null,
      },
      {
        id: 'downtime-2',
        scope: { kind: 'not', of: { kind: 'tag', key: 'host', value: 'b' } },
        from: { kind: 'time', atMs: Date.UTC(2026, 0, 1, 0, 1) },
        until: { kind: 'slot', slot: 2 },
        notifyEndStates: ['No Data'],
        notifyEndTypes: ['canceled'],
        muteFirstRecovery: true,
        canceledAfter: 1,
      },
    ])
  })

  test.each([
    [{ scope: 'host', from: 2, until: 2 }, 'downtimes.0.until: a downtime ends after it begins'],
    [{ scope: 'host', from: 3 }, 'downtimes.0.from: there are only 3 slots, 0 to 2'],
    [{ scope: 'host', from: 0, canceled_after: 9 }, 'downtimes.0.canceled_after: there are only 3 slots'],
    [{ scope: 'host:', from: 0 }, 'downtimes.0.scope: syntax error: expected "(" or tag value, but the scope ends at line 1, column 6'],
    [{ from: 0 }, 'downtimes.0.scope: expected a scope such as *'],
    [{ scope: '*' }, 'downtimes.0.from: expected the number of a slot, or a time'],
  ])('%j is refused', (downtime, message) => {
    expect(issuesOf({ downtimes: [downtime] })).toEqual([expect.stringContaining(message)])
  })
})

describe('a monitor with a schedule of its own', () => {
  const options = { scheduling_options: { custom_schedule: { recurrences: [{ rrule: 'FREQ=DAILY', start: '2026-01-01T09:00:00' }] } } }
  const monitor = { ...good.monitor, options }
  const times = ['2026-01-01T09:00:00Z', '2026-01-02T09:00:00Z', '2026-01-04T09:00:00Z']

  test('has its slots at the times that are given', () => {
    const { scenarios, issues } = parseScenarios({ ...good, monitor, times })
    expect(issues).toEqual([])
    expect(scenarios[0]?.scenario).toMatchObject({ agenda: times.map((at) => Date.parse(at)), startMs: Date.UTC(2026, 0, 1, 9) })
  })

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['none', { monitor }, ': the monitor has a schedule of its own: say under times when its 3 slots lie'],
    ['too few', { monitor, times: times.slice(1) }, 'times: 2 times for 3 slots: each slot has one'],
    ['that run back', { monitor, times: [...times].reverse() }, 'times.1: times run forward'],
    ['that are none', { monitor, times: ['9:00', ...times] }, 'times.0: expected a time like'],
    ['for a monitor without', { times }, 'times: the monitor has no schedule of its own'],
    ['before the start', { monitor, times, start: '2026-01-02T00:00:00Z' }, 'start: the first of the times lies before the start'],
    ['and an edit', { monitor, times, actions: [{ after: 1, edit: { options: { scheduling_options: null } } }] }, 'actions: an edit can’t'],
  ])('times: %s', (_what, parts, message) => {
    expect(issuesOf(parts)).toEqual([expect.stringContaining(message)])
  })
})

test('what is expected may be about a bundle of groups', () => {
  const monitor = { type: 'query alert', query: 'avg(last_1m):avg:cpu{*} by {host,env} > 90', options: { notify_by: ['env'] } }
  const parts = { monitor, series: { 'env:a,host:a': '1x3' } }
  expect(issuesOf({ ...parts, expect: ['1 env:a OK → Alert'] })).toEqual([])
  expect(issuesOf({ ...parts, expect: ['1 host:a OK → Alert'] })).toHaveLength(1)
})

test('several share a monitor, and each lays its own over it', () => {
  const shared = { type: 'query alert', query, options: { thresholds: { critical: 90, warning: 80 } } }
  const { scenarios } = parseScenarios({
    monitor: shared,
    scenarios: [
      { name: 'one', monitor: { options: { thresholds: { warning: null } } }, series: { 'host:a': 1 }, expect: [] },
      { name: 'two', series: { 'host:a': 1 }, expect: [] },
    ],
  })
  expect(scenarios.map(({ scenario }) => scenario.definition.options.thresholds)).toEqual([{ critical: 90 }, { critical: 90, warning: 80 }])
  expect(scenarios.map(({ path }) => path)).toEqual([
    ['scenarios', 0],
    ['scenarios', 1],
  ])
})

describe('what is wrong is said with its place', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['no expectation', { expect: undefined }, 'expect: expected a list of transitions; [] where none must come'],
    ['an unknown field', { expected: [] }, 'expected: unknown field "expected"'],
    ['a wrong query', { monitor: { type: 'query alert', query: 'avg(' } }, 'monitor: the monitor: query: '],
    ['a wrong option', { monitor: { type: 'query alert', query, options: { hold: -1 } } }, 'monitor: the monitor: options.hold: '],
    ['a wrong value', { series: { 'host:a': '10 ten' } }, 'series.host:a: "ten" is no value'],
    ['a series that is too short', { series: { 'host:a': '1x3', 'host:b': 1 } }, 'series.host:b: 1 slots, but others have 3: add _x2'],
    [
      'a group of other tags',
      { series: { 'env:a': '1x3' } },
      'series.env:a: no group of this monitor is called env:a: its query groups by {host}',
    ],
    ['no slots at all', { series: undefined }, ': no slots: give values'],
    ['a slot of which nothing is said', { slots: { 5: 'missing' } }, 'slots: slot 3 is not spoken of'],
    ['a slot of which two things are said', { slots: { '0-2': 'missing', 1: 'missing' } }, 'slots.0-2: slot 1 is spoken of twice'],
    ['a range that runs back', { slots: { '2-1': 'missing' } }, 'slots.2-1: expected the number of a slot (3), or a range'],
    ['a reading that is none', { slots: { 1: 'gone' } }, 'slots.1.*: expected values by group'],
    ['a failure without a reason', { slots: { 1: { failed: '' } } }, 'slots.1.failed: expected values by group'],
    ['a failure with values', { slots: { 1: { failed: 'timeout', 'host:a': 1 } } }, 'slots.1: expected values by group'],
    ['two actions in one', { actions: [{ after: 1, mute: '*', pause: true }] }, 'actions.0: expected exactly one of edit, mute'],
    ['an end of nothing', { actions: [{ after: 1, pause: true, until: 2 }] }, 'actions.0.until: until belongs to mute'],
    ['an action after the end', { actions: [{ after: 3, pause: true }] }, 'actions.0.after: there are only 3 slots, 0 to 2'],
    [
      'an edit to something wrong',
      { actions: [{ after: 1, edit: { query: 'x' } }] },
      'actions.0.edit: the monitor after this edit: query: ',
    ],
    ['an edit of the type', { actions: [{ after: 1, edit: { type: 'nonsense' } }] }, 'actions.0.edit: the monitor after this edit: type: '],
    ['an expectation that is unclear', { expect: ['1 host:a OK to Alert'] }, 'expect.0: expected SLOT GROUP FROM → TO'],
    ['an expectation without a status', { expect: [{ at: 1, from: 'OK' }] }, 'expect.0.to: '],
    ['an expected group of other tags', { expect: ['1 env:a OK → Alert'] }, 'expect.0: no group of this monitor is called env:a'],
    ['an outage at the beginning', { engine_down: '0-1' }, 'engine_down.0: the engine begins with slot 0'],
    ['an outage to the end', { engine_down: ['1-2'] }, 'engine_down.0: the engine must be back for the last slot (2)'],
    ['a failure within an outage', { engine_down: 1, slots: { 1: { failed: 'x' } } }, 'engine_down.0: slot 1 can’t fail'],
    ['a message to nobody', { engine_down: 1, actions: [{ after: 1, pause: true }] }, 'actions.0.after: the engine is down then'],
    ['a time without a zone', { start: '2026-01-01 00:00' }, 'start: expected a time like'],
    ['a status that is none', { end: { overall: 'Fine' } }, 'end.overall: "Fine" is no status'],
    ['a health that is none', { end: { health: 'fine' } }, 'end.health: expected healthy, failing'],
  ]
  test.each(cases)('%s', (_what, parts, expected) => {
    expect(issuesOf(parts).join('\n')).toContain(expected)
  })

  test.each([null, 7, 'text', [], [good], { scenarios: [] }, { scenarios: {} }, { scenarios: [null] }])('%j is no scenario', (data) => {
    const { scenarios, issues } = parseScenarios(data)
    expect(scenarios).toEqual([])
    expect(issues.length).toBeGreaterThan(0)
  })

  test('two scenarios of one name', () => {
    expect(parseScenarios({ scenarios: [good, good] }).issues).toMatchObject([{ path: ['scenarios', 1, 'name'] }])
  })
})
