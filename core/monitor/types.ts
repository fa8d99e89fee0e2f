/**
 * What a monitor is to the state machine: its specification, its state, what it hears and what it answers.
 * Never holds behaviour, a Map, a Date or `undefined`: every value here survives JSON and continue-as-new.
 * Read next: step.ts, which is the only code that turns one state into the next.
 */
import type { Level, MonitorSpec, Status } from './spec-types.ts'

/** Which groups, by their tags. `*` in a tag's value stands for any text; null = any value of the key. */
export type Scope = Readonly<
  | { kind: 'all' }
  | { kind: 'tag'; key: string; value: string | null }
  | { kind: 'and' | 'or'; of: readonly Scope[] }
  | { kind: 'not'; of: Scope }
>

/** One occurrence of a downtime: it holds notifications of the groups in its scope; transitions go on (semantics §5). */
export type Downtime = Readonly<{
  /** Unique per occurrence: the same downtime next week has another. */
  id: string
  scope: Scope
  startAt: number
  /** null = until somebody cancels it. */
  endAt: number | null
  /** A group still in one of these when it ends is told then … */
  notifyEndStates: readonly Status[]
  /** … if it ends in one of these ways. */
  notifyEndTypes: readonly ('expired' | 'canceled')[]
  /** Also the recovery of an alert that fired before it is held. */
  muteFirstRecovery: boolean
}>

/** A group of another monitor that fires, and (`equal`) which of this one's groups it holds: those that have these tags. */
export type Cause = Readonly<{ monitorId: number; group: string; equal: Readonly<Record<string, string>> }>

/** How often a group's, or bundle's, status changed in its last evaluations. */
export type Flapping = Readonly<{
  /** Time of the last change. */
  at: number
  /** A bit for each evaluation, the lowest for that of `at`: whether it changed there. */
  changes: number
  /** Since when it flaps; absent = it doesn't. */
  since?: number
  /** It was told that it flaps. */
  announced?: boolean
  /** Somebody heard that it flaps, or of what it was before: how it ends is told. */
  heard?: boolean
}>

/** Somebody knows of a status: it isn't repeated. Times in epoch ms. */
export type Acknowledgment = Readonly<{
  by: string
  at: number
  /** null = until the status changes. */
  until: number | null
  note: string | null
}>

/** One group (a set of tag values) of a monitor. Times are slots in epoch ms. */
export type GroupState = Readonly<{
  status: Status
  /** Slot of the last change of `status`, or of the first sighting. */
  since: number
  /** What the last data meant. */
  level: Level
  /** Slot since which the critical threshold has been crossed, or back, as `level` says. */
  alertSince: number
  /** The same for the warning threshold; a value in Alert has crossed it, too. */
  warnSince: number
  /** First slot at which the group is judged. */
  judgedFrom: number
  /** The last value told; values of quiet slots aren't. */
  value: number | null
  /** Time of the last data before the group went missing; null while it has data. */
  missingSince: number | null
  /** When the group left OK; null while OK. */
  firstTriggeredAt: number | null
  /** Last change into a status other than OK. */
  lastTriggeredAt: number | null
  /** The present episode was told to somebody: its recovery will be, too. */
  told: boolean
  /** When the present status was told last; null = it wasn't. */
  toldAt: number | null
  /** How often the present status was told again. */
  repeats: number
  /** A downtime holds the present status; told when the last one ends, if it says so. */
  held: boolean
  /** The status before evaluations failed, where that changed it; it is judged on from there. null = they didn't. */
  beforeFailure: Status | null
  /** Of the present status; absent or null = nobody has, or it has changed since. */
  acknowledged?: Acknowledgment | null
}>

/**
 * Groups that are told as one (`notify_by`): its status is that of the worst of them. The fields are those of a group's own telling.
 */
export type BundleState = Pick<
  GroupState,
  'status' | 'since' | 'value' | 'firstTriggeredAt' | 'lastTriggeredAt' | 'told' | 'toldAt' | 'repeats' | 'held' | 'acknowledged'
