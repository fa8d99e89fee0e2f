import { describe, expect, test } from 'vitest'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import type { MonitorEvent, MonitorState } from '../../../core/monitor/types.ts'
import { evaluated, minuteMs, nextSlot, play, type Run, stateOf, told } from './fixtures.ts'

/** One slot each: a value of `host:a`, `_` = no data, `!` = the evaluation fails, `.` = nothing new is heard for one slot. */
type Slot = number | '_' | '!' | '.'

function eventOf(state: MonitorState, slot: Slot): MonitorEvent {
  const at = nextSlot(state)
  if (slot === '.') return { kind: 'quiet', through: at }
  if (slot === '!') {
    return {
      kind: 'observed',
      observation: { slot: at, outcome: { kind: 'failed', reason: 'timeout' }, changed: [], missing: [], refused: 0 },
    }
  }
  return evaluated(state, slot === '_' ? {} : { 'host:a': slot })
}

function timeline(spec: Partial<MonitorSpec>, slots: readonly Slot[], from: MonitorState = stateOf(spec)): Run {
  return play(
    from,
    slots.map((slot) => (state: MonitorState) => eventOf(state, slot)),
  )
}

/** `slot index: from→to reason` of each transition; slot 0 is the first of the timeline. */
function at(run: Run, first: number): string[] {
  return run.transitions.map((transition, index) => `${(transition.slot - first) / minuteMs}: ${told([transition])[0] ?? index}`)
}

const firstSlot = nextSlot(stateOf())

describe('hold', () => {
  const cases: readonly (readonly [string, Partial<MonitorSpec>, readonly Slot[], string[]])[] = [
    ['waits until the level has held for so long', { holdMs: 2 * minuteMs }, [1, 95, 95, 95], ['3: OK→Alert entered-alert']],
    ['waits also when nothing new is heard meanwhile', { holdMs: 2 * minuteMs }, [1, 95, '.', '.'], ['3: OK→Alert entered-alert']],
    ['begins anew after a slot that was fine', { holdMs: 2 * minuteMs }, [95, 95, 1, 95, 95], []],
    ['begins anew after a gap in the data', { holdMs: 2 * minuteMs }, [95, 95, '_', 95, 95, 95], ['5: OK→Alert entered-alert']],
    [
      'isn’t broken by an evaluation that failed, nor met by it',
      { holdMs: 2 * minuteMs },
      [95, 95, '!', 95],
      ['3: OK→Alert entered-alert'],
    ],
    [
      'lets Warn come first where only Warn has held',
      { holdMs: 2 * minuteMs },
      [85, 95, 95, 95],
      ['2: OK→Warn entered-warn', '3: Warn→Alert entered-alert'],
    ],
    ['doesn’t delay a recovery', { holdMs: minuteMs }, [95, 95, 1], ['1: OK→Alert entered-alert', '2: Alert→OK recovered']],
    [
      'counts also for what comes from No Data, which ends at once',
      { holdMs: minuteMs, missing: { action: 'notify', timeframeMs: minuteMs } },
      [1, '_', 95, 95],
      ['1: OK→No Data entered-no-data', '2: No Data→OK recovered-from-no-data', '3: OK→Alert entered-alert'],
    ],
  ]
  test.each(cases)('%s', (_name, spec, slots, expected) => {
    expect(at(timeline(spec, slots), firstSlot)).toEqual(expected)
  })
})

describe('keep_firing', () => {
  const cases: readonly (readonly [string, Partial<MonitorSpec>, readonly Slot[], string[]])[] = [
    ['delays a recovery', { keepFiringMs: 2 * minuteMs }, [95, 1, 1, 1], ['0: OK→Alert entered-alert', '3: Alert→OK recovered']],
    ['forgets a recovery that didn’t last', { keepFiringMs: 2 * minuteMs }, [95, 1, 95, 1, 1], ['0: OK→Alert entered-alert']],
    [
      'delays coming down to Warn, too',
      { keepFiringMs: minuteMs },
      [95, 85, 85],
      ['0: OK→Alert entered-alert', '2: Alert→Warn entered-warn'],
    ],
    [
      'passes through Warn where only Alert has been gone for so long',
      { keepFiringMs: 2 * minuteMs },
      [95, 85, 1, 1, 1],
      ['0: OK→Alert entered-alert', '3: Alert→Warn entered-warn', '4: Warn→OK recovered'],
    ],
    [
      'delays what missing data resolves',
      { keepFiringMs: 2 * minuteMs, missing: { action: 'resolve', timeframeMs: minuteMs } },
      [95, '_', '_', '_'],
      ['0: OK→Alert entered-alert', '3: Alert→OK recovered'],
    ],
  ]
  test.each(cases)('%s', (_name, spec, slots, expected) => {
    expect(at(timeline(spec, slots), firstSlot)).toEqual(expected)
  })
})

