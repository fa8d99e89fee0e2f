import { describe, expect, test } from 'vitest'
import { observe } from '../../core/monitor/observe.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { slotsBetween } from '../../core/schedule/slots.ts'
import { evaluateNowUpdate, evaluationsQuery, resolveUpdate, stateQuery } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { type Script, sourceAway } from '../support/memory-ports.ts'
import { monitorRuns, settled, waves } from '../support/monitor-runs.ts'
import { simulate } from '../support/simulate.ts'
import { until } from '../support/until.ts'

const { run, sleep } = monitorRuns()

describe('the loop', () => {
  test('decides over many runs exactly what step alone decides, and accounts for every slot', async () => {
    const { spec, ports, handle, startedAt } = await run(
      waves,
      { missing: { action: 'notify', timeframeMs: 60_000 } },
      { evaluationsPerRun: 7 },
    )
    await sleep('30m')
    const { state, ledger } = await settled(handle, ports)
    const truth = simulate(spec, startedAt, state.lastSlot, waves)
    expect(truth.transitions.length).toBeGreaterThan(20)
    expect(ports.monitors.transitions(spec.monitorId)).toEqual(truth.transitions)
    expect(state).toEqual(truth.state)
    expect(truth.asked.length).toBeGreaterThanOrEqual(30)
    expect(ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)
    expect(ledger).toMatchObject({ skipped: 0, failed: 0 })
    expect((await handle.query(evaluationsQuery)).at(-1)?.slot).toBe(state.lastSlot)
  })

  test('costs a quiet monitor six events an evaluation', async () => {
    const { handle } = await run(() => ({ 'host:a': 1 }))
    await sleep('20m')
    const { ledger } = await handle.query(stateQuery)
    const { events } = await handle.fetchHistory()
    const evaluations = ledger.evaluated + ledger.caughtUp
    expect(evaluations).toBeGreaterThanOrEqual(20)
    expect((events ?? []).length / evaluations).toBeLessThanOrEqual(7)
  })

  test('a failing source fails slots and changes nothing', async () => {
    const everyThird: Script = (slot) => (Math.floor(slot / 60_000) % 3 === 0 ? sourceAway() : { 'host:a': 95 })
    const { spec, handle, startedAt } = await run(everyThird)
    await sleep('9m')
    const { state, ledger } = await handle.query(stateQuery)
    const truth = simulate(spec, startedAt, state.lastSlot, everyThird)
    const failed = truth.asked.filter((slot) => everyThird(slot) instanceof Error)
    expect(failed.length).toBeGreaterThanOrEqual(3)
    expect(ledger.failed).toBe(failed.length)
    expect(ledger.failed + ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)
    expect(state.groups['host:a']?.status).toBe('Alert')
    expect(ledger.recent.find((entry) => entry.outcome === 'failed')?.reason).toBe('unreachable: connection refused')
  })

  test('an evaluation that breaks the worker counts as failed after some attempts', async () => {
    let calls = 0
    const { handle, ports } = await run(() => {
      calls += 1
      return new TypeError('out of order')
    })
    await until('a failing health', () => ports.monitors.commits.some(({ health }) => health.kind === 'failing'))
    const [first] = await handle.query(evaluationsQuery)
    expect(first).toMatchObject({ outcome: 'failed', reason: 'out of order' })
    expect(calls).toBeGreaterThanOrEqual(3)
  })
})

