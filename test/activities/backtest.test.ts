import { globSync } from 'node:fs'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { beforeAll, describe, expect, test } from 'vitest'
import { backtestActivities } from '../../activities/backtest.ts'
import { fixedSources } from '../../activities/fixed-sources.ts'
import type { NotificationStore } from '../../activities/notification-ports.ts'
import type { ActivityPorts, Datasource, SlotReadings } from '../../activities/ports.ts'
import { SourceError } from '../../activities/ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { readScenarioFile } from '../../cli/test-scenarios/read.ts'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import type { BacktestReport } from '../../core/backtest/report.ts'
import { prepareRule } from '../../core/notification-rules/rule.ts'
import { downtimesAt } from '../../core/scenario/plan.ts'
import { runScenario } from '../../core/scenario/run.ts'
import type { Scenario } from '../../core/scenario/types.ts'
import { slotAfter } from '../../core/schedule/slots.ts'
import { type DatasourceScript, scriptedDatasource } from '../support/fake-datasource.ts'
import { nothingToTell } from '../support/memory-ports.ts'
import { quietRuntime } from '../support/temporal.ts'

beforeAll(() => quietRuntime())

const minuteMs = 60_000
const start = Date.UTC(2026, 0, 1)

function definition(
  options: Readonly<Record<string, unknown>> = {},
  message = '{{value}} @webhook-ops @nobody',
): BacktestInput['definition'] {
  const fields = { monitorId: 0, version: 0, type: 'query alert', name: 'load', priority: null, tags: [], draftStatus: 'published' }
  return { ...fields, query: 'avg(last_1m):avg:load{*} by {host} > 90', message, options: { thresholds: { critical: 90 }, ...options } }
}

/** A store that has these receivers and nothing to tell. */
function configured(...names: readonly string[]): NotificationStore {
  const all = names.map((name) => ({ name, kind: 'webhook', config: {} }))
  return { ...nothingToTell, receivers: async (asked) => all.filter(({ name }) => asked.includes(name)) }
}

type Ports = Pick<ActivityPorts, 'sources' | 'downtimes' | 'recurrences' | 'notifications'>

function run(input: BacktestInput, ports: Partial<Ports> & Pick<Ports, 'sources'>): Promise<BacktestReport> {
  const notifications = configured('log', 'webhook-ops')
  const recurrences = { times: () => [] }
  const { backtest } = backtestActivities({
    downtimes: null,
    recurrences,
    notifications,
    renderer: messageRenderer(),
    clock: Date.now,
    ...ports,
  })
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(backtest, input)
}

/** `minutes` slots from the start on, over a script. */
function overScript(
  script: DatasourceScript,
  minutes: number,
  changes: Partial<BacktestInput['definition']> = {},
): Promise<BacktestReport> {
  const time = { fromMs: start, toMs: start + (minutes - 1) * minuteMs }
  return run({ definition: { ...definition(), ...changes }, time }, { sources: fixedSources([scriptedDatasource(script)]) })
}

const minuteOf = (slot: number): number => (slot - start) / minuteMs

describe('golden timelines come out of a backtest as out of the state machine', async () => {
  const scenarios: Scenario[] = []
  for (const file of globSync(new URL('../scenarios/*.yaml', import.meta.url).pathname).sort()) {
    const read = await readScenarioFile(file)
    if (read.ok) scenarios.push(...read.scenarios.map(({ scenario }) => scenario))
  }
  // A backtest knows the source's past, not what people did in it nor what else fired.
  const comparable = scenarios.filter(
    ({ actions, causes, outages, groupsMax }) => actions.length + causes.length + outages.length === 0 && groupsMax === null,
  )

  test('there are many', () => {
    expect(comparable.length).toBeGreaterThan(40)
  })

  test.each(comparable)('$name', async (scenario) => {
    const expected = runScenario(scenario)
    const { plan } = expected
    const [first = 0] = plan.slots
    const report = await run(
      { definition: { ...scenario.definition, message: '' }, time: { fromMs: first, toMs: plan.slots.at(-1) ?? first } },
      {
        sources: fixedSources([played(scenario, plan.slots)]),
        recurrences: { times: (_, afterMs) => (plan.agenda ?? []).filter((time) => time > afterMs) },
        downtimes: { inForce: async (_, slots) => slots.map((slot) => downtimesAt(plan, slot)) },
      },
    )
    expect(report.would_have.transitions.map(({ at: _, receivers: __, ...transition }) => transition)).toEqual(
      expected.transitions.map(({ transition }) => transition),
    )
    expect(report.slots.evaluated + report.slots.failed + report.slots.skipped).toBe(scenario.slots.length)
    expect(report.at_end.overall).toBe(expected.state.overall)
  })
})

