import fc from 'fast-check'
import { expect, test } from 'vitest'
import { begin } from '../../../core/monitor/begin.ts'
import { classify } from '../../../core/monitor/classify.ts'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent, withoutValues } from '../../../core/monitor/slot-event.ts'
import { step } from '../../../core/monitor/step.ts'
import type { MonitorEvent, MonitorSpec, MonitorState, Observation, Transition } from '../../../core/monitor/types.ts'
import { epoch, minuteMs, nextSlot, play, specOf } from './fixtures.ts'

const hosts = ['host:a', 'host:b', 'host:c', 'host:d']
const level = fc.constantFrom(10, 79, 81, 85, 91, 95)
const readings = fc.dictionary(fc.constantFrom(...hosts), level)

/** What happens in one slot, independent of the state that it meets. */
type Happening =
  | { kind: 'values'; values: Record<string, number> }
  | { kind: 'failed' }
  | { kind: 'skipped' }
  | { kind: 'resolve'; groups: '*' | string[] }
  | { kind: 'edit'; changes: Partial<MonitorSpec> }
  | { kind: 'pause' }
  | { kind: 'resume' }

const silenced = fc.dictionary(
  fc.constantFrom('*', 'host:a', 'host:b'),
  fc.option(fc.integer({ min: 0, max: 60 }).map((n) => epoch + n * minuteMs)),
)
const missing = fc.record({
  action: fc.constantFrom('keep', 'show', 'notify', 'resolve' as const),
  timeframeMs: fc.constantFrom(minuteMs, 3 * minuteMs),
})
const changes: fc.Arbitrary<Partial<MonitorSpec>> = fc.record(
  {
    silenced,
    missing,
    draft: fc.boolean(),
    holdMs: fc.constantFrom(0, minuteMs, 3 * minuteMs),
    keepFiringMs: fc.constantFrom(0, 2 * minuteMs),
    newGroupDelayMs: fc.constantFrom(0, 2 * minuteMs),
    timeoutMs: fc.constantFrom(null, 5 * minuteMs),
    renotify: fc.option(
      fc.record({
        intervalMs: fc.constantFrom(minuteMs, 3 * minuteMs),
        occurrences: fc.constantFrom(null, 1, 2),
        statuses: fc.subarray(['Alert', 'Warn', 'No Data'] as const),
      }),
    ),
    groupsMax: fc.constantFrom(2, 3, 100),
    retentionMs: fc.constantFrom(4 * minuteMs, 100 * minuteMs),
    thresholds: fc.constantFrom(
      { critical: 90, warning: 80, criticalRecovery: 80, warningRecovery: 10 },
      { critical: 90, warning: null, criticalRecovery: null, warningRecovery: null },
    ),
  },
  { requiredKeys: [] },
)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: readings.map((values) => ({ kind: 'values', values }) as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'failed' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'skipped' } as const) },
  { weight: 1, arbitrary: fc.oneof(fc.constant('*' as const), fc.subarray(hosts)).map((groups) => ({ kind: 'resolve', groups }) as const) },
  { weight: 1, arbitrary: changes.map((edit) => ({ kind: 'edit', changes: edit }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'pause' } as const, { kind: 'resume' } as const) },
)
const story = fc.record({ spec: changes, happenings: fc.array(happening, { maxLength: 40 }) })

function eventOf(state: MonitorState, what: Happening): MonitorEvent {
  const slot = nextSlot(state)
  switch (what.kind) {
    case 'values':
      return slotEvent(slot, observe(state, slot, what.values))
    case 'failed':
    case 'skipped':
      return slotEvent(slot, withoutValues(slot, { kind: what.kind, reason: 'because' }))
    case 'resolve':
      return { kind: 'resolved', groups: what.groups, at: slot }
    case 'edit':
      return { kind: 'respecified', spec: { ...state.spec, ...what.changes, version: state.spec.version + 1 }, at: state.lastSlot + 1 }
    case 'pause':
      return { kind: 'paused', at: state.lastSlot + 1 }
    case 'resume':
      return { kind: 'resumed', at: state.lastSlot + 1 }
  }
}

