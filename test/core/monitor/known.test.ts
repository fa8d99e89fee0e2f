import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pack, unpack } from '../../../core/monitor/known.ts'
import { type Circumstances, observe } from '../../../core/monitor/observe.ts'
import { slotEvent, withoutValues } from '../../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import { step } from '../../../core/monitor/step.ts'
import type { Downtime, MonitorState, Observation } from '../../../core/monitor/types.ts'
import { epoch, minuteMs, nextSlot, play, stateOf } from './fixtures.ts'

/** Also names that an object could trip over. */
const groups = ['host:a,dc:x', 'host:b,dc:x', 'host:c,dc:y', 'host:line\nbreak,dc:y', 'constructor', '17', '']
const readings = fc.dictionary(fc.constantFrom(...groups), fc.constantFrom(10, 50, 79, 81, 85, 91, 95), { noNullPrototype: true })
const downtime = fc.record<Downtime>({
  id: fc.constantFrom('d1', 'd2'),
  scope: fc.constantFrom({ kind: 'all' }, { kind: 'tag', key: 'dc', value: 'x' }),
  startAt: fc.constant(epoch),
  endAt: fc.option(fc.integer({ min: 1, max: 40 }).map((n) => epoch + n * minuteMs)),
  notifyEndStates: fc.constant(['Alert', 'Warn', 'No Data']),
  notifyEndTypes: fc.subarray(['expired', 'canceled']),
  muteFirstRecovery: fc.boolean(),
})

type Slot = Readonly<{ values: Record<string, number> | null; circumstances: Circumstances; resolve: boolean }>

const slot: fc.Arbitrary<Slot> = fc.record({
  values: fc.oneof({ weight: 8, arbitrary: readings }, { weight: 1, arbitrary: fc.constant(null) }),
  circumstances: fc.record(
    { partial: fc.subarray(groups), downtimes: fc.uniqueArray(downtime, { selector: ({ id }) => id }) },
    { requiredKeys: [] },
  ),
  resolve: fc.boolean(),
})
const spec: fc.Arbitrary<Partial<MonitorSpec>> = fc.record(
  {
    missing: fc.record({
      action: fc.constantFrom('keep', 'show', 'notify', 'resolve' as const),
      timeframeMs: fc.constantFrom(minuteMs, 3 * minuteMs),
    }),
    windowMs: fc.constantFrom(minuteMs, 5 * minuteMs),
    holdMs: fc.constantFrom(0, minuteMs, 3 * minuteMs),
    keepFiringMs: fc.constantFrom(0, 2 * minuteMs),
    newGroupDelayMs: fc.constantFrom(0, 2 * minuteMs),
    timeoutMs: fc.constantFrom(null, 2 * minuteMs, 5 * minuteMs),
    renotify: fc.constantFrom(null, { intervalMs: minuteMs, occurrences: 2, statuses: ['Alert', 'Warn', 'No Data'] }),
    onEvaluationError: fc.constantFrom('keep', 'unknown', 'alert'),
    notifyBy: fc.constantFrom(null, [], ['dc']),
    groupBy: fc.constant(['dc', 'host']),
    groupsMax: fc.constantFrom(3, 100),
    retentionMs: fc.constantFrom(4 * minuteMs, 100 * minuteMs),
    thresholds: fc.constantFrom(
      { critical: 90, warning: 80, criticalRecovery: 80, warningRecovery: 20 },
      { critical: 90, warning: null, criticalRecovery: null, warningRecovery: null },
    ),
  },
  { requiredKeys: [] },
)

function observationOf(state: MonitorState, at: number, { values, circumstances }: Slot): Observation | null {
  return values === null ? withoutValues(at, { kind: 'failed', reason: 'because' }) : observe(state, at, values, circumstances)
}

/** What the evaluate activity gets to see of a state. */
const received = (state: MonitorState): MonitorState => unpack(JSON.parse(JSON.stringify(pack(state))))

test('what was packed observes what the original does, over as many slots as are caught up', () => {
  fc.assert(
    fc.property(spec, fc.array(slot, { maxLength: 25 }), fc.array(slot, { minLength: 1, maxLength: 8 }), (changes, before, then) => {
      let state = before.reduce(
        (sum, one) =>
          play(sum, [
            (now) => slotEvent(nextSlot(now), observationOf(now, nextSlot(now), one)),
            ...(one.resolve ? [(now: MonitorState) => ({ kind: 'resolved', groups: '*', at: now.lastSlot + 1 }) as const] : []),
          ]).state,
        stateOf(changes),
      )
      let copy = received(state)
      for (const one of then) {
        const at = nextSlot(state)
        const observation = observationOf(state, at, one)
        expect(observationOf(copy, at, one)).toEqual(observation)
        state = step(state, slotEvent(at, observation)).state
        copy = step(copy, slotEvent(at, observation)).state
        expect(decisive(copy)).toEqual(decisive(state))
      }
    }),
    { numRuns: 1_000 },
  )
})

/** All that says what comes next, without what only people read: since when, the last value. */
function decisive(state: MonitorState): unknown {
  const { overall, health, paused, lastSlot, sequence, nextDueAt, downtimes } = state
  const statuses = Object.entries(state.groups).map(([key, { status, level, missingSince, told, held, toldAt, repeats }]) => [
    key,
    { status, level, missingSince, told, held, toldAt, repeats },
  ])
  const bundles = Object.entries(state.bundles).map(([key, { status, told, held }]) => [key, { status, told, held }])
  return {
    ...{ overall, health, paused, lastSlot, sequence, nextDueAt, downtimes },
    ...{ statuses: Object.fromEntries(statuses), bundles: Object.fromEntries(bundles), owed: Object.keys(state.owed) },
  }
}

describe('a packed state', () => {
  const values = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`host:web-${n},dc:${n % 7}`, n === 5 ? 95 : 10]))
  const large = play(stateOf({ groupsMax: 20_000 }), [
    (state) => slotEvent(nextSlot(state), observe(state, nextSlot(state), values(10_000))),
  ]).state

  test('of 10,000 groups is their names, and the one that isn’t OK', () => {
    const { plain, groups: others } = pack(large)
    expect(plain).toHaveLength(9_999)
    expect(Object.keys(others)).toEqual(['host:web-5,dc:5'])
    expect(JSON.stringify(pack(large)).length).toBeLessThan(JSON.stringify(large).length / 10)
  })

  test('without groups has none', () => {
    expect(unpack(pack(stateOf()))).toEqual(stateOf())
  })
})
