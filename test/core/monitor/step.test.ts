import { describe, expect, test } from 'vitest'
import { begin } from '../../../core/monitor/begin.ts'
import type { MonitorSpec, Status } from '../../../core/monitor/spec-types.ts'
import { step } from '../../../core/monitor/step.ts'
import type { MonitorEvent, MonitorState } from '../../../core/monitor/types.ts'
import { epoch, evaluated, minuteMs, nextSlot, play, specOf, stateOf, told } from './fixtures.ts'

const values = (list: Readonly<Record<string, number>>) => (state: MonitorState) => evaluated(state, list)
const failed = (state: MonitorState): MonitorEvent => ({
  kind: 'observed',
  observation: { slot: nextSlot(state), outcome: { kind: 'failed', reason: 'timeout' }, changed: [], missing: [], refused: 0 },
})
const respecified =
  (changes: Partial<MonitorSpec>) =>
  (state: MonitorState): MonitorEvent => ({
    kind: 'respecified',
    spec: { ...state.spec, version: state.spec.version + 1, ...changes },
    at: state.lastSlot,
  })
const host = 'host:a'
/** A value that means the level, under specOf's thresholds. */
const valueFor = { OK: 10, Warn: 85, Alert: 95 } as const

describe('from each status to each level', () => {
  const into: Readonly<Record<Status, readonly ((state: MonitorState) => MonitorEvent)[]>> = {
    OK: [values({ [host]: 10 })],
    Warn: [values({ [host]: 85 })],
    Alert: [values({ [host]: 95 })],
    'No Data': [values({ [host]: 10 }), values({}), values({})],
    Unknown: [values({ [host]: 10 }), failed],
  }
  const expected: readonly (readonly [Status, 'OK' | 'Warn' | 'Alert', string[]])[] = [
    ['OK', 'OK', []],
    ['OK', 'Warn', ['OK→Warn entered-warn']],
    ['OK', 'Alert', ['OK→Alert entered-alert']],
    ['Warn', 'OK', ['Warn→OK recovered']],
    ['Warn', 'Warn', []],
    ['Warn', 'Alert', ['Warn→Alert entered-alert']],
    ['Alert', 'OK', ['Alert→OK recovered']],
    ['Alert', 'Warn', ['Alert→Warn entered-warn']],
    ['Alert', 'Alert', []],
    ['No Data', 'OK', ['No Data→OK not told: episode-was-never-told']],
    ['No Data', 'Warn', ['No Data→Warn entered-warn']],
    ['No Data', 'Alert', ['No Data→Alert entered-alert']],
    ['Unknown', 'OK', ['Unknown→OK not told: episode-was-never-told']],
    ['Unknown', 'Warn', ['Unknown→Warn entered-warn']],
    ['Unknown', 'Alert', ['Unknown→Alert entered-alert']],
  ]
  test.each(expected)('%s, then a value that means %s', (from, to, transitions) => {
    const before = play(stateOf({ onEvaluationError: 'unknown' }), into[from])
    expect(before.state.groups[host]?.status).toBe(from)
    const after = play(before.state, [values({ [host]: valueFor[to] })])
    expect(told(after.transitions)).toEqual(transitions)
    expect(after.state.groups[host]?.status).toBe(to)
    expect(after.state.overall).toBe(to)
  })
})

describe('a new monitor', () => {
  test('is No Data, commits its version, and its first slot is already due', () => {
    const { state, effects } = begin(specOf(), null, epoch)
    expect(state.overall).toBe('No Data')
    expect(nextSlot(state)).toBeLessThanOrEqual(epoch)
    expect(effects.map((effect) => effect.kind)).toEqual(['commit', 'overall'])
  })

  test('whose groups are fine tells nobody, but says which groups there are', () => {
    const { effects, transitions, state } = play(stateOf(), [values({ 'host:a': 1, 'host:b': 2 })])
    expect(transitions).toEqual([])
    expect(state.overall).toBe('OK')
    const [commit] = effects
    expect(commit?.kind === 'commit' && Object.keys(commit.commit.groups)).toEqual(['host:a', 'host:b'])
  })
})