const start = (spec: Partial<MonitorSpec>): MonitorState => begin(specOf(spec), null, epoch).state
const tell = (happenings: readonly Happening[]) => happenings.map((what) => (state: MonitorState) => eventOf(state, what))
const viaJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

test('cut anywhere and carried on through JSON, a story ends as if it had not been cut', () => {
  fc.assert(
    fc.property(story, fc.nat({ max: 40 }), ({ spec, happenings }, cut) => {
      const whole = play(start(spec), tell(happenings))
      const first = play(start(spec), tell(happenings.slice(0, cut)))
      const second = play(viaJson(first.state), tell(happenings.slice(cut)))
      expect(second.state).toEqual(whole.state)
      expect([...first.transitions, ...second.transitions]).toEqual(whole.transitions)
    }),
  )
})

test('sequence numbers are those of the transitions, without a gap, and time never runs back', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      let sequence = 0
      for (const what of happenings) {
        const before = state
        const run = play(state, tell([what]))
        state = run.state
        for (const transition of run.transitions) expect(transition.sequence).toBe(++sequence)
        expect(state.sequence).toBe(sequence)
        expect(state.lastSlot).toBeGreaterThanOrEqual(before.lastSlot)
      }
    }),
  )
})

test('a state is plain JSON, and a step changes nothing in the state it was given', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      for (const what of happenings) {
        const before = viaJson(state)
        const result = step(state, eventOf(state, what))
        expect(viaJson(state)).toEqual(before)
        expect(viaJson(result)).toEqual(result)
        state = result.state
      }
    }),
  )
})

test('telling only what must be heard comes to the same as telling everything', () => {
  fc.assert(
    fc.property(fc.record({ spec: changes, slots: fc.array(readings, { maxLength: 30 }) }), ({ spec, slots }) => {
      let filtered = start(spec)
      let whole = start(spec)
      for (const values of slots) {
        const slot = nextSlot(whole)
        filtered = play(filtered, [(state) => eventOf(state, { kind: 'values', values })]).state
        whole = step(whole, { kind: 'observed', observation: everything(whole, slot, values) }).state
        // A quiet slot leaves the last told value as it was; all else must agree.
        expect(valuesAside(filtered)).toEqual(valuesAside(whole))
      }
    }),
  )
})

test('slots that say nothing may be told one by one or all at once', () => {
  fc.assert(
    fc.property(story, fc.integer({ min: 1, max: 30 }), ({ spec, happenings }, quiet) => {
      const { state } = play(start(spec), tell(happenings))
      const through = nextSlot(state, quiet - 1)
      const atOnce = play(state, [{ kind: 'quiet', through }])
      const oneByOne = play(
        state,
        Array.from({ length: quiet }, () => (now: MonitorState) => ({ kind: 'quiet', through: nextSlot(now) }) as const),
      )
      expect(oneByOne.state).toEqual(atOnce.state)
      expect(oneByOne.transitions).toEqual(atOnce.transitions)
    }),
  )
})

test('an evaluation that fails moves no group, ever', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const { state } = play(start(spec), tell(happenings))
      // Deadlines of slots before it are met first; then the failed slot itself adds nothing.
      const caughtUp = play(state, [{ kind: 'quiet', through: nextSlot(state) - state.spec.intervalMs }]).state
      const after = play(caughtUp, tell([{ kind: 'failed' }]))
      expect(after.state.groups).toEqual(caughtUp.groups)
      expect(after.transitions).toEqual([])
    }),
  )
})

test('a recovery is told if and only if its episode was', () => {
  const published = (what: Happening): Happening => (what.kind === 'edit' ? { ...what, changes: { ...what.changes, draft: false } } : what)
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const toldOf = new Map<string, boolean>()
      let state = start({ ...spec, draft: false })
      for (const what of happenings.map(published)) {
        const run = play(state, tell([what]))
        state = run.state
        for (const transition of run.transitions) checkRecovery(toldOf, transition)
        for (const group of [...toldOf.keys()].filter((key) => !(key in state.groups))) toldOf.delete(group)
      }
    }),
  )
})

