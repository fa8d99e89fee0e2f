/** PostgreSQL goes away and comes back, beside the real workflow: it goes on judging, and all that it decided is stored in its order. */
import { describe, expect, test } from 'vitest'
import { fixedSources } from '../../activities/fixed-sources.ts'
import type { Datasource } from '../../activities/ports.ts'
import { StoreAwayError } from '../../activities/store-ports.ts'
import { outboxCharsMax } from '../../core/monitor/outbox.ts'
import { evaluateNowUpdate, resolveUpdate, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { type MemoryPorts, type Script, scriptedSource } from '../support/memory-ports.ts'
import { monitorRuns, settled, waves } from '../support/monitor-runs.ts'
import { simulate } from '../support/simulate.ts'
import { until } from '../support/until.ts'

const { run, sleep } = monitorRuns()

describe('a source that doesn’t need it', () => {
  test('is asked on, over many runs, and every decision is stored in its order, as if it had never been away', async () => {
    const { spec, ports, handle, startedAt } = await run(waves, {}, { evaluationsPerRun: 4 })
    await sleep('3m')
    const before = await settled(handle, ports)
    ports.monitors.goAway()
    await sleep('6m')
    const during = await handle.query(stateQuery)
    expect(during.ledger.evaluated - before.ledger.evaluated).toBeGreaterThanOrEqual(5)
    expect(during.state.sequence).toBeGreaterThan(before.state.sequence + 1)
    expect(ports.monitors.transitions(spec.monitorId)).toHaveLength(before.state.sequence)
    ports.monitors.comeBack()
    await sleep('1m')
    const { state, ledger } = await settled(handle, ports)
    const truth = simulate(spec, startedAt, state.lastSlot, waves)
    expect(ports.monitors.transitions(spec.monitorId)).toEqual(truth.transitions)
    expect(state).toEqual(truth.state)
    expect(ledger).toMatchObject({ failed: 0, skipped: 0 })
    expect(ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)
  })

  test('waits where there is no room for more decisions, and judges what it missed afterwards', async () => {
    const many: Script = (slot) =>
      Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`host:${index}`, (slot / 60_000 + index) % 2 < 1 ? 95 : 10]))
    const { spec, ports, handle, startedAt } = await run(many)
    await sleep('2m')
    ports.monitors.goAway()
    await sleep('4m')
    const { ledger: waiting } = await handle.query(stateQuery)
    expect(waiting.evaluated + waiting.caughtUp).toBeLessThan(5)
    ports.monitors.comeBack()
    await sleep('2m')
    const { state, ledger } = await settled(handle, ports)
    const truth = simulate(spec, startedAt, state.lastSlot, many)
    expect(ledger).toMatchObject({ failed: 0, skipped: 0 })
    expect(ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)
    expect(Object.values(state.groups).map(({ status }) => status)).toEqual(Object.values(truth.state.groups).map(({ status }) => status))
    const sizes = ports.monitors.commits.map((commit) => JSON.stringify(commit).length)
    expect(Math.max(...sizes)).toBeGreaterThan(outboxCharsMax / 2)
  })

  test('gets no answer before it is stored, and then what it came to', async () => {
    const { spec, ports, handle } = await run(() => ({ 'host:a': 95 }), {}, { evaluationsPerRun: 3 })
    await sleep('2m')
    ports.monitors.goAway()
    let answer: unknown = null
    const asked = handle.executeUpdate(resolveUpdate, { args: [{ groups: '*' }] }).then((said) => {
      answer = said
    })
    await sleep('4m')
    expect(answer).toBeNull()
    ports.monitors.comeBack()
    await sleep('1m')
    await asked
    expect(answer).toEqual({ resolved: ['host:a'] })
    await settled(handle, ports)
    expect(ports.monitors.transitions(spec.monitorId).map(({ reason }) => reason)).toEqual([
      'threshold-crossed',
      'resolved-by-hand',
      'threshold-crossed',
    ])
  })

  test('is asked by the old definition until the new one can be read', async () => {
    const { spec, ports, handle } = await run(() => ({ 'host:a': 85 }), {}, { evaluationsPerRun: 4 })
    await sleep('2m')
    ports.monitors.define({ ...spec, version: 2, thresholds: { ...spec.thresholds, critical: 84, warning: null } })
    ports.monitors.goAway()
    await handle.signal('respecify', { version: 2 })
    await sleep('4m')
    const { state, ledger } = await handle.query(stateQuery)
    expect(state.spec.version).toBe(1)
    expect(ledger.evaluated).toBeGreaterThanOrEqual(5)
    ports.monitors.comeBack()
    await sleep('2m')
    const after = await settled(handle, ports)
    expect(after.state.spec.version).toBe(2)
    expect(after.state.groups['host:a']?.status).toBe('Alert')
  })

  test('a monitor that is stopped stores what it decided before it ends', async () => {
    const { spec, ports, handle, startedAt } = await run(waves)
    await sleep('2m')
    ports.monitors.goAway()
    await sleep('5m')
    const { state } = await handle.query(stateQuery)
    await handle.signal('stop')
    await sleep('1m')
    ports.monitors.comeBack()
    await handle.result()
    expect(ports.monitors.transitions(spec.monitorId)).toEqual(simulate(spec, startedAt, state.lastSlot, waves).transitions)
  })

  test('what the store holds under a number that waited is taken over, and all that came after is judged on top', async () => {
    const { spec, ports, handle } = await run((slot) => ({ 'host:a': slot > 0 ? 95 : 1 }))
    await sleep('2m')
    ports.monitors.goAway()
    const asked = handle.executeUpdate(resolveUpdate, { args: [{ groups: '*' }] })
    await sleep('2m')
    await until('decisions that wait', async () => (await handle.query(stateQuery)).state.sequence >= 2)
    ports.monitors.comeBack()
    // Somebody else wrote the number that the resolution has.
    const [first] = ports.monitors.commits.flatMap(({ transitions }) => transitions)
    const [commit] = ports.monitors.commits.filter(({ transitions }) => transitions.length > 0)
    if (first === undefined || commit === undefined) throw new Error('nothing was committed')
    await ports.monitors.commit({ ...commit, sequence: 2, transitions: [{ ...first, sequence: 2, group: 'host:b' }] })
    await sleep('2m')
    await asked
    const { state } = await settled(handle, ports)
    expect(ports.monitors.transitions(spec.monitorId).map(({ group, reason }) => `${group} ${reason}`)).toEqual([
      'host:a threshold-crossed',
      'host:b threshold-crossed',
      'host:a resolved-by-hand',
      'host:a threshold-crossed',
    ])
    expect(state.groups['host:a']?.status).toBe('Alert')
  })
})