describe('missing data', () => {
  const spec = { missing: { action: 'notify', timeframeMs: 3 * minuteMs } } as const
  test('becomes No Data after the timeframe, not before', () => {
    const fine = play(stateOf(spec), [values({ [host]: 1 }), values({})])
    expect(fine.transitions).toEqual([])
    // The window is a minute: the last data is one minute older than the first empty slot.
    const early = play(fine.state, [values({})])
    expect(early.transitions).toEqual([])
    const due = play(early.state, [values({})])
    expect(told(due.transitions)).toEqual(['OK→No Data entered-no-data'])
    expect(due.transitions[0]?.reason).toBe('data-missing')
  })

  test('that returns in time changes nothing', () => {
    const run = play(stateOf(spec), [values({ [host]: 1 }), values({}), values({ [host]: 1 }), values({}), values({ [host]: 1 })])
    expect(run.transitions).toEqual([])
  })

  test('is told as recovered when it returns, where No Data was told', () => {
    const run = play(stateOf(spec), [values({ [host]: 1 }), values({}), values({}), values({}), values({ [host]: 1 })])
    expect(told(run.transitions)).toEqual(['OK→No Data entered-no-data', 'No Data→OK recovered-from-no-data'])
  })

  test.each([
    ['keep', [], 'Alert'],
    ['show', ['Alert→No Data not told: no-data-not-asked-for'], 'No Data'],
    ['notify', ['Alert→No Data entered-no-data'], 'No Data'],
    ['resolve', ['Alert→OK recovered'], 'OK'],
  ] as const)('under the policy %s', (action, transitions, status) => {
    const alerting = play(stateOf({ missing: { action, timeframeMs: minuteMs } }), [values({ [host]: 95 })])
    const run = play(alerting.state, [values({})])
    expect(told(run.transitions)).toEqual(transitions)
    expect(run.state.groups[host]?.status).toBe(status)
  })

  test('of a group that never had any is nothing', () => {
    const run = play(stateOf(spec), [values({}), values({}), values({}), values({})])
    expect(run.transitions).toEqual([])
    expect(run.state.overall).toBe('No Data')
  })

  test('makes a group leave after its retention, silently', () => {
    const spec = { missing: { action: 'keep', timeframeMs: minuteMs }, retentionMs: 3 * minuteMs } as const
    const run = play(stateOf(spec), [values({ [host]: 95 }), values({}), values({}), values({})])
    expect(run.transitions).toHaveLength(1)
    expect(run.state.groups).toEqual({})
    expect(run.state.overall).toBe('No Data')
  })

  test('is judged at its slot also when the slots in between said nothing', () => {
    const before = play(stateOf(spec), [values({ [host]: 1 }), values({})])
    const run = play(before.state, [(state) => ({ kind: 'quiet', through: nextSlot(state, 9) })])
    expect(run.transitions[0]?.slot).toBe(nextSlot(before.state, 1))
    expect(run.state.lastSlot).toBe(nextSlot(before.state, 9))
  })
})

describe('an evaluation that fails', () => {
  test('changes no state, says so in the health, and is forgotten when the source answers again', () => {
    const alerting = play(stateOf(), [values({ [host]: 95 })])
    const broken = play(alerting.state, [failed, failed])
    expect(broken.transitions).toEqual([])
    expect(broken.state.groups).toEqual(alerting.state.groups)
    expect(broken.state.health).toEqual({ kind: 'failing', since: nextSlot(alerting.state), reason: 'timeout' })
    const answering = play(broken.state, [values({ [host]: 95 })])
    expect(answering.state.health).toEqual({ kind: 'healthy' })
    expect(answering.transitions).toEqual([])
  })

  test('lets no deadline pass as if the slot had been looked at', () => {
    const spec = { missing: { action: 'notify', timeframeMs: 2 * minuteMs } } as const
    const missing = play(stateOf(spec), [values({ [host]: 1 }), values({})])
    expect(play(missing.state, [failed, failed, failed]).transitions).toEqual([])
    expect(told(play(missing.state, [failed, values({})]).transitions)).toEqual(['OK→No Data entered-no-data'])
  })
})

