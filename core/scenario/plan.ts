/**
 * A scenario in time: when each slot lies, and when which event reaches the engine. Pure; the same scenario can be planned
 * for any monitor id and any first slot, so that a running engine can be taken through it as well.
 * Read next: run.ts.
 */
import { assertNever } from '../assert.ts'
import type { Said } from '../monitor/acknowledge.ts'
import type { FiringGroup } from '../monitor/causes.ts'
import { compileSpec, type Definition } from '../monitor/spec.ts'
import type { MonitorSpec } from '../monitor/spec-types.ts'
import type { Downtime } from '../monitor/types.ts'
import { queryFacts } from '../query/facts.ts'
import { latestSlot, nextSlot } from '../schedule/timetable.ts'
import type { Moment, Scenario, ScenarioAction, ScenarioDowntime } from './types.ts'

export type PlannedAction = Readonly<
  { after: number; at: number } & (
    | { kind: 'respecify'; spec: MonitorSpec }
    | { kind: 'resolve'; groups: '*' | readonly string[] }
    | { kind: 'acknowledge'; groups: '*' | readonly string[]; said: Said }
    | { kind: 'pause' }
    | { kind: 'resume' }
  )
>

export type ScenarioPlan = Readonly<{
  spec: MonitorSpec
  /** Time of each slot, in epoch ms. */
  slots: readonly number[]
  /** The same, of a monitor with a schedule of its own; null = slots lie on the grid. */
  agenda: readonly number[] | null
  actions: readonly PlannedAction[]
  downtimes: readonly PlannedDowntime[]
  causes: readonly PlannedCause[]
  /** By how much all times of the file are moved, where the scenario is played at another time than it says. */
  shiftMs: number
  /** After the last action, before another slot would come. */
  endsAt: number
}>

export type PlannedCause = Readonly<{ firing: FiringGroup; startAt: number; endAt: number | null }>

export type PlannedDowntime = Readonly<{ downtime: Downtime; canceledAt: number | null }>

/** Where a scenario is played: the grid depends on the monitor id; `firstSlot` is any time of the first slot's interval. */
export type Stage = Readonly<{ monitorId: number; firstSlot: number }>

type Walk = { definition: Definition; spec: MonitorSpec; paused: boolean; lastAt: number; slots: number[]; actions: PlannedAction[] }

/** The scenario as its file dates it. */
export function stageOf(scenario: Scenario): Stage {
  return { monitorId: scenario.definition.monitorId, firstSlot: scenario.agenda?.[0] ?? scenario.startMs }
}

export function planScenario(scenario: Scenario, stage: Stage = stageOf(scenario)): ScenarioPlan {
  const first = specOf(scenario, scenario.definition, stage)
  const { agenda, shiftMs } = placeOf(scenario, first, stage)
  const firstSlot = agenda?.[0] ?? latestSlot({ spec: first, agenda: null }, stage.firstSlot) ?? stage.firstSlot
  const spec = shiftMutes(first, shiftMs)
  const walk: Walk = { definition: scenario.definition, spec, paused: false, lastAt: firstSlot, slots: [], actions: [] }
  const momentAt = (moment: Moment): number =>
    moment.kind === 'time'
      ? moment.atMs + shiftMs
      : (walk.slots[moment.slot] ?? (walk.slots.at(-1) ?? firstSlot) + (moment.slot - walk.slots.length + 1) * walk.spec.intervalMs)
  for (let slot = 0; slot < scenario.slots.length; slot += 1) {
    const at = slot === 0 ? firstSlot : (nextSlot({ spec: walk.spec, agenda }, walk.lastAt) ?? walk.lastAt + walk.spec.intervalMs)
    walk.slots.push(at)
    walk.lastAt = at
    const actedAt = at + Math.floor(walk.spec.intervalMs / 2)
    for (const action of scenario.actions)
      if (action.after === slot)
        act(walk, action, actedAt, momentAt, (definition) => shiftMutes(specOf(scenario, definition, stage), shiftMs))
  }
  return {
    spec,
    slots: walk.slots,
    agenda,
    shiftMs,
    actions: walk.actions,
    downtimes: scenario.downtimes.map((downtime) => plannedDowntime(downtime, momentAt, walk)),
    causes: scenario.causes.map(({ firing, from, until }) => ({
      firing,
      startAt: momentAt(from),
      endAt: until === null ? null : momentAt(until),
    })),
    endsAt: (walk.slots.at(-1) ?? firstSlot) + Math.floor((walk.spec.intervalMs * 3) / 4),
  }
}

/** The downtimes that a slot is told of: those in force at it. */
export function downtimesAt({ downtimes }: Pick<ScenarioPlan, 'downtimes'>, slot: number): readonly Downtime[] {
  return downtimes
    .filter(({ downtime: { startAt, endAt }, canceledAt }) => {
      const isOver = (endAt !== null && endAt <= slot) || (canceledAt !== null && canceledAt <= slot)
      return startAt <= slot && !isOver
    })
    .map(({ downtime }) => downtime)
}

/** The groups of other monitors that fire at a slot. */
export function firingAt({ causes }: Pick<ScenarioPlan, 'causes'>, slot: number): readonly FiringGroup[] {
  return causes.filter(({ startAt, endAt }) => startAt <= slot && (endAt === null || slot < endAt)).map(({ firing }) => firing)
}

