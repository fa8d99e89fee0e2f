import { expect, test } from 'vitest'
import type { MonitorEvent, MonitorSpec, MonitorState } from '../../../core/monitor/types.ts'
import { evaluated, minuteMs, nextSlot, play, stateOf } from './fixtures.ts'

/**
 * Each from-state × each observation × each policy. A cell is the status that comes of it: `!` = somebody is told, without it nobody
 * is; `·` = no transition. Critical 90 until ≤ 70, warning 80 until ≤ 60: 65 and 75 lie in the bands. `_` is a slot without
 * data, `_x5` are five; data may be missing for 3 minutes. `gone` is an Alert whose data has been missing for one slot.
 * Whatever a state is, somebody was told of it.
 */
const policies: readonly (readonly [string, Partial<MonitorSpec>, string])[] = [
  [
    'missing data keeps',
    { missing: { action: 'keep', timeframeMs: 3 * minuteMs } },
    `
    from     | 10    65    75    85     95      _    _x5  failed  skipped  quiet
    new      | ·     ·     ·     Warn!  Alert!  ·    ·    ·       ·        ·
    OK       | ·     ·     ·     Warn!  Alert!  ·    ·    ·       ·        ·
    Warn     | OK!   ·     ·     ·      Alert!  ·    ·    ·       ·        ·
    Alert    | OK!   Warn! ·     ·      ·       ·    ·    ·       ·        ·
    gone     | OK!   Warn! ·     ·      ·       ·    ·    ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn!  Alert!  ·    ·    ·       ·        ·`,
  ],
  [
    'missing data is shown',
    { missing: { action: 'show', timeframeMs: 3 * minuteMs } },
    `
    from     | 10    65    75    85     95      _    _x5      failed  skipped  quiet
    new      | ·     ·     ·     Warn!  Alert!  ·    ·        ·       ·        ·
    OK       | ·     ·     ·     Warn!  Alert!  ·    No-Data  ·       ·        ·
    Warn     | OK!   ·     ·     ·      Alert!  ·    No-Data  ·       ·        ·
    Alert    | OK!   Warn! ·     ·      ·       ·    No-Data  ·       ·        ·
    gone     | OK!   Warn! ·     ·      ·       ·    No-Data  ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn!  Alert!  ·    ·        ·       ·        ·`,
  ],
  [
    'missing data is told',
    { missing: { action: 'notify', timeframeMs: 3 * minuteMs } },
    `
    from     | 10    65    75    85     95      _    _x5       failed  skipped  quiet
    new      | ·     ·     ·     Warn!  Alert!  ·    ·         ·       ·        ·
    OK       | ·     ·     ·     Warn!  Alert!  ·    No-Data!  ·       ·        ·
    Warn     | OK!   ·     ·     ·      Alert!  ·    No-Data!  ·       ·        ·
    Alert    | OK!   Warn! ·     ·      ·       ·    No-Data!  ·       ·        ·
    gone     | OK!   Warn! ·     ·      ·       ·    No-Data!  ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn!  Alert!  ·    ·         ·       ·        ·`,
  ],
  [
    // No Data came of what is missing for so long already: it resolves as soon as a slot is looked at.
    'missing data resolves',
    { missing: { action: 'resolve', timeframeMs: 3 * minuteMs } },
    `
    from     | 10    65    75    85     95      _    _x5  failed  skipped  quiet
    new      | ·     ·     ·     Warn!  Alert!  ·    ·    ·       ·        ·
    OK       | ·     ·     ·     Warn!  Alert!  ·    ·    ·       ·        ·
    Warn     | OK!   ·     ·     ·      Alert!  ·    OK!  ·       ·        ·
    Alert    | OK!   Warn! ·     ·      ·       ·    OK!  ·       ·        ·
    gone     | OK!   Warn! ·     ·      ·       ·    OK!  ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn!  Alert!  OK!  OK!  ·       ·        OK!`,
  ],
  [
    'a mute',
    { silenced: { '*': null } },
    `
    from     | 10    65    75    85     95      _    _x5      failed  skipped  quiet
    new      | ·     ·     ·     Warn   Alert   ·    ·        ·       ·        ·
    OK       | ·     ·     ·     Warn   Alert   ·    No-Data  ·       ·        ·
    Warn     | OK!   ·     ·     ·      Alert   ·    No-Data  ·       ·        ·
    Alert    | OK!   Warn  ·     ·      ·       ·    No-Data  ·       ·        ·
    gone     | OK!   Warn  ·     ·      ·       ·    No-Data  ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn   Alert   ·    ·        ·       ·        ·`,
  ],
  [
    'a draft',
    { draft: true },
    `
    from     | 10    65    75    85     95      _    _x5      failed  skipped  quiet
    new      | ·     ·     ·     Warn   Alert   ·    ·        ·       ·        ·
    OK       | ·     ·     ·     Warn   Alert   ·    No-Data  ·       ·        ·
    Warn     | OK    ·     ·     ·      Alert   ·    No-Data  ·       ·        ·
    Alert    | OK    Warn  ·     ·      ·       ·    No-Data  ·       ·        ·
    gone     | OK    Warn  ·     ·      ·       ·    No-Data  ·       ·        ·
    No-Data  | OK    OK    OK    Warn   Alert   ·    ·        ·       ·        ·`,
  ],
  [
    // Nothing gets worse at once; No Data ends at once, into what has been earned by then.
    'hold',
    { holdMs: 10 * minuteMs },
    `
    from     | 10    65    75    85     95      _    _x5       failed  skipped  quiet
    new      | ·     ·     ·     ·      ·       ·    ·         ·       ·        ·
    OK       | ·     ·     ·     ·      ·       ·    No-Data!  ·       ·        ·
    Warn     | OK!   ·     ·     ·      ·       ·    No-Data!  ·       ·        ·
    Alert    | OK!   Warn! ·     ·      ·       ·    No-Data!  ·       ·        ·
    gone     | OK!   Warn! ·     ·      ·       ·    No-Data!  ·       ·        ·
    No-Data  | OK!   OK!   OK!   OK!    OK!     ·    ·         ·       ·        ·`,
  ],
  [
    // Nothing gets better at once; what is No Data fires no more.
    'keep_firing',
    { keepFiringMs: 10 * minuteMs },
    `
    from     | 10    65    75    85     95      _    _x5       failed  skipped  quiet
    new      | ·     ·     ·     Warn!  Alert!  ·    ·         ·       ·        ·
    OK       | ·     ·     ·     Warn!  Alert!  ·    No-Data!  ·       ·        ·
    Warn     | ·     ·     ·     ·      Alert!  ·    No-Data!  ·       ·        ·
    Alert    | ·     ·     ·     ·      ·       ·    No-Data!  ·       ·        ·
    gone     | ·     ·     ·     ·      ·       ·    No-Data!  ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn!  Alert!  ·    ·         ·       ·        ·`,
  ],
  [
    // host:a is known; only what is new waits.
    'new_group_delay',
    { newGroupDelayMs: 10 * minuteMs },
    `
    from     | 10    65    75    85     95      _    _x5       failed  skipped  quiet
    new      | ·     ·     ·     ·      ·       ·    ·         ·       ·        ·
    OK       | ·     ·     ·     Warn!  Alert!  ·    No-Data!  ·       ·        ·
    Warn     | OK!   ·     ·     ·      Alert!  ·    No-Data!  ·       ·        ·
    Alert    | OK!   Warn! ·     ·      ·       ·    No-Data!  ·       ·        ·
    gone     | OK!   Warn! ·     ·      ·       ·    No-Data!  ·       ·        ·
    No-Data  | OK!   OK!   OK!   Warn!  Alert!  ·    ·         ·       ·        ·`,
  ],
]

