/**
 * Random stories of a monitor for the property tests: definitions with every option, and what happens slot by slot: values, gaps,
 * failures, downtimes that come and go, slots that are late, people who edit, resolve and pause.
 * Same stories in each run; PROPERTY_RUNS=10000 tells more of them, PROPERTY_SEED=… others. A failure prints both.
 */
import fc from 'fast-check'
import { begin } from '../../../core/monitor/begin.ts'
import { inForce } from '../../../core/monitor/downtimes.ts'
import { type Circumstances, newsOf, observe } from '../../../core/monitor/observe.ts'
import { slotEvent, withoutValues } from '../../../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import type { Cause, Downtime, MonitorEvent, MonitorState, Observation } from '../../../core/monitor/types.ts'
import { nextSlot } from '../../../core/schedule/timetable.ts'
import { epoch, minuteMs, specOf } from './fixtures.ts'

fc.configureGlobal({
  seed: Number(process.env.PROPERTY_SEED ?? 4),
  numRuns: Number(process.env.PROPERTY_RUNS ?? 500),
})

export const groups = ['env:p,host:a', 'env:p,host:b', 'env:q,host:a', 'env:q,host:b']

export type Values = Readonly<Record<string, number>>

/** What a slot brings, independent of the state that it meets. */
export type SlotHappening = Readonly<
  { late: boolean; downtimes: readonly Downtime[]; causes?: readonly Cause[] } & (
    | { kind: 'values'; values: Values; partial: readonly string[] }
    | { kind: 'failed' }
    | { kind: 'skipped' }
  )
>
export type Deed = Readonly<
  | { kind: 'resolve'; groups: '*' | readonly string[] }
  | { kind: 'ack'; groups: '*' | readonly string[]; minutes: number | null }
  | { kind: 'unack'; groups: '*' | readonly string[] }
  | { kind: 'edit'; changes: Partial<MonitorSpec> }
  | { kind: 'pause' }
  | { kind: 'resume' }
>
export type Happening = SlotHappening | Deed
export type Story = Readonly<{ spec: Partial<MonitorSpec>; happenings: readonly Happening[] }>

export const readings: fc.Arbitrary<Values> = fc.dictionary(fc.constantFrom(...groups), fc.constantFrom(10, 79, 81, 85, 91, 95))

const minute = (n: number): number => epoch + n * minuteMs
const silenced = fc.dictionary(fc.constantFrom('*', 'host:a', 'env:p'), fc.option(fc.integer({ min: 0, max: 60 }).map(minute)))
const statuses = ['Alert', 'Warn', 'No Data'] as const

const options = {
  silenced,
  missing: fc.record({
    action: fc.constantFrom('keep', 'show', 'notify', 'resolve'),
    timeframeMs: fc.constantFrom(minuteMs, 3 * minuteMs),
  }),
  draft: fc.boolean(),
  holdMs: fc.constantFrom(0, minuteMs, 3 * minuteMs),
  keepFiringMs: fc.constantFrom(0, 2 * minuteMs),
  newGroupDelayMs: fc.constantFrom(0, 2 * minuteMs),
  timeoutMs: fc.constantFrom(null, 5 * minuteMs),
  renotify: fc.option(
    fc.record({
      intervalMs: fc.constantFrom(minuteMs, 3 * minuteMs),
      occurrences: fc.constantFrom(null, 1, 2),
      statuses: fc.subarray([...statuses]),
    }),
  ),
  groupsMax: fc.constantFrom(2, 3, 100),
  retentionMs: fc.constantFrom(4 * minuteMs, 100 * minuteMs),
  thresholds: fc.constantFrom(
    { critical: 90, warning: 80, criticalRecovery: 80, warningRecovery: 10 },
    { critical: 90, warning: null, criticalRecovery: null, warningRecovery: null },
  ),
  onEvaluationError: fc.constantFrom('keep', 'unknown', 'alert'),
  notifyBy: fc.constantFrom(null, [], ['env'], ['host']),
  // Small marks: a short story shall come to them.
  flapping: fc.constantFrom({ low: 10, high: 10 }, { low: 10, high: 15 }, { low: 5, high: 20 }),
  inhibitedBy: fc.constant([{ monitorId: 7, monitorTags: [], equal: [], statuses: ['Alert' as const] }]),
}
export const changes: fc.Arbitrary<Partial<MonitorSpec>> = fc.record(options, { requiredKeys: [] })

/** Seven minutes apart, in a schedule of its own. */
const runs = Array.from({ length: 60 }, (_, index) => minute(7 * index + 1))
const schedule = fc.constantFrom(null, null, { rrule: 'FREQ=DAILY', start: null, timezone: 'UTC' })
const specs = fc.tuple(changes, schedule).map(([spec, own]): Partial<MonitorSpec> => (own === null ? spec : { ...spec, schedule: own }))