describe('new_group_delay', () => {
  const spec = { newGroupDelayMs: 2 * minuteMs, missing: { action: 'keep', timeframeMs: minuteMs } } as const
  test('lets a group that appears later start before it is judged', () => {
    const known = play(stateOf(spec), [(state) => evaluated(state, { 'host:b': 1 })])
    const run = timeline(spec, [95, 95, 95], known.state)
    expect(at(run, nextSlot(known.state))).toEqual(['2: OK→Alert entered-alert'])
  })
  test('forgives what was over by then', () => {
    const known = play(stateOf(spec), [(state) => evaluated(state, { 'host:b': 1 })])
    expect(timeline(spec, [95, 1, 1, 1], known.state).transitions).toEqual([])
  })
  test('isn’t for what is there at the first evaluation', () => {
    expect(at(timeline(spec, [95]), firstSlot)).toEqual(['0: OK→Alert entered-alert'])
  })
})

describe('timeout_h', () => {
  const spec = { timeoutMs: 3 * minuteMs, missing: { action: 'keep', timeframeMs: minuteMs } } as const
  test('resolves what has had no data for so long; if it is still bad when data returns, it alerts again', () => {
    const run = timeline(spec, [95, '_', '_', '_', '_', 95])
    expect(at(run, firstSlot)).toEqual(['0: OK→Alert entered-alert', '3: Alert→OK recovered', '5: OK→Alert entered-alert'])
    expect(run.transitions[1]?.reason).toBe('timed-out')
  })
  test('leaves alone what is OK', () => {
    expect(timeline(spec, [1, '_', '_', '_', '_']).transitions).toEqual([])
  })
})

describe('renotify', () => {
  const every = (changes: Partial<NonNullable<MonitorSpec['renotify']>> = {}): Partial<MonitorSpec> => ({
    renotify: { intervalMs: 2 * minuteMs, occurrences: null, statuses: ['Alert', 'No Data'], ...changes },
  })
  const cases: readonly (readonly [string, Partial<MonitorSpec>, readonly Slot[], string[]])[] = [
    [
      'repeats the present status',
      every(),
      [95, '.', '.', '.', '.'],
      ['0: OK→Alert entered-alert', '2: Alert→Alert renotify', '4: Alert→Alert renotify'],
    ],
    ['ends after so many', every({ occurrences: 1 }), [95, '.', '.', '.', '.'], ['0: OK→Alert entered-alert', '2: Alert→Alert renotify']],
    ['is for the named statuses only', every(), [85, '.', '.', '.'], ['0: OK→Warn entered-warn']],
    [
      'counts anew after a transition',
      every({ occurrences: 1 }),
      [95, '.', '.', 1, 95, '.', '.'],
      [
        '0: OK→Alert entered-alert',
        '2: Alert→Alert renotify',
        '3: Alert→OK recovered',
        '4: OK→Alert entered-alert',
        '6: Alert→Alert renotify',
      ],
    ],
    [
      'repeats nothing that nobody was told',
      { ...every(), silenced: { '*': null } },
      [95, '.', '.', '.'],
      ['0: OK→Alert not told: held-by-downtime'],
    ],
    [
      'waits for a slot that could be looked at',
      every(),
      [95, '.', '!', '!', 95],
      ['0: OK→Alert entered-alert', '4: Alert→Alert renotify'],
    ],
  ]
  test.each(cases)('%s', (_name, spec, slots, expected) => {
    expect(at(timeline(spec, slots), firstSlot)).toEqual(expected)
  })
  test('carries the value of its slot, and doesn’t move when it was triggered last', () => {
    const run = timeline(every(), [95, 96, 97])
    expect(run.transitions[1]).toMatchObject({ value: 97, lastTriggeredAt: firstSlot, firstTriggeredAt: firstSlot, reason: 'renotify' })
  })
})