function checkRecovery(toldOf: Map<string, boolean>, { group, to, notify }: Transition): void {
  const before = toldOf.get(group) ?? false
  if (to === 'OK') expect(notify.send).toBe(before)
  toldOf.set(group, to !== 'OK' && (notify.send || before))
}

test('a group that gets worse has been bad for the whole hold, without a gap', () => {
  const holdMs = 3 * minuteMs
  const bad = fc.dictionary(fc.constantFrom(...hosts), fc.constantFrom(85, 95))
  const slots = fc.array(fc.oneof(readings, bad, fc.constant(null)), { maxLength: 40 })
  fc.assert(
    fc.property(slots, (happenings) => {
      let state = start({ holdMs, missing: { action: 'keep', timeframeMs: minuteMs } })
      const badSince = new Map<string, number>()
      for (const values of happenings) {
        noteBad(badSince, values, nextSlot(state))
        const run = play(state, tell([values === null ? { kind: 'failed' } : { kind: 'values', values }]))
        state = run.state
        for (const worse of run.transitions.filter(({ from }) => from === 'OK')) {
          expect(worse.slot - (badSince.get(worse.group) ?? Infinity)).toBeGreaterThanOrEqual(holdMs)
        }
      }
    }),
  )
})

function noteBad(badSince: Map<string, number>, values: Readonly<Record<string, number>> | null, slot: number): void {
  for (const host of values === null ? [] : hosts) {
    if ((values?.[host] ?? 0) <= 80) badSince.delete(host)
    else if (!badSince.has(host)) badSince.set(host, slot)
  }
}

test('nothing is told without a transition or a repeat that is due', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const toldAt = new Map<string, number>()
      let state = start(spec)
      for (const what of happenings) {
        const { renotify } = state.spec
        const run = play(state, tell([what]))
        for (const { group, from, to, slot, notify } of run.transitions.filter((transition) => transition.notify.send)) {
          if (notify.reason === 'renotify')
            expect(slot - (toldAt.get(group) ?? slot)).toBeGreaterThanOrEqual(renotify?.intervalMs ?? Infinity)
          else if (notify.reason !== 'downtime-expired') expect(from).not.toBe(to)
          toldAt.set(group, slot)
        }
        state = run.state
      }
    }),
  )
})

test('no event, however odd, makes step throw', () => {
  const odd = fc.record({
    // Ahead no further than the loop ever asks (temporal.config.ts, catchUpHorizonMs): each minute of it may have a repeat.
    slot: fc.integer({ min: -1e12, max: epoch + 24 * 60 * minuteMs }),
    changed: fc.array(
      fc.record({ group: fc.string(), level: fc.constantFrom('ok', 'warn', 'alert' as const), value: fc.double(), at: fc.integer() }),
    ),
    missing: fc.array(fc.record({ group: fc.string(), lastAt: fc.integer() })),
    refused: fc.nat(),
    outcome: fc.constant({ kind: 'ok' } as const),
  })
  fc.assert(
    fc.property(story, odd, ({ spec, happenings }, observation) => {
      const { state } = play(start(spec), tell(happenings))
      step(state, { kind: 'observed', observation })
      step(state, { kind: 'quiet', through: observation.slot })
      step(state, { kind: 'resolved', groups: observation.changed.map((reading) => reading.group), at: observation.slot })
    }),
  )
})

function everything(state: MonitorState, slot: number, values: Readonly<Record<string, number>>): Observation {
  const changed = Object.keys(values)
    .sort()
    .map((group) => ({
      group,
      level: classify(values[group] ?? 0, state.spec, state.groups[group]?.status ?? 'OK'),
      value: values[group] ?? 0,
      at: slot,
    }))
  const missing = Object.keys(state.groups)
    .filter((group) => !(group in values) && state.groups[group]?.missingSince === null)
    .map((group) => ({ group, lastAt: slot - state.spec.delayMs - state.spec.windowMs }))
  return { slot, outcome: { kind: 'ok' }, changed, missing, refused: 0 }
}

function valuesAside(state: MonitorState): unknown {
  return { ...state, groups: Object.fromEntries(Object.entries(state.groups).map(([key, group]) => [key, { ...group, value: null }])) }
}