describe('a mute', () => {
  const silenced = { '*': null }
  test('holds notifications while transitions go on', () => {
    const run = play(stateOf({ silenced }), [values({ [host]: 95 }), values({ [host]: 1 }), values({ [host]: 95 })])
    expect(told(run.transitions)).toEqual([
      'OK→Alert not told: held-by-downtime',
      'Alert→OK not told: episode-was-never-told',
      'OK→Alert not told: held-by-downtime',
    ])
  })

  test('that expires tells what is still bad, at the first slot after its end', () => {
    const muted = stateOf({ silenced: { '*': epoch + 5 * minuteMs } })
    const run = play(muted, [values({ [host]: 95 }), (state) => ({ kind: 'quiet', through: nextSlot(state, 20) })])
    expect(told(run.transitions)).toEqual(['OK→Alert not told: held-by-downtime', 'Alert→Alert downtime-expired'])
    expect(run.transitions[1]?.slot).toBeGreaterThanOrEqual(epoch + 5 * minuteMs)
    expect(run.transitions[1]?.slot).toBeLessThan(epoch + 6 * minuteMs)
  })

  test('that is taken back tells nothing', () => {
    const run = play(stateOf({ silenced }), [values({ [host]: 95 }), respecified({ silenced: {} }), values({ [host]: 95 })])
    expect(told(run.transitions)).toEqual(['OK→Alert not told: held-by-downtime'])
  })

  test('lets the first recovery of an alert through that was told before it', () => {
    const run = play(stateOf(), [values({ [host]: 95 }), respecified({ silenced }), values({ [host]: 1 }), values({ [host]: 95 })])
    expect(told(run.transitions)).toEqual(['OK→Alert entered-alert', 'Alert→OK recovered', 'OK→Alert not told: held-by-downtime'])
  })

  test('holds only the groups in its scope', () => {
    const run = play(stateOf({ silenced: { 'host:a': null } }), [values({ 'host:a': 95, 'host:b': 95 })])
    expect(told(run.transitions)).toEqual(['OK→Alert not told: held-by-downtime', 'OK→Alert entered-alert'])
  })
})

describe('an edit', () => {
  test('keeps the state of groups whose tags still make a group', () => {
    const alerting = play(stateOf(), [values({ [host]: 95 })])
    const run = play(alerting.state, [respecified({ name: 'Other', thresholds: { ...specOf().thresholds, critical: 94 } })])
    expect(run.state.groups).toEqual(alerting.state.groups)
    expect(run.effects.map((effect) => effect.kind)).toEqual(['commit'])
  })

  test('lets go of groups that are made of other tags now', () => {
    const alerting = play(stateOf(), [values({ [host]: 95 })])
    const run = play(alerting.state, [respecified({ groupBy: ['env'] })])
    expect(run.state.groups).toEqual({})
    expect(run.transitions).toEqual([])
  })

  test('of a version that is known already is nothing', () => {
    const state = stateOf()
    expect(play(state, [{ kind: 'respecified', spec: specOf({ name: 'Other' }), at: epoch }]).state).toEqual(state)
  })

  test('that raises the threshold recovers at the next evaluation', () => {
    const alerting = play(stateOf(), [values({ [host]: 95 })])
    const run = play(alerting.state, [
      respecified({ thresholds: { ...specOf().thresholds, critical: 100, warning: 99 } }),
      values({ [host]: 95 }),
    ])
    expect(told(run.transitions)).toEqual(['Alert→OK recovered'])
  })
})

