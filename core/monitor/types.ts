/**
 * What a monitor is to the state machine: its specification, its state, what it hears and what it answers.
 * Never holds behaviour, a Map, a Date or `undefined`: every value here survives JSON and continue-as-new.
 * Read next: step.ts, which is the only code that turns one state into the next.
 */

/** A status as users see it. Worst first for the overall state: Alert, Warn, Unknown, No Data, OK. Unknown: `on_evaluation_error` says so. */
export type Status = 'OK' | 'Warn' | 'Alert' | 'No Data' | 'Unknown'

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
 * Service checks: so many results of one status in a row make a group have it; of checks in percent, so many percent of its members.
 * `unknown` null = unknown results are passed over.
 */
export type StatusCounts = Readonly<{ ok: number; warning: number; critical: number; unknown: number | null }>

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
  /** What a formula names, as JSON, where it isn't in the query's text already. */
  variables?: readonly unknown[]
  /** The source that it names; null = the tag `datasource:NAME`, or the default for its type, says which. */
  datasource: string | null
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
  /** Of service checks. */
  statusCounts?: StatusCounts
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
  /** A group whose window has gaps isn't judged. */
  requireFullWindow: boolean
  /** What an evaluation that failed does to the groups: nothing, shows them as Unknown, or makes them Alert. */
  onEvaluationError: 'keep' | 'unknown' | 'alert'
  /** Groups with the same values of these keys are told as one bundle; [] = all in one. null = each group is told on its own. */
  notifyBy: readonly string[] | null
  /** Times of evaluation other than the grid of the interval; null = the grid. Expanded outside core: see MonitorState.agenda. */
  schedule: Schedule | null
  /** Where the window of a query over `current_…` begins. */
  calendar: CalendarStarts
  /** Tracked groups at most; further ones are refused, and the health says so. */
  groupsMax: number
  /** Mutes: scope (`*` or comma-joined tags) → end in epoch ms, null = until unmuted. */
  silenced: Readonly<Record<string, number | null>>
}>

/** An RFC 5545 rule of the evaluation times, at most one a day. */
export type Schedule = Readonly<{ rrule: string; start: string | null; timezone: string }>

/** Where hours, days and months begin, for windows such as current_1d; local times of `timezone`. */
export type CalendarStarts = Readonly<{
  timezone: string
  /** Minute of the hour, 0–59. */
  hourMinute: number
  /** Minutes after midnight, 0–1439. */
  dayMinute: number
  /** Day of the month, 1–28. */
  monthDay: number
}>

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
  /** A downtime holds the present status; told when the last one ends, if it says so. */
  held: boolean
  /** The status before evaluations failed, where that changed it; it is judged on from there. null = they didn't. */
  beforeFailure: Status | null
}>

/**
 * Groups that are told as one (`notify_by`): its status is that of the worst of them. The fields are those of a group's own telling.
 */
export type BundleState = Pick<
  GroupState,
  'status' | 'since' | 'value' | 'firstTriggeredAt' | 'lastTriggeredAt' | 'told' | 'toldAt' | 'repeats' | 'held'
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
  | 'held-by-downtime'
  | 'held-until-caught-up'
  | 'told-with-its-bundle'
  | 'draft'
  | 'no-data-not-asked-for'
  | 'unknown-is-only-shown'
  | 'episode-was-never-told'

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
  | 'renotify'
  | 'scheduled-run'
  | 'caught-up'
  | 'bundle-changed'

/**
 * One change of one group's status, numbered per monitor. `from === to` where a status is told again: after a downtime, as a
 * repeat, or late.
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
}>

/** What a state remembers beside its groups; stored whole where it changed. */
export type Memory = Pick<MonitorState, 'bundles' | 'downtimes' | 'owed' | 'forgotten'>

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
