import { describe, expect, test } from 'vitest'
import { parseScenarios } from '../../../contract/scenario.ts'
import { compareRun } from '../../../core/scenario/compare.ts'
import { planScenario } from '../../../core/scenario/plan.ts'
import { runScenario } from '../../../core/scenario/run.ts'
import { printTransition } from '../../../core/scenario/transition-line.ts'
import type { Scenario } from '../../../core/scenario/types.ts'

const monitor = { type: 'query alert', query: 'avg(last_1m):avg:cpu{*} by {host} > 90' }

function scenarioOf(parts: Readonly<Record<string, unknown>>): Scenario {
  const { scenarios, issues } = parseScenarios({ name: 'test', monitor, expect: [], ...parts })
  const [only] = scenarios
  if (only === undefined) throw new Error(JSON.stringify(issues))
  return only.scenario
}

const transitionsOf = (scenario: Scenario): string[] => runScenario(scenario).transitions.map(printTransition)

describe('a plan', () => {
  test('has one slot an interval, the first at or before the start', () => {
    const { slots } = planScenario(scenarioOf({ series: { 'host:a': '1x4' }, start: '2026-03-01T12:00:00Z' }))
    const start = Date.UTC(2026, 2, 1, 12)
    expect(slots).toHaveLength(4)
    expect(slots[0]).toBeGreaterThan(start - 60_000)
    expect(slots[0]).toBeLessThanOrEqual(start)
    expect(slots.map((slot, index) => slot - (slots[0] ?? 0) - index * 60_000)).toEqual([0, 0, 0, 0])
  })

  test('puts actions halfway between two slots, and counts versions', () => {
    const actions = [
      { after: 2, unmute: 'all' },
      { after: 1, mute: '*' },
      { after: 1, edit: { name: 'other' } },
    ]
    const plan = planScenario(scenarioOf({ series: { 'host:a': '1x4' }, actions }))
    expect(plan.actions.map(({ after, at }) => at - (plan.slots[after] ?? 0))).toEqual([30_000, 30_000, 30_000])
    expect(plan.actions.map((action) => action.kind === 'respecify' && [action.spec.version, Object.keys(action.spec.silenced)])).toEqual([
      [2, ['*']],
      [3, ['*']],
      [4, []],
    ])
  })

  test('comes out the same at any other time and under any other id', () => {
    const scenario = scenarioOf({
      monitor: { ...monitor, options: { silenced: { '*': Date.UTC(2026, 0, 1, 0, 3) / 1000 } } },
      series: { 'host:a': '10 95x6 10' },
      actions: [{ after: 4, mute: 'host:a', until: 6 }],
    })
    const expected = transitionsOf(scenario)
    expect(expected).toHaveLength(4)
    for (const [monitorId, firstSlot] of [[1, 0] as const, [77, 1_800_000_000_123] as const, [123_456, 1_767_225_611_111] as const]) {
      const run = runScenario(scenario, { monitorId, firstSlot })
      expect(run.transitions.map(printTransition)).toEqual(expected)
    }
  })
})

describe('a comparison', () => {
  const series = { 'host:a': '10 95 95 10' }
  test('says nothing where all is as expected, whatever an expectation leaves out', () => {
    const scenario = scenarioOf({ series, expect: ['1 host:a OK → Alert', '3 host:a Alert → OK, told'], end: { overall: 'OK' } })
    expect(compareRun(scenario, runScenario(scenario))).toEqual([])
  })

  test('shows what agrees, what is missing and what came instead', () => {
    const scenario = scenarioOf({ series, expect: ['1 host:a OK → Alert', '2 host:a Alert → OK'] })
    expect(compareRun(scenario, runScenario(scenario))).toEqual([
      '  1 host:a OK → Alert, threshold-crossed, value 95, told entered-alert',
      '- 2 host:a Alert → OK',
      '+ 3 host:a Alert → OK, threshold-recovered, value 10, told recovered',
    ])
  })

  test('takes transitions that nobody expected for a difference, and those that never came', () => {
    const none = scenarioOf({ series, expect: [] })
    expect(compareRun(none, runScenario(none))).toHaveLength(2)
    const more = scenarioOf({ series: { 'host:a': '10x2' }, expect: ['1 host:a OK → Alert'] })
    expect(compareRun(more, runScenario(more))).toEqual(['- 1 host:a OK → Alert'])
  })

  test('minds reasons, values and who is told', () => {
    for (const line of ['1 host:a OK → Alert, timed-out', '1 host:a OK → Alert, value 96', '1 host:a OK → Alert, not told']) {
      const scenario = scenarioOf({ series, expect: [line, '3 host:a Alert → OK'] })
      expect(compareRun(scenario, runScenario(scenario))).toContain(`- ${line}`)
    }
  })

  test('minds the end', () => {
    const end = { overall: 'Alert', groups: { 'host:b': 'OK' }, health: { failing: 'timeout' } }
    const scenario = scenarioOf({ series, expect: ['1 host:a OK → Alert', '3 host:a Alert → OK'], end })
    expect(compareRun(scenario, runScenario(scenario))).toEqual([
      '- at the end, overall: Alert',
      '+ at the end, overall: OK',
      '- at the end, groups: host:b OK',
      '+ at the end, groups: host:a OK',
      '- at the end, health: failing (timeout)',
      '+ at the end, health: healthy',
    ])
  })

  test('finds the slot of a time', () => {
    const scenario = scenarioOf({
      series,
      expect: ['2026-01-01T00:00:30Z host:a OK → Alert', { at: '2026-01-01T00:02:10Z', group: 'host:a', from: 'Alert', to: 'OK' }],
    })
    expect(compareRun(scenario, runScenario(scenario))).toEqual([])
  })
})