describe('by hand', () => {
  test('a resolved group is OK now and judged afresh at the next evaluation', () => {
    const alerting = play(stateOf(), [values({ [host]: 95, 'host:b': 95 })])
    const resolved = play(alerting.state, [(state) => ({ kind: 'resolved', groups: [host], at: state.lastSlot + 1 })])
    expect(told(resolved.transitions)).toEqual(['Alert→OK recovered'])
    expect(resolved.state.groups['host:b']?.status).toBe('Alert')
    const again = play(resolved.state, [values({ [host]: 95, 'host:b': 95 })])
    expect(told(again.transitions)).toEqual(['OK→Alert entered-alert'])
  })

  test('resolving a group that is unknown or OK is nothing', () => {
    const fine = play(stateOf(), [values({ [host]: 1 })])
    expect(play(fine.state, [{ kind: 'resolved', groups: [host, 'host:z'], at: epoch }]).effects).toEqual([])
  })

  test('what happens while paused is not judged afterwards', () => {
    const paused = play(stateOf(), [values({ [host]: 95 }), { kind: 'paused', at: epoch }])
    expect(paused.state.paused).toBe(true)
    const resumed = play(paused.state, [{ kind: 'resumed', at: epoch + 60 * minuteMs }])
    expect(resumed.state.paused).toBe(false)
    expect(resumed.state.groups[host]?.status).toBe('Alert')
    expect(nextSlot(resumed.state)).toBeGreaterThan(epoch + 60 * minuteMs)
  })
})

describe('the limit of groups', () => {
  test('refuses new groups, keeps those that are tracked, and says so', () => {
    const full = play(stateOf({ groupsMax: 2 }), [values({ 'host:a': 95, 'host:b': 1, 'host:c': 95 })])
    expect(Object.keys(full.state.groups)).toEqual(['host:a', 'host:b'])
    expect(full.state.health).toMatchObject({ kind: 'groups-refused', refused: 1, groupsMax: 2 })
    const later = play(full.state, [values({ 'host:b': 1, 'host:c': 95, 'host:d': 95, 'host:a': 95 })])
    expect(later.state.health).toMatchObject({
      refused: 2,
      since: full.state.health.kind === 'groups-refused' ? full.state.health.since : 0,
    })
    expect(later.transitions).toEqual([])
  })
})

test('a slot that was judged before says nothing new', () => {
  const state = play(stateOf(), [values({ [host]: 95 })]).state
  const repeated = step(state, {
    kind: 'observed',
    observation: {
      slot: state.lastSlot,
      outcome: { kind: 'ok' },
      changed: [{ group: host, level: 'ok', value: 1, at: state.lastSlot }],
      missing: [],
      refused: 0,
    },
  })
  expect(repeated).toEqual({ state, effects: [] })
})

test('the episode is dated: first left OK, last got worse, both kept in the recovery', () => {
  const run = play(stateOf(), [values({ [host]: 85 }), values({ [host]: 95 }), values({ [host]: 1 })])
  const [warn, alert, recovery] = run.transitions
  expect(recovery).toMatchObject({ firstTriggeredAt: warn?.slot, lastTriggeredAt: alert?.slot, threshold: 90, value: 1 })
  expect(run.state.groups[host]).toMatchObject({ status: 'OK', firstTriggeredAt: null, told: false })
})

test('a draft evaluates and tells nobody', () => {
  const run = play(stateOf({ draft: true }), [values({ [host]: 95 }), values({ [host]: 1 })])
  expect(told(run.transitions)).toEqual(['OK→Alert not told: draft', 'Alert→OK not told: draft'])
})

test('the notify effect names the transitions that are told, and comes after the commit', () => {
  const { effects } = play(stateOf({ silenced: { 'host:a': null } }), [values({ 'host:a': 95, 'host:b': 95 })])
  expect(effects.map((effect) => effect.kind)).toEqual(['commit', 'notify', 'overall'])
  expect(effects[1]).toEqual({ kind: 'notify', monitorId: 1001, sequences: [2] })
})