/** By how much all times of the file are moved, so that its first slot falls on the stage's. */
function placeOf(scenario: Scenario, spec: MonitorSpec, stage: Stage): { agenda: readonly number[] | null; shiftMs: number } {
  const [first] = scenario.agenda ?? []
  if (scenario.agenda !== null && first !== undefined) {
    const shiftMs = stage.firstSlot - first
    return { agenda: scenario.agenda.map((time) => time + shiftMs), shiftMs }
  }
  const asFiled = { spec: { ...spec, monitorId: scenario.definition.monitorId }, agenda: null }
  const firstSlot = latestSlot({ spec, agenda: null }, stage.firstSlot) ?? stage.firstSlot
  return { agenda: null, shiftMs: firstSlot - (latestSlot(asFiled, scenario.startMs) ?? scenario.startMs) }
}

function plannedDowntime(written: ScenarioDowntime, momentAt: (moment: Moment) => number, walk: Walk): PlannedDowntime {
  const { id, scope, from, until, notifyEndStates, notifyEndTypes, muteFirstRecovery, canceledAfter } = written
  const canceledSlot = canceledAfter === null ? undefined : walk.slots[canceledAfter]
  return {
    downtime: {
      id,
      scope,
      startAt: momentAt(from),
      endAt: until === null ? null : momentAt(until),
      notifyEndStates,
      notifyEndTypes,
      muteFirstRecovery,
    },
    canceledAt: canceledSlot === undefined ? null : canceledSlot + 1,
  }
}

/** The number of the slot in whose interval a time lies; what comes before the first belongs to it. */
export function slotNumberAt(slots: readonly number[], atMs: number): number {
  let low = 0
  for (let high = slots.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((slots[middle] ?? 0) <= atMs) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/** The number of the first slot at or after a moment. */
export function slotNumberOf({ slots, shiftMs }: Pick<ScenarioPlan, 'slots' | 'shiftMs'>, moment: Moment): number {
  if (moment.kind === 'slot') return moment.slot
  const index = slots.findIndex((slot) => slot >= moment.atMs + shiftMs)
  return index < 0 ? slots.length : index
}

function act(
  walk: Walk,
  action: ScenarioAction,
  at: number,
  momentAt: (moment: Moment) => number,
  compile: (definition: Definition) => MonitorSpec,
): void {
  const { after } = action
  switch (action.kind) {
    case 'edit': {
      const kept = sameMutes(compile(walk.definition), compile(action.definition)) ? walk.spec.silenced : null
      const edited = compile(action.definition)
      walk.definition = action.definition
      respecify(walk, after, at, kept === null ? edited : { ...edited, silenced: kept })
      return
    }
    case 'mute': {
      // Mutes end at whole seconds, as they are stored; slots needn't lie on one.
      const until = action.until === null ? null : Math.floor(momentAt(action.until) / 1000) * 1000
      respecify(walk, after, at, { ...walk.spec, silenced: { ...walk.spec.silenced, [action.scope]: until } })
      return
    }
    case 'unmute': {
      const { scope } = action
      const kept = Object.entries(walk.spec.silenced).filter(([muted]) => scope !== null && muted !== scope)
      respecify(walk, after, at, { ...walk.spec, silenced: Object.fromEntries(kept) })
      return
    }
    case 'resolve':
      walk.actions.push({ after, at, kind: 'resolve', groups: action.groups })
      return
    case 'ack': {
      const { groups, by, until, note } = action
      walk.actions.push({ after, at, kind: 'acknowledge', groups, said: { by, until: until === null ? null : momentAt(until), note } })
      return
    }
    case 'unack':
      walk.actions.push({ after, at, kind: 'acknowledge', groups: action.groups, said: null })
      return
    case 'pause':
      walk.paused = true
      walk.actions.push({ after, at, kind: 'pause' })
      return
    case 'resume':
      // The slots of a pause are passed over: the next one lies after it.
      if (walk.paused) walk.lastAt = at
      walk.paused = false
      walk.actions.push({ after, at, kind: 'resume' })
      return
    default:
      assertNever(action)
  }
}

function respecify(walk: Walk, after: number, at: number, spec: MonitorSpec): void {
  walk.spec = { ...spec, version: walk.spec.version + 1 }
  walk.actions.push({ after, at, kind: 'respecify', spec: walk.spec })
}

function specOf(scenario: Scenario, definition: Definition, stage: Stage): MonitorSpec {
  const spec = compileSpec(
    { ...definition, monitorId: stage.monitorId },
    queryFacts(definition.type, definition.query, definition.options.variables),
  )
  return scenario.groupsMax === null ? spec : { ...spec, groupsMax: scenario.groupsMax }
}

function shiftMutes(spec: MonitorSpec, shiftMs: number): MonitorSpec {
  const ends = Object.entries(spec.silenced).map(([scope, end]) => [scope, end === null ? null : end + shiftMs] as const)
  return { ...spec, silenced: Object.fromEntries(ends) }
}

function sameMutes(one: MonitorSpec, other: MonitorSpec): boolean {
  const ends = Object.entries(one.silenced)
  return ends.length === Object.keys(other.silenced).length && ends.every(([scope, end]) => other.silenced[scope] === end)
}