>

/** A notification of a slot that was caught up: sent once the engine is up to date, as one for all that happened meanwhile. */
export type Owed = Readonly<{
  /** Worst status meanwhile, and the value and time with it. */
  worst: Status
  value: number | null
  firstTriggeredAt: number | null
  /** The episode was told before it all began: its recovery is told as such. */
  toldBefore: boolean
  /** Nothing but the present status is owed, which was told before it all began: told again for this reason. */
  again?: 'renotify' | 'scheduled-run'
}>

/** Health is about the engine's sight of the source, never about what is watched. */
export type Health = Readonly<
  | { kind: 'healthy' }
  | { kind: 'failing'; since: number; reason: string }
  | { kind: 'groups-refused'; since: number; refused: number; groupsMax: number }
>

/** All that is remembered between two events. Plain JSON; `v` grows with each change of shape (see snapshot.ts). */
export type MonitorState = Readonly<{
  v: 1
  spec: MonitorSpec
  /** Sequence number of the last transition; the first is 1. */
  sequence: number
  /** Time of the last event that was judged; never runs back. */
  lastSlot: number
  overall: Status
  paused: boolean
  health: Health
  groups: Readonly<Record<string, GroupState>>
  /** With `notify_by`, by the key of their common tags; else empty. */
  bundles: Readonly<Record<string, BundleState>>
  /** In force, or ended since the last slot. The definition's own mutes aren't among them. */
  downtimes: readonly Downtime[]
  /** What fires now and holds some of its groups; absent = nothing. */
  causes?: readonly Cause[]
  /** By group (or bundle), of those that changed lately, with the option `flapping`; absent = none. */
  flapping?: Readonly<Record<string, Flapping>>
  /** Groups (or bundles) that are to be told of slots that were caught up. */
  owed: Readonly<Record<string, Owed>>
  /** Groups that left by a short retention, with the time of their last data: for 24 h they aren't new. */
  forgotten: Readonly<Record<string, number>>
  /** Slots to come of a monitor with a schedule of its own, ascending; null = the grid of its interval. */
  agenda: readonly number[] | null
  /** The earliest time at which a slot that says nothing would still change something; null = never. */
  nextDueAt: number | null
}>

/** A group as a datasource saw it. `value: null` is not used here: a group without a value is missing. */
export type GroupReading = Readonly<{ group: string; level: Level; value: number; at: number }>

export type MissingGroup = Readonly<{
  group: string
  /** When it had its last data, in epoch ms, exact to one interval. */
  lastAt: number
}>

export type Outcome = Readonly<{ kind: 'ok' } | { kind: 'failed'; reason: string } | { kind: 'skipped'; reason: string }>

/** What one slot has to tell the state machine. A slot with nothing to tell has no observation. */
export type Observation = Readonly<{
  slot: number
  outcome: Outcome
  /** New groups, groups whose level changed, groups that came back. */
  changed: readonly GroupReading[]
  /** Groups that had a value before this slot and have none now. */
  missing: readonly MissingGroup[]
  /** Groups whose window has gaps, where time alone would change their status now: this slot doesn't judge them. */
  partial?: readonly string[]
  /** Groups that were refused because of the limit. */
  refused: number
  /** Downtimes in force at this slot, where they are others than those of the state. */
  downtimes?: readonly Downtime[]
  /** What fires and holds some of its groups, where it is something else than in the state. */
  causes?: readonly Cause[]
  /** Further slots of a schedule, where the known ones run out. */
  agenda?: readonly number[]
}>

