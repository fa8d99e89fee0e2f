/**
 * What a monitor is to the state machine: its specification, its state, what it hears and what it answers.
 * Never holds behaviour, a Map, a Date or `undefined`: every value here survives JSON and continue-as-new.
 * Read next: step.ts, which is the only code that turns one state into the next.
 */

/** A status as users see it. Worst first for the overall state: Alert, Warn, No Data, OK. */
export type Status = 'OK' | 'Warn' | 'Alert' | 'No Data'

/** What a value means against the thresholds, before any state is considered. */
export type Level = 'ok' | 'warn' | 'alert'

export type Comparator = '>' | '>=' | '<' | '<=' | '==' | '!='

/** Threshold numbers in the unit of the query's value; null where the monitor has none. */
export type Thresholds = Readonly<{
  critical: number | null
  warning: number | null
  criticalRecovery: number | null
  warningRecovery: number | null
}>

/**
 * What becomes of a known group without a value once `timeframeMs` have passed since its last data.
 * keep: its status stays · show: No Data, nobody is told · notify: No Data, told · resolve: OK.
 */
export type MissingPolicy = Readonly<{ action: 'keep' | 'show' | 'notify' | 'resolve'; timeframeMs: number }>

/** Repeats of the present status: every `intervalMs`, `occurrences` times at most (null = without end), for these statuses. */
export type RenotifyPolicy = Readonly<{ intervalMs: number; occurrences: number | null; statuses: readonly Status[] }>

/**
 * A monitor's definition compiled for the engine: all that deciding and evaluating need, no text that only people read
 * except the name (the Web UI's summary). One per definition version; never edited in place.
 */
export type MonitorSpec = Readonly<{
  monitorId: number
  version: number
  type: string
  name: string
  query: string
  priority: 1 | 2 | 3 | 4 | 5 | null
  tags: readonly string[]
  /** A draft evaluates and never notifies. */
  draft: boolean
  intervalMs: number
  /** How far back one evaluation looks. */
  windowMs: number
  /** The evaluation of slot t reads data up to t − delayMs. */
  delayMs: number
  /** Tag keys that make a group, sorted; empty = one group, `*`. null = not known (the query isn't understood). */
  groupBy: readonly string[] | null
  comparator: Comparator
  thresholds: Thresholds
  missing: MissingPolicy
  /** A threshold must be crossed for this long without a gap before the status gets worse. */
  holdMs: number
  /** It must be back for this long before the status gets better. */
  keepFiringMs: number
  /** A group that appears after the monitor's first evaluation isn't judged for this long. */
  newGroupDelayMs: number
  /** A group that isn't OK and has had no data for this long is OK; null = never. */
  timeoutMs: number | null
  renotify: RenotifyPolicy | null
  /** A group without data for this long leaves the state. */
  retentionMs: number
  /** Tracked groups at most; further ones are refused, and the health says so. */
  groupsMax: number
  /** Mutes: scope (`*` or comma-joined tags) → end in epoch ms, null = until unmuted. */
  silenced: Readonly<Record<string, number | null>>
}>

/** What starting a monitor's workflow needs to know: its place and its search attributes. */
export type RuntimeMonitor = Readonly<{
  monitorId: number
  version: number
  type: string
  name: string
  priority: number | null
  tags: readonly string[]
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
  /** A notification of the present status was held by a mute and goes out if that ends by expiry. */
  held: boolean
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
  /** Groups that were refused because of the limit. */
  refused: number
}>

export type MonitorEvent = Readonly<
  | { kind: 'observed'; observation: Observation }
  /** Every slot up to and including this one that was not observed said nothing new. */
  | { kind: 'quiet'; through: number }
  | { kind: 'respecified'; spec: MonitorSpec; at: number }
  | { kind: 'resolved'; groups: '*' | readonly string[]; at: number }
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
  | 'mute-expired'
  | 'renotify'
  | 'held-by-mute'
  | 'draft'
  | 'no-data-not-asked-for'
  | 'episode-was-never-told'

export type TransitionReason =
  | 'threshold-crossed'
  | 'threshold-recovered'
  | 'data-missing'
  | 'data-returned'
  | 'missing-data-resolves'
  | 'resolved-by-hand'
  | 'timed-out'
  | 'mute-expired'
  | 'renotify'

/** One change of one group's status, numbered per monitor. `from === to` where a status is told again: after a mute, or as a repeat. */
export type Transition = Readonly<{
  sequence: number
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
}>

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
}>

export type Effect = Readonly<
  | { kind: 'commit'; commit: Commit }
  /** Some transition of the commit is to be told: sequence numbers in ascending order. */
  | { kind: 'notify'; monitorId: number; sequences: readonly number[] }
  | { kind: 'overall'; status: Status }
>

export type StepResult = Readonly<{ state: MonitorState; effects: readonly Effect[] }>