describe('messages', () => {
  test('a newer definition is loaded and judged by, and the groups keep their state', async () => {
    const { spec, ports, handle } = await run(() => ({ 'host:a': 85 }))
    await sleep('2m')
    ports.monitors.define({ ...spec, version: 2, thresholds: { ...spec.thresholds, critical: 84, warning: null } })
    await handle.signal('respecify', { version: 2 })
    await sleep('2m')
    const { state } = await handle.query(stateQuery)
    expect(state.spec.version).toBe(2)
    expect(state.groups['host:a']?.status).toBe('Alert')
    expect(ports.monitors.transitions(spec.monitorId).map(({ from, to }) => `${from}→${to}`)).toEqual(['OK→Warn', 'Warn→Alert'])
  })

  test('a paused monitor keeps its state, evaluates nothing, and accounts for the slots when it resumes', async () => {
    const { spec, handle, startedAt } = await run(() => ({ 'host:a': 95 }))
    await sleep('3m')
    await handle.signal('pause')
    await sleep('10m')
    const paused = await handle.query(stateQuery)
    expect(paused.state).toMatchObject({ paused: true, overall: 'Alert' })
    await handle.signal('resume')
    await sleep('3m')
    const { state, ledger } = await handle.query(stateQuery)
    expect(state).toMatchObject({ paused: false, overall: 'Alert' })
    expect(ledger.skipped).toBeGreaterThanOrEqual(9)
    const slots = slotsBetween(spec.monitorId, spec.intervalMs, startedAt - spec.intervalMs, state.lastSlot)
    expect(ledger.evaluated + ledger.caughtUp + ledger.skipped).toBe(slots)
  })

  test('resolve answers which groups it made OK, and the next evaluation judges them afresh', async () => {
    const { spec, ports, handle } = await run(() => ({ 'host:a': 95, 'host:b': 1 }))
    await sleep('2m')
    expect(await handle.executeUpdate(resolveUpdate, { args: [{ groups: '*' }] })).toEqual({ resolved: ['host:a'] })
    await sleep('2m')
    expect(ports.monitors.transitions(spec.monitorId).map(({ reason }) => reason)).toEqual([
      'threshold-crossed',
      'resolved-by-hand',
      'threshold-crossed',
    ])
  })

  test('evaluate now answers with what it came to, between slots', async () => {
    let value = 1
    const { handle } = await run(() => ({ 'host:a': value }))
    await sleep('2m')
    value = 95
    const answer = await handle.executeUpdate(evaluateNowUpdate)
    expect(answer).toMatchObject({ outcome: 'ok', overall: 'Alert', transitions: 1 })
    const { ledger } = await handle.query(stateQuery)
    expect(ledger.onDemand).toBe(1)
  })

  test('stop ends it; so does a deleted definition', async () => {
    const stopped = await run(() => ({ 'host:a': 1 }))
    await sleep('1m')
    await stopped.handle.signal('stop')
    await stopped.handle.result()
    const deleted = await run(() => ({ 'host:a': 1 }))
    await sleep('1m')
    deleted.ports.monitors.remove(deleted.spec.monitorId)
    await deleted.handle.signal('respecify', { version: 2 })
    await deleted.handle.result()
  })
})

test('a workflow that was lost begins again from what was committed, and catches up the slots it missed', async () => {
  const { spec, ports, handle, startedAt, restart } = await run(waves)
  await sleep('10m')
  await handle.terminate('lost')
  await sleep('20m')
  await restart()
  await sleep('5m')
  const { state } = await settled(handle, ports)
  const truth = simulate(spec, startedAt, state.lastSlot, waves)
  // What was caught up is told late, if at all, under a number of its own; what was decided is as if nothing had happened.
  const decided = ports.monitors.transitions(spec.monitorId).filter(({ reason }) => reason !== 'caught-up')
  expect(decided.map(whatHappened)).toEqual(truth.transitions.map(whatHappened))
  expect(state.owed).toEqual({})
  expect(Object.values(state.groups).map(({ status, since, level }) => [status, since, level])).toEqual(
    Object.values(truth.state.groups).map(({ status, since, level }) => [status, since, level]),
  )
})

function whatHappened({ group, from, to, slot, value, reason }: Transition) {
  return { group, from, to, slot, value, reason }
}

test('an observation that the workflow stores holds only what changed', () => {
  const values = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`host:${index}`, 1]))
  const state = simulate(specOf({ groupsMax: 2_000 }), 1_767_225_600_000, 1_767_225_600_000, () => values).state
  expect(Object.keys(state.groups)).toHaveLength(1_000)
  const told = observe(state, state.lastSlot + 60_000, { ...values, 'host:7': 95 })
  expect(told?.changed.map((reading) => reading.group)).toEqual(['host:7'])
})