export type MonitorEvent = Readonly<
  /** `newest`: the newest slot that is due; what older ones tell waits for it. Left out: this one is. */
  | { kind: 'observed'; observation: Observation; newest?: number }
  /** Every slot up to and including this one that was not observed said nothing new. */
  | { kind: 'quiet'; through: number; newest?: number }
  | { kind: 'respecified'; spec: MonitorSpec; at: number; agenda?: readonly number[] | null }
  | { kind: 'resolved'; groups: '*' | readonly string[]; at: number }
  /** `said` null = it is acknowledged no more. Named by group or bundle. */
  | { kind: 'acknowledged'; groups: '*' | readonly string[]; said: Omit<Acknowledgment, 'at'> | null; at: number }
  | { kind: 'paused'; at: number }
  | { kind: 'resumed'; at: number }
>

/** Whether somebody is told, and why or why not. */
export type NotifyDecision = Readonly<{ send: boolean; reason: NotifyReason }>

export type NotifyReason =
  | 'entered-alert'
  | 'entered-warn'
  | 'entered-no-data'
  | 'recovered'
  | 'recovered-from-no-data'
  | 'recovered-from-unknown'
  | 'downtime-expired'
  | 'downtime-canceled'
  | 'renotify'
  | 'scheduled-run'
  | 'late-note'
  | 'cause-ended'
  | 'flapping'
  | 'settled'
  | 'held-by-downtime'
  | 'held-by-cause'
  | 'held-while-flapping'
  | 'held-until-caught-up'
  | 'told-with-its-bundle'
  | 'draft'
  | 'no-data-not-asked-for'
  | 'unknown-is-only-shown'
  | 'episode-was-never-told'
  | 'acknowledged'
  | 'unacknowledged'

export type TransitionReason =
  | 'threshold-crossed'
  | 'threshold-recovered'
  | 'data-missing'
  | 'data-returned'
  | 'missing-data-resolves'
  | 'resolved-by-hand'
  | 'timed-out'
  | 'evaluation-failed'
  | 'evaluation-recovered'
  | 'downtime-ended'
  | 'cause-ended'
  | 'flapping'
  | 'settled'
  | 'renotify'
  | 'scheduled-run'
  | 'caught-up'
  | 'bundle-changed'
  | 'acknowledged'
  | 'unacknowledged'

/**
 * One change of one group's status, numbered per monitor. `from === to` where a status is told again (after a downtime or a cause, as a
 * repeat, or late), and where somebody acknowledges it.
 */
export type Transition = Readonly<{
  sequence: number
  /** The group, or the bundle where `bundle` is set. */
  group: string
  from: Status
  to: Status
  slot: number
  value: number | null
  /** The threshold that decided, where one did. */
  threshold: number | null
  reason: TransitionReason
  version: number
  firstTriggeredAt: number | null
  lastTriggeredAt: number | null
  notify: NotifyDecision
  /** Of a bundle: some of its groups that are in its status, in order of keys, and how many there are. null = a group's own. */
  bundle: Readonly<{ groups: readonly string[]; count: number }> | null
  /** By whom, where that is what happened. */
  acknowledged?: Acknowledgment
  /** What holds it, or held it until now. */
  cause?: Pick<Cause, 'monitorId' | 'group'>
}>

/** What a state remembers beside its groups; stored whole where it changed. */
export type Memory = Pick<MonitorState, 'bundles' | 'downtimes' | 'causes' | 'flapping' | 'owed' | 'forgotten'>

/** All that one event changed: written in one PostgreSQL transaction, or not at all. */
export type Commit = Readonly<{
  monitorId: number
  version: number
  /** Sequence number after this commit. */
  sequence: number
  slot: number
  overall: Status
  paused: boolean
  health: Health
  transitions: readonly Transition[]
  /** Groups that are new or changed, whole. */
  groups: Readonly<Record<string, GroupState>>
  removed: readonly string[]
  /** null = as it was. */
  memory: Memory | null
}>

export type Effect = Readonly<
  | { kind: 'commit'; commit: Commit }
  /** Some transition of the commit is to be told: sequence numbers in ascending order. */
  | { kind: 'notify'; monitorId: number; sequences: readonly number[] }
  | { kind: 'overall'; status: Status }
>

export type StepResult = Readonly<{ state: MonitorState; effects: readonly Effect[] }>