/** The world of a scenario, in which nothing was before. */
function played(scenario: Scenario, times: readonly number[]): Datasource {
  const bySlot = new Map(scenario.slots.map((reading, index) => [times[index], reading]))
  const readingOf = (slot: number): SlotReadings => {
    const reading = bySlot.get(slot)
    if (reading?.kind === 'failed') throw new SourceError('unreachable', reading.reason)
    if (reading?.kind === 'skipped') return { slot, values: {}, skipped: reading.reason }
    return { slot, values: reading?.values ?? {}, partial: reading?.partial ?? [] }
  }
  return { types: [scenario.definition.type], query: async ({ slots }) => slots.map(readingOf) }
}

describe('an answer', () => {
  const incident: DatasourceScript = {
    groups: ['host:a', 'host:b'],
    value: (group, slot) => (group === 'host:a' && minuteOf(slot) >= 10 && minuteOf(slot) < 25 ? 95 : 10),
  }

  test('tells those whom notification rules name, too', async () => {
    const rule = {
      name: 'alerts',
      filter: { kind: 'scope', scope: 'host:a AND transition_type:alert' },
      recipients: { kind: 'always', recipients: ['webhook-ops', 'webhook-shop'] },
      bundleS: null,
    } as const
    const report = await run(
      { definition: definition({}, '{{value}} @webhook-ops'), time: { fromMs: start, toMs: start + 59 * minuteMs } },
      {
        sources: fixedSources([scriptedDatasource(incident)]),
        notifications: { ...configured('log', 'webhook-ops', 'webhook-shop'), rules: async () => [prepareRule('rule-1', rule)] },
      },
    )
    expect(report.notifications.map(({ receiver, count }) => [receiver, count])).toEqual([
      ['log', 2],
      ['webhook-ops', 2],
      ['webhook-shop', 1],
    ])
  })

  test('tells episodes, messages and times', async () => {
    const report = await overScript(incident, 60)
    expect(report.summary).toBe('would have alerted once and notified @webhook-ops twice')
    expect(report.slots).toEqual({ evaluated: 60, empty: 0, failed: 0, skipped: 0, warm_up: 3, reasons: [] })
    expect(report.starts_from).toBe('2025-12-31T23:57:00.000Z')
    expect(report.would_have).toMatchObject({ alerted: 1, warned: 0, gone_no_data: 0, recovered: 1, told: 2, not_told: {} })
    expect(report.would_have.episodes).toEqual([
      {
        group: 'host:a',
        worst: 'Alert',
        triggered_at: '2026-01-01T00:10:00.000Z',
        recovered_at: '2026-01-01T00:25:00.000Z',
        duration_s: 900,
        before_start: false,
      },
    ])
    expect(report.overall_s).toEqual({ OK: 44 * 60, Alert: 15 * 60, Warn: 0, 'No Data': 0, Unknown: 0 })
    expect(report.notifications.map(({ receiver, known, count }) => ({ receiver, known, count }))).toEqual([
      { receiver: 'log', known: true, count: 2 },
      { receiver: 'nobody', known: false, count: 2 },
      { receiver: 'webhook-ops', known: true, count: 2 },
    ])
    expect(report.notifications[2]?.messages[0]).toEqual({
      at: '2026-01-01T00:10:00.000Z',
      title: '[Triggered on {host:a}] load',
      sequence: 1,
    })
    expect(report.notes).toEqual(['No receiver is configured for @nobody.'])
    expect(report.timeline.groups).toEqual({ 'host:a': `${'-'.repeat(10)}${'A'.repeat(15)}${'-'.repeat(35)}`, 'host:b': '-'.repeat(60) })
  })

  test('knows what was bad before it begins, and doesn’t tell it', async () => {
    const report = await overScript({ value: () => 95 }, 10)
    expect(report.summary).toBe('would not have alerted, nor notified anybody')
    expect(report.at_start).toEqual({
      overall: 'Alert',
      groups: 1,
      not_ok: { '*': { status: 'Alert', since: '2025-12-31T23:57:00.000Z' } },
    })
    expect(report.would_have.transitions).toEqual([])
    expect(report.would_have.episodes).toMatchObject([{ before_start: true, recovered_at: null, worst: 'Alert' }])
  })

  test('begins as early as a hold needs', async () => {
    const report = await overScript({ value: () => 95 }, 10, { options: { hold: 1_800, thresholds: { critical: 90 } } })
    expect(report.slots.warm_up).toBe(31)
    expect(report.at_start.overall).toBe('Alert')
  })

  test('counts exactly what it doesn’t list', async () => {
    const groups = Array.from({ length: 40 }, (_, index) => `host:${index}`)
    const flapping: DatasourceScript = { groups, value: (_, slot) => (minuteOf(slot) % 2 === 0 ? 95 : 10) }
    const { would_have: wouldHave, notifications, timeline, at_end: end } = await overScript(flapping, 200)
    expect(wouldHave.transitions.length + wouldHave.transitions_left_out).toBe(40 * 200)
    expect(wouldHave.transitions_left_out).toBeGreaterThan(0)
    expect(wouldHave).toMatchObject({ alerted: 4_000, recovered: 4_000, told: 8_000 })
    expect(wouldHave.episodes.length + wouldHave.episodes_left_out).toBe(4_000)
    expect(notifications[0]).toMatchObject({ count: 8_000 })
    expect(Object.keys(timeline.groups).length + timeline.groups_left_out).toBe(40)
    expect(end.groups).toBe(40)
  })

  test('fits a payload, however long the names', async () => {
    const groups = Array.from({ length: 300 }, (_, index) => `host:${'ü'.repeat(190)}${index}`)
    const flapping: DatasourceScript = { groups, value: (_, slot) => (minuteOf(slot) % 2 === 0 ? 95 : 10) }
    const report = await overScript(flapping, 60, { message: '@{{host.name}} @log' })
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(1_900_000)
    expect(report.would_have.told).toBe(300 * 60)
  })

  test.each([
    ['a draft', { draftStatus: 'draft' }, 'The monitor is a draft'],
    ['mutes', { options: { thresholds: { critical: 90 }, silenced: { '*': null } } }, 'mutes count for the whole time'],
  ])('says of %s what to know', async (_what, changes, note) => {
    const report = await overScript(incident, 60, changes)
    expect(report.summary).toBe('would have alerted once and notified nobody')
    expect(report.notes.join('\n')).toContain(note)
  })

  test('says that causes aren’t looked at, and tells what they may hold', async () => {
    const report = await overScript(incident, 60, { options: { thresholds: { critical: 90 }, inhibited_by: [{ monitor_id: 7 }] } })
    expect(report.notes.join('\n')).toContain('inhibited_by')
    expect(report.would_have.told).toBeGreaterThan(0)
  })
})

