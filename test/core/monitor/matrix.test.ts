import { expect, test } from 'vitest'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent } from '../../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import type { MonitorEvent, MonitorState } from '../../../core/monitor/types.ts'
import { evaluated, minuteMs, nextSlot, play, stateOf } from './fixtures.ts'

/**
 * Each from-state × each observation × each policy. A cell is the status that comes of it: `!` = somebody is told, without it nobody
 * is; `·` = no transition. Critical 90 until ≤ 70, warning 80 until ≤ 60: 65 and 75 lie in the bands. `_` is a slot without
 * data, `_x5` are five, `partial` has data with gaps; data may be missing for 3 minutes. `gone` is an Alert whose data has been missing
 * for one slot; `Unknown` and `feared` (an Alert) are what on_evaluation_error made of an OK. Whatever is bad, somebody was told of it,
 * but for Unknown.
 */
const policies: readonly (readonly [string, Partial<MonitorSpec>, string])[] = [
  [
    'missing data keeps',
    { missing: { action: 'keep', timeframeMs: 3 * minuteMs } },
    `
    from    | 10   65     75   85     95      _    _x5  failed  skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·    ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    ·    ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    ·    ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    ·    ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    ·    ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·    ·       ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!  ·       ·        ·      OK!`,
  ],
  [
    'missing data is shown',
    { missing: { action: 'show', timeframeMs: 3 * minuteMs } },
    `
    from    | 10   65     75   85     95      _    _x5          failed  skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·            ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    No-Data      ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    No-Data      ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    No-Data      ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    No-Data      ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·            ·       ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK,No-Data   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!,No-Data  ·       ·        ·      OK!`,
  ],
  [
    'missing data is told',
    { missing: { action: 'notify', timeframeMs: 3 * minuteMs } },
    `
    from    | 10   65     75   85     95      _    _x5           failed  skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·             ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    No-Data!      ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    No-Data!      ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·             ·       ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK,No-Data!   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!,No-Data!  ·       ·        ·      OK!`,
  ],
  [
    // No Data came of what is missing for so long already: it resolves as soon as a slot is looked at.
    'missing data resolves',
    { missing: { action: 'resolve', timeframeMs: 3 * minuteMs } },
    `
    from    | 10   65     75   85     95      _    _x5  failed  skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·    ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    ·    ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    OK!  ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    OK!  ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    OK!  ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  OK!  OK!  ·       ·        OK!    ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!  ·       ·        ·      OK!`,
  ],
  [
    'a mute',
    { silenced: { '*': null } },
    `
    from    | 10   65    75   85    95     _    _x5          failed  skipped  quiet  partial
    new     | ·    ·     ·    Warn  Alert  ·    ·            ·       ·        ·      ·
    OK      | ·    ·     ·    Warn  Alert  ·    No-Data      ·       ·        ·      ·
    Warn    | OK!  ·     ·    ·     Alert  ·    No-Data      ·       ·        ·      ·
    Alert   | OK!  Warn  ·    ·     ·      ·    No-Data      ·       ·        ·      ·
    gone    | OK!  Warn  ·    ·     ·      ·    No-Data      ·       ·        ·      ·
    No-Data | OK!  OK!   OK!  Warn  Alert  ·    ·            ·       ·        ·      ·
    Unknown | OK   OK    OK   Warn  Alert  OK   OK,No-Data   ·       ·        ·      OK
    feared  | OK!  OK!   OK!  Warn  ·      OK!  OK!,No-Data  ·       ·        ·      OK!`,
  ],
  [
    'a draft',
    { draft: true },
    `
    from    | 10  65    75  85    95     _   _x5         failed  skipped  quiet  partial
    new     | ·   ·     ·   Warn  Alert  ·   ·           ·       ·        ·      ·
    OK      | ·   ·     ·   Warn  Alert  ·   No-Data     ·       ·        ·      ·
    Warn    | OK  ·     ·   ·     Alert  ·   No-Data     ·       ·        ·      ·
    Alert   | OK  Warn  ·   ·     ·      ·   No-Data     ·       ·        ·      ·
    gone    | OK  Warn  ·   ·     ·      ·   No-Data     ·       ·        ·      ·
    No-Data | OK  OK    OK  Warn  Alert  ·   ·           ·       ·        ·      ·
    Unknown | OK  OK    OK  Warn  Alert  OK  OK,No-Data  ·       ·        ·      OK
    feared  | OK  OK    OK  Warn  ·      OK  OK,No-Data  ·       ·        ·      OK`,
  ],
  [
    // Nothing gets worse at once; No Data ends at once, into what has been earned by then.
    'hold',
    { holdMs: 10 * minuteMs },
    `
    from    | 10   65     75   85   95   _    _x5           failed  skipped  quiet  partial
    new     | ·    ·      ·    ·    ·    ·    ·             ·       ·        ·      ·
    OK      | ·    ·      ·    ·    ·    ·    No-Data!      ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·    ·    ·    No-Data!      ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·    ·    ·    No-Data!      ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·    ·    ·    No-Data!      ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  OK!  OK!  ·    ·             ·       ·        ·      ·
    Unknown | OK   OK     OK   OK   OK   OK   OK,No-Data!   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  OK!  OK!  OK!  OK!,No-Data!  ·       ·        ·      OK!`,
  ],
  [
    // Nothing gets better at once; what is No Data fires no more.
    'keep_firing',
    { keepFiringMs: 10 * minuteMs },
    `
    from    | 10   65   75   85     95      _    _x5           failed  skipped  quiet  partial
    new     | ·    ·    ·    Warn!  Alert!  ·    ·             ·       ·        ·      ·
    OK      | ·    ·    ·    Warn!  Alert!  ·    No-Data!      ·       ·        ·      ·
    Warn    | ·    ·    ·    ·      Alert!  ·    No-Data!      ·       ·        ·      ·
    Alert   | ·    ·    ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    gone    | ·    ·    ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    No-Data | OK!  OK!  OK!  Warn!  Alert!  ·    ·             ·       ·        ·      ·
    Unknown | OK   OK   OK   Warn!  Alert!  OK   OK,No-Data!   ·       ·        ·      OK
    feared  | OK!  OK!  OK!  Warn!  ·       OK!  OK!,No-Data!  ·       ·        ·      OK!`,
  ],
  [
    // host:a is known; only what is new waits.
    'new_group_delay',
    { newGroupDelayMs: 10 * minuteMs },
    `
    from    | 10   65     75   85     95      _    _x5           failed  skipped  quiet  partial
    new     | ·    ·      ·    ·      ·       ·    ·             ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    No-Data!      ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    No-Data!      ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·             ·       ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK,No-Data!   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!,No-Data!  ·       ·        ·      OK!`,
  ],
  [
    // What fires goes on; of host:a that nobody has seen nothing is known.
    'on_evaluation_error shows Unknown',
    { onEvaluationError: 'unknown' },
    `
    from    | 10   65     75   85     95      _    _x5           failed   skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·             ·        ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    No-Data!      Unknown  ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    No-Data!      ·        ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·        ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·        ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·             Unknown  ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK,No-Data!   ·        ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!,No-Data!  ·        ·        ·      OK!`,
  ],
  [
    'on_evaluation_error alerts',
    { onEvaluationError: 'alert' },
    `
    from    | 10   65     75   85     95      _    _x5           failed  skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·             ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    No-Data!      Alert!  ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    No-Data!      Alert!  ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·             Alert!  ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK,No-Data!   Alert!  ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!,No-Data!  ·       ·        ·      OK!`,
  ],
  [
    // A bundle with a group that is fine is what its other group is.
    'notify_by puts all in one',
    { notifyBy: [] },
    `
    from    | 10   65     75   85     95      _    _x5           failed  skipped  quiet  partial
    new     | ·    ·      ·    Warn!  Alert!  ·    ·             ·       ·        ·      ·
    OK      | ·    ·      ·    Warn!  Alert!  ·    No-Data!      ·       ·        ·      ·
    Warn    | OK!  ·      ·    ·      Alert!  ·    No-Data!      ·       ·        ·      ·
    Alert   | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    gone    | OK!  Warn!  ·    ·      ·       ·    No-Data!      ·       ·        ·      ·
    No-Data | OK!  OK!    OK!  Warn!  Alert!  ·    ·             ·       ·        ·      ·
    Unknown | OK   OK     OK   Warn!  Alert!  OK   OK,No-Data!   ·       ·        ·      OK
    feared  | OK!  OK!    OK!  Warn!  ·       OK!  OK!,No-Data!  ·       ·        ·      OK!`,
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

/** An edit of on_evaluation_error alone. */
const erring =
  (onEvaluationError: MonitorSpec['onEvaluationError']): Happening =>
  ({ spec, lastSlot }) => ({ kind: 'respecified', spec: { ...spec, onEvaluationError, version: spec.version + 1 }, at: lastSlot })
const gaps: Happening = (state) => {
  const slot = nextSlot(state)
  return slotEvent(slot, observe(state, slot, other, { partial: [group] }))
}

const fromStates: Readonly<Record<string, readonly Happening[]>> = {
  new: [gone],
  OK: [value(10)],
  Warn: [value(85)],
  Alert: [value(95)],
  gone: [value(95), gone],
  'No-Data': [value(10), gone, gone, gone],
  Unknown: [value(10), erring('unknown'), without('failed')],
  feared: [value(10), erring('alert'), without('failed')],
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
  partial: [gaps],
}

/** What comes of it, as in a cell. */
function outcome(from: string, policy: Partial<MonitorSpec>, observation: string): string {
  const reached = play(stateOf(base), fromStates[from] ?? []).state
  const spec: MonitorSpec = { ...reached.spec, onEvaluationError: 'keep', ...policy, version: reached.spec.version + 1 }
  const { state } = play(reached, [{ kind: 'respecified', spec, at: reached.lastSlot }])
  const { transitions } = play(state, observations[observation] ?? [])
  const ours = transitions.filter((transition) => (spec.notifyBy === null ? transition.group === group : transition.bundle !== null))
  const cells = ours.map(({ to, notify }) => `${to.replace(' ', '-')}${notify.send ? '!' : ''}`)
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
    ['Unknown', 'Unknown', false, false],
    ['feared', 'Alert', false, true],
  ])
})