const base: Partial<MonitorSpec> = {
  thresholds: { critical: 90, warning: 80, criticalRecovery: 70, warningRecovery: 60 },
  missing: { action: 'notify', timeframeMs: 3 * minuteMs },
}

type Happening = (state: MonitorState) => MonitorEvent
const group = 'host:a'
/** Another group that is always fine, so that host:a can be new. */
const other = { 'host:b': 1 }
const value =
  (number: number): Happening =>
  (state) =>
    evaluated(state, { ...other, [group]: number })
const gone: Happening = (state) => evaluated(state, other)
const without =
  (kind: 'failed' | 'skipped'): Happening =>
  (state) => ({
    kind: 'observed',
    observation: { slot: nextSlot(state), outcome: { kind, reason: 'scripted' }, changed: [], missing: [], refused: 0 },
  })

const fromStates: Readonly<Record<string, readonly Happening[]>> = {
  new: [gone],
  OK: [value(10)],
  Warn: [value(85)],
  Alert: [value(95)],
  gone: [value(95), gone],
  'No-Data': [value(10), gone, gone, gone],
}

const observations: Readonly<Record<string, readonly Happening[]>> = {
  10: [value(10)],
  65: [value(65)],
  75: [value(75)],
  85: [value(85)],
  95: [value(95)],
  _: [gone],
  _x5: [gone, gone, gone, gone, gone],
  failed: [without('failed')],
  skipped: [without('skipped')],
  quiet: [(state) => ({ kind: 'quiet', through: nextSlot(state) })],
}

/** What comes of it, as in a cell. */
function outcome(from: string, policy: Partial<MonitorSpec>, observation: string): string {
  const reached = play(stateOf(base), fromStates[from] ?? []).state
  const spec = { ...reached.spec, ...policy, version: 2 }
  const { state } = play(reached, [{ kind: 'respecified', spec, at: reached.lastSlot }])
  const { transitions } = play(state, observations[observation] ?? [])
  const cells = transitions.map(({ to, notify }) => `${to.replace(' ', '-')}${notify.send ? '!' : ''}`)
  return cells.length === 0 ? '·' : cells.join(',')
}

function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.replace('|', '').trim().split(/\s+/))
}

test.each(policies)('%s', (_name, policy, table) => {
  const [head = [], ...rows] = rowsOf(table)
  expect(rows.map(([from]) => from)).toEqual(Object.keys(fromStates))
  expect(new Set(head.slice(1))).toEqual(new Set(Object.keys(observations)))
  const found = rows.map(([from = '']) => [from, ...head.slice(1).map((observation) => outcome(from, policy, observation))])
  expect(found.map((row) => row.join(' '))).toEqual(rows.map((row) => row.join(' ')))
})

test('each from-state is what it is called', () => {
  const statuses = Object.entries(fromStates).map(([name, happenings]) => {
    const { status, missingSince, told } = play(stateOf(base), happenings).state.groups[group] ?? {}
    return [name, status, missingSince !== null, told]
  })
  expect(statuses).toEqual([
    ['new', undefined, true, undefined],
    ['OK', 'OK', false, false],
    ['Warn', 'Warn', false, true],
    ['Alert', 'Alert', false, true],
    ['gone', 'Alert', true, true],
    ['No-Data', 'No Data', true, true],
  ])
})