const downtime: fc.Arbitrary<Downtime> = fc.record({
  id: fc.constantFrom('one', 'two'),
  scope: fc.constantFrom({ kind: 'all' } as const, { kind: 'tag', key: 'host', value: 'a' } as const),
  startAt: fc.constant(epoch - 60 * minuteMs),
  endAt: fc.option(fc.integer({ min: 1, max: 60 }).map(minute)),
  notifyEndStates: fc.subarray([...statuses]),
  notifyEndTypes: fc.subarray(['expired', 'canceled'] as const),
  muteFirstRecovery: fc.boolean(),
})
const downtimes = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.uniqueArray(downtime, { maxLength: 2, selector: ({ id }) => id }))
const cause: fc.Arbitrary<Cause> = fc.record({
  monitorId: fc.constant(7),
  group: fc.constant('host:x'),
  equal: fc.constantFrom({}, { host: 'a' }, { env: 'p', host: 'b' }),
})
const causes = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(cause, { maxLength: 1 }))
const circumstances = { late: fc.boolean(), downtimes, causes }

export const slotHappening: fc.Arbitrary<SlotHappening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('values' as const),
      values: readings,
      partial: fc.subarray(groups, { maxLength: 1 }),
      ...circumstances,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('failed' as const), ...circumstances }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('skipped' as const), ...circumstances }) },
)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.oneof(fc.constant('*' as const), fc.subarray(groups)).map((some) => ({ kind: 'resolve', groups: some }) as const),
  fc
    .record({ groups: fc.oneof(fc.constant('*' as const), fc.subarray(groups)), minutes: fc.constantFrom(null, 2, 5) })
    .map((said) => ({ kind: 'ack', ...said }) as const),
  fc.constant({ kind: 'unack', groups: '*' } as const),
  changes.map((edit) => ({ kind: 'edit', changes: edit }) as const),
  fc.constantFrom({ kind: 'pause' } as const, { kind: 'resume' } as const),
)
const happenings = fc.array(fc.oneof({ weight: 5, arbitrary: slotHappening }, { weight: 1, arbitrary: deed }), { maxLength: 40 })
export const story: fc.Arbitrary<Story> = fc.record({ spec: specs, happenings: happenings.map(lasting) })
/** Nobody does anything; slots alone. */
export const slots: fc.Arbitrary<SlotHappening[]> = fc.array(slotHappening, { maxLength: 30 }).map((list) => lasting(list))

/** Downtimes and causes change now and then, not at each slot. */
function lasting<Some extends Happening>(list: readonly Some[]): Some[] {
  let downtimesNow: readonly Downtime[] = []
  let causesNow: readonly Cause[] = []
  return list.map((happening, index) => {
    if (!('downtimes' in happening)) return happening
    if (index % 5 === 0) downtimesNow = happening.downtimes
    if (index % 4 === 0) causesNow = happening.causes ?? []
    return { ...happening, downtimes: downtimesNow, causes: causesNow }
  })
}

export function start(spec: Partial<MonitorSpec>): MonitorState {
  return begin(specOf({ groupBy: ['env', 'host'], ...spec }), null, epoch, agendaOf(spec)).state
}

export function agendaOf({ schedule: own }: Partial<MonitorSpec>): readonly number[] | null {
  return own === undefined || own === null ? null : runs
}

export function slotAfter(state: MonitorState): number {
  return nextSlot(state, state.lastSlot) ?? state.lastSlot + state.spec.intervalMs
}

/** null = the slot has nothing to tell. `late`: whether newer slots are due. */
export function observationOf(state: MonitorState, slot: number, what: SlotHappening, late = what.late): Observation | null {
  const held = heldBy(state, slot, what)
  if (what.kind === 'values') return observe(state, slot, what.values, { partial: partialOf(what), ...held, late })
  return { ...withoutValues(slot, { kind: what.kind, reason: 'because' }), ...newsOf(state, slot, held) }
}

/** What holds at a slot; of a monitor without rules nothing fires. */
export function heldBy(state: MonitorState, slot: number, { downtimes: planned, causes: firing }: SlotHappening): Circumstances {
  const held = { downtimes: inForce(planned, slot) }
  const known = state.spec.inhibitedBy === undefined ? (state.causes === undefined ? undefined : []) : firing
  return known === undefined ? held : { ...held, causes: known }
}

export function partialOf(what: SlotHappening & { kind: 'values' }): readonly string[] {
  return what.partial.filter((key) => !(key in what.values))
}

export function eventOf(state: MonitorState, what: Happening): MonitorEvent {
  switch (what.kind) {
    case 'values':
    case 'failed':
    case 'skipped': {
      const slot = slotAfter(state)
      return slotEvent(slot, observationOf(state, slot, what), what.late ? slot + state.spec.intervalMs : slot)
    }
    case 'resolve':
      return { kind: 'resolved', groups: what.groups, at: slotAfter(state) }
    case 'ack': {
      const at = state.lastSlot + 1
      const said = { by: 'ann', until: what.minutes === null ? null : at + what.minutes * minuteMs, note: null }
      return { kind: 'acknowledged', groups: what.groups, said, at }
    }
    case 'unack':
      return { kind: 'acknowledged', groups: what.groups, said: null, at: state.lastSlot + 1 }
    case 'edit':
      return {
        kind: 'respecified',
        spec: { ...state.spec, ...what.changes, version: state.spec.version + 1 },
        at: state.lastSlot + 1,
        agenda: state.agenda,
      }
    case 'pause':
      return { kind: 'paused', at: state.lastSlot + 1 }
    case 'resume':
      return { kind: 'resumed', at: state.lastSlot + 1 }
  }
}

export function tell(list: readonly Happening[]): ((state: MonitorState) => MonitorEvent)[] {
  return list.map((what) => (state) => eventOf(state, what))
}

export function viaJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value))
}