describe('a source', () => {
  test('is asked in chunks that it takes, each slot once', async () => {
    const source = scriptedDatasource({ value: () => 1 })
    await run({ definition: definition(), time: { fromMs: start, toMs: start + 4_999 * minuteMs } }, { sources: fixedSources([source]) })
    const asked = source.asked.flatMap(({ slots }) => slots)
    expect(asked).toHaveLength(5_003)
    expect(new Set(asked).size).toBe(asked.length)
    expect(Math.max(...source.asked.map(({ slots }) => slots.length))).toBe(1_000)
  })

  test('of many groups is asked for fewer slots at once', async () => {
    const groups = Array.from({ length: 2_000 }, (_, index) => `host:${index}`)
    const source = scriptedDatasource({ groups, value: () => 1 })
    await run({ definition: definition(), time: { fromMs: start, toMs: start + 199 * minuteMs } }, { sources: fixedSources([source]) })
    expect(Math.max(...source.asked.map(({ slots }) => slots.length))).toBe(50)
  })

  test('that can’t answer one slot of many has failed that slot only', async () => {
    const report = await overScript({ value: () => 1, fails: (slot) => (minuteOf(slot) === 700 ? 'timeout' : null) }, 2_000)
    expect(report.slots).toMatchObject({ evaluated: 1_999, failed: 1, reasons: [{ outcome: 'failed', slots: 1 }] })
    expect(report.notes[0]).toMatch(/^1 of 2000 slots failed: timeout/)
  })

  test('that is down ends it, to be tried again', async () => {
    await expect(overScript({ value: () => 1, fails: () => 'unreachable' }, 100)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('that can’t be asked about the past skips, and that is said', async () => {
    const report = await overScript({ value: () => 1, skips: () => 'a check can only be made at the time of its slot' }, 10)
    expect(report.slots).toMatchObject({ evaluated: 0, skipped: 10 })
    expect(report.notes).toEqual([
      'Nothing could be judged: no slot was evaluated.',
      'All 10 slots were skipped: a check can only be made at the time of its slot.',
    ])
  })

  test.each([
    ['a bad query', { query: '' }, 'an empty query'],
    ['a type without a source', { type: 'log alert' }, 'no source evaluates monitors of the type log alert yet'],
  ])('%s is refused for good', async (_what, changes, reason) => {
    await expect(overScript({ value: () => 1 }, 10, changes)).rejects.toMatchObject({
      type: 'backtest-impossible',
      nonRetryable: true,
      message: expect.stringContaining(reason),
    })
  })
})

test('a time without a slot is refused for good', async () => {
  const first = slotAfter(0, minuteMs, start)
  const time = { fromMs: first + 1, toMs: first + 2 }
  const refused = run({ definition: definition(), time }, { sources: fixedSources([scriptedDatasource({ value: () => 1 })]) })
  await expect(refused).rejects.toMatchObject({ type: 'backtest-impossible' })
})

test('one that nobody waits for any more ends', async () => {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  const notifications = nothingToTell
  const source = scriptedDatasource({ value: () => 1 })
  const { backtest } = backtestActivities({
    sources: fixedSources([{ ...source, query: async (query) => source.query(query).finally(() => environment.cancel('CANCELLED')) }]),
    downtimes: null,
    recurrences: { times: () => [] },
    notifications,
    renderer: messageRenderer(),
    clock: Date.now,
  })
  const time = { fromMs: start, toMs: start + 9_999 * minuteMs }
  await expect(environment.run(backtest, { definition: definition(), time })).rejects.toThrow()
  expect(source.asked.length).toBeLessThan(4)
})