describe('a source that is in it', () => {
  /** Fails as ours do while the store is away. */
  const within = (script: Script, isAway: () => boolean): Datasource => {
    const source = scriptedSource(script)
    return {
      ...source,
      query: async (query) => {
        if (isAway()) throw new StoreAwayError('PostgreSQL: connect ECONNREFUSED')
        return source.query(query)
      },
    }
  }
  const inStore =
    (script: Script, outage: { is: boolean }) =>
    (ports: MemoryPorts): MemoryPorts => ({ ...ports, sources: fixedSources([within(script, () => outage.is)]) })

  test('has its slots wait, and judges each of them by its own time once it is back; none has failed', async () => {
    const outage = { is: false }
    const lags: number[] = []
    const pressure = { evaluated: (_: unknown, lagMs: number) => void lags.push(lagMs), stretchOf: () => 1 }
    const { spec, ports, handle, startedAt } = await run(waves, {}, { evaluationsPerRun: 7 }, (ports) => ({
      ...inStore(waves, outage)(ports),
      pressure,
    }))
    await sleep('3m')
    outage.is = true
    ports.monitors.goAway()
    await sleep('8m')
    expect((await handle.query(stateQuery)).ledger.failed).toBe(0)
    outage.is = false
    ports.monitors.comeBack()
    await sleep('3m')
    const { state, ledger } = await settled(handle, ports)
    const truth = simulate(spec, startedAt, state.lastSlot, waves)
    expect(ledger).toMatchObject({ failed: 0, skipped: 0 })
    expect(ledger.evaluated + ledger.caughtUp).toBe(truth.asked.length)
    const decided = ports.monitors.transitions(spec.monitorId).filter(({ reason }) => reason !== 'caught-up')
    const seen = decided.map(({ group, from, to, slot, value }) => ({ group, from, to, slot, value }))
    expect(seen).toEqual(truth.transitions.map(({ group, from, to, slot, value }) => ({ group, from, to, slot, value })))
    // An engine that waited isn't taken for a busy one.
    expect(Math.max(...lags)).toBeLessThan(60_000)
  })

  test('costs some ten events a try, and answers whoever asks for an evaluation that it waits', async () => {
    const outage = { is: true }
    const { spec, handle } = await run(
      () => ({ 'host:a': 1 }),
      {},
      { evaluationsPerRun: 1_000 },
      inStore(() => ({}), outage),
    )
    await sleep('5m')
    expect(await handle.executeUpdate(evaluateNowUpdate)).toMatchObject({ outcome: 'waiting', transitions: 0 })
    const { events } = await handle.fetchHistory()
    // Five minutes have some eighteen tries.
    expect(events?.length).toBeLessThan(18 * 12)
    const { ledger } = await until('an answer', () => handle.query(stateQuery))
    expect(ledger).toMatchObject({ evaluated: 0, failed: 0, skipped: 0 })
    expect(handle.workflowId).toBe(workflowIdOf(spec.monitorId))
  })
})
