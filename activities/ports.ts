/**
 * The interfaces that activities need from the outside. Adapters implement them, workers/ wires them, tests may put
 * small working fakes behind them that pass the same conformance suite (test/conformance/).
 * Never import an adapter here. Read next: index.ts, createActivities(ports).
 */
import type { WordsQuery } from '../core/look/completion.ts'
import type { Stored } from '../core/monitor/begin.ts'
import type { FiringGroup } from '../core/monitor/causes.ts'
import type { CalendarStarts, MonitorSpec, RuntimeMonitor, Schedule, StatusCounts } from '../core/monitor/spec-types.ts'
import type { Commit, Downtime } from '../core/monitor/types.ts'
import type { MemberStatus } from '../core/query/composite-join.ts'
import type { Frame } from '../core/query/frame.ts'
import type { SeriesExpression } from '../core/query/metric-nodes.ts'
import type { LaneStore } from './lane-ports.ts'
import type { DeliveryReceipt, MessageRenderer, NotificationStore, Notifier, TriggerDetails } from './notification-ports.ts'
import type { RuleLog } from './rule-ports.ts'
import type { Pressure, ProgressLog, ReconcileStore } from './watch-ports.ts'

/** One value per group as of one slot. A group without data in the window is absent. */
export type SlotReadings = Readonly<{
  slot: number
  values: Readonly<Record<string, number>>
  /**
   * Where a full window is required: groups that have data, but too many gaps. They aren't in `values`, and they aren't
   * missing either. Sorted by group key; absent = none.
   */
  partial?: readonly string[]
  /** Where this slot's window begins, in epoch ms, if that is nearer than the monitor's window: the calendar says. */
  windowFromMs?: number
  /**
   * Why the source can't answer for this slot and never will (a check can't ask the past). Present = `values` is empty
   * and says nothing: the slot is skipped with this reason, and no group is missing.
   */
  skipped?: string
  /**
   * What was really sent, where it is other than the monitor's query, for people to read. Without times: the same text slot
   * after slot is stored once, and the as-of time stands beside it. Without secrets.
   */
  sent?: string
}>

export type SourceQuery = Readonly<{
  type: string
  query: string
  /** What a formula names (core/query/variables.ts). */
  variables?: readonly unknown[]
  /** As-of times in epoch ms, oldest first; readings come back in the same order, one per slot. */
  slots: readonly number[]
  /** Data newer than slot − delayMs is not looked at. */
  delayMs: number
  /** Where hours, days and months begin, for windows such as current_1d. */
  calendar: CalendarStarts
  /** Of service checks: how many results make a status. */
  statusCounts?: StatusCounts
  /** Groups whose window has gaps are answered as partial. */
  requireFullWindow: boolean
  /** A reply with more groups than this is cut (sorted by group key). */
  groupsMax: number
  timeoutMs: number
}>

/** Why a source gave no answer. An answer without groups is not a failure. */
export type SourceFailureCode = 'timeout' | 'unreachable' | 'refused' | 'bad-reply' | 'bad-query'

export class SourceError extends Error {
  readonly code: SourceFailureCode
  constructor(code: SourceFailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SourceError'
    this.code = code
  }
}

export interface Datasource {
  /** Monitor types that it can evaluate. */
  readonly types: readonly string[]
  /** Rejects with SourceError only. */
  query(query: SourceQuery): Promise<readonly SlotReadings[]>
  /** Words that complete a query; absent = it has none. Rejects with SourceError only. */
  words?(query: WordsQuery): Promise<Words>
}

/** At most `limit` of them; `more`: there are others. */
export type Words = Readonly<{ words: readonly string[]; more: boolean }>

/**
 * The source of a monitor, or a sentence about why there is none, or the queue of the workers that ask it, where this one doesn't.
 */
export type FoundSource = Readonly<{ source: Datasource; name: string }> | Readonly<{ missing: string }> | Readonly<{ elsewhere: string }>

/** Which source evaluates which monitor. */
export interface SourceDirectory {
  /**
   * By the monitor's own choice, else by its tag `datasource:NAME`, else the default for its type. `missing` is a state of affairs, not an
   * error: somebody has to configure a source. Rejects with StoreAwayError while nobody knows which sources there are.
   */
  find(spec: Pick<MonitorSpec, 'type' | 'tags' | 'datasource'>): Promise<FoundSource>
}

/**
 * One leaf of a metric query over one run of buckets. Of `series` a source heeds what it matches and how points become one
 * value a bucket (aggregator, metric, filter, by, as, rollup.method, weighted); how long buckets are, `stepMs` says, and gaps are
 * filled by whoever asks.
 */
export type SeriesRequest = Readonly<{
  series: SeriesExpression
  /** Data after this … */
  fromMs: number
  /** … up to and including this, in epoch ms. */
  toMs: number
  /** Buckets end at toMs, toMs − stepMs, …; where they don't fill the time, the oldest is cut short at fromMs. */
  stepMs: number
  /** A reply with more groups than this is cut (sorted by group key). */
  groupsMax: number
  timeoutMs: number
}>

/** Where the single series of metric queries come from; functions over them are ours (activities/metric-readings.ts). */
export interface SeriesSource {
  /**
   * All buckets of the time asked for; groups without data in it are absent, and data older than what is kept is no data.
   * Rejects with SourceError only.
   */
  series(request: SeriesRequest): Promise<Frame>
}

/** How monitors are, for those that are made of others. */
export interface MonitorStates {
  /** As last committed, at most `groupsMax` groups of each (by group key); absent = deleted or never created. Rejects with SourceError only. */
  statuses(monitorIds: readonly number[], groupsMax: number): Promise<ReadonlyMap<number, MemberStatus>>
}

/** Times of evaluation that a rule gives. */
export interface Recurrences {
  /**
   * The times of a schedule after `afterMs` and up to `untilMs` (null = without end), at most `count`, ascending, in epoch ms.
   * A rule that has ended or never comes gives none. Throws ScheduleError where it can't be read.
   */
  times(schedule: Schedule, afterMs: number, untilMs: number | null, count: number): readonly number[]
}

/** Which downtimes are in force for a monitor. */
export interface DowntimeSource {
  /**
   * One list per slot, in their order: the occurrences in force at it, for a monitor of this id and these tags. Every slot is answered
   * as of itself, but for cancellations, which count from when they were made. Rejects with StoreAwayError where the store is away and nothing was
   * known before.
   */
  inForce(monitor: Pick<MonitorSpec, 'monitorId' | 'tags'>, slots: readonly number[]): Promise<readonly (readonly Downtime[])[]>
}

/** What fires elsewhere and holds a monitor's notifications (`inhibited_by`). */
export interface CauseSource {
  /**
   * One list per slot, in their order: groups of the monitors that the rules name, in the statuses that they name, each as it was at the slot as far as
   * its monitor had been evaluated when it was asked. Not its own groups, and none of monitors that are drafts, paused or gone, or wait for this one and have
   * the higher id (core/monitor/cause-cycles.ts). Rejects with SourceError where nobody can be asked.
   */
  firing(
    monitor: Pick<MonitorSpec, 'monitorId' | 'tags' | 'inhibitedBy'>,
    slots: readonly number[],
  ): Promise<readonly (readonly FiringGroup[])[]>
}

/** What is wrong with a schedule, as a sentence. */
export class ScheduleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ScheduleError'
  }
}

/** What of a monitor's state outlives Temporal: enough to carry on from. */
export type StoredState = Stored

export type LoadedMonitor = Readonly<{ spec: MonitorSpec; stored: StoredState | null }>

export type CommitOutcome = Readonly<
  | { kind: 'stored' }
  /** The same commit was stored before: a retry, a replayed slot. */
  | { kind: 'already-stored' }
  /** Another decision is stored under one of these numbers: it stays, and nothing of this commit was written. */
  | { kind: 'diverged'; sequences: readonly number[] }
  /** The monitor lives in another cell by now: nothing was written, and whoever asked is not its workflow any more. */
  | { kind: 'moved' }
>

export interface MonitorStore {
  /** The newest definition, compiled, and the last stored state. null = deleted, never created, or in another cell. */
  load(monitorId: number): Promise<LoadedMonitor | null>
  /** One transaction; idempotent under (monitorId, sequence). */
  commit(commit: Commit): Promise<CommitOutcome>
}

/** Monitors as running workflows, for the reconciler and the API. Idempotent, each of them. */
export interface MonitorRuntime {
  start(monitor: RuntimeMonitor): Promise<void>
  /** Tells the workflow that a newer definition is stored; starts it if it isn't there. */
  respecify(monitor: RuntimeMonitor): Promise<void>
  stop(monitorId: number): Promise<void>
  /** Ends its workflow, whatever that does, and starts another, which goes on from the state in PostgreSQL. */
  restart(monitor: RuntimeMonitor): Promise<void>
  /** Ends a workflow that doesn't heed stop(). */
  terminate(monitorId: number, reason: string): Promise<void>
  /** Whether there is a workflow of this monitor; exact, other than running(). */
  isRunning(monitorId: number): Promise<boolean>
  /** Monitors that have a running workflow in this cell; may lag some seconds behind. `misplaced`: on a task queue that is none of the cell's. */
  running(): AsyncIterable<Readonly<{ monitorId: number; misplaced: boolean }>>
  /** Which shard a monitor lives on. */
  shardOf(monitorId: number): number
  startNotify(monitorId: number, sequence: number): Promise<void>
  /** Something may have been planned for this receiver: its lane looks, and is started where there is none. */
  wakeLane(receiver: string): Promise<void>
}

export type EvaluationOutcome = 'evaluated' | 'caught-up' | 'skipped' | 'failed'

/** What activities count. Labels come from unions only. */
export interface EngineMetrics {
  evaluation(sample: Readonly<{ outcome: EvaluationOutcome; slots: number; durationMs: number; lagMs: number }>): void
  transition(to: string, count: number): void
  commitDiverged(count: number): void
  delivery(kind: string, outcome: DeliveryReceipt['kind'], latencyMs: number): void
  /** Slots that weren't evaluated in their time: caught up now, or dropped as too old. */
  slotsMissed(count: number): void
  /** Monitors that weren't evaluated any more and were started again. */
  repaired(count: number): void
}

/** What one evaluation was, for people to look at. Times in epoch ms. */
export type EvaluationEntry = Readonly<{
  monitorId: number
  version: number
  slot: number
  /** When it was begun. */
  at: number
  outcome: EvaluationOutcome
  /** Why skipped or failed. */
  reason: string | null
  /** Of all groups; null = none had a value. */
  values: Readonly<{ min: number; max: number }> | null
  groupsSeen: number
  /** Groups that the state machine heard of. */
  groupsTold: number
  /** Of the whole question, which several slots may share. */
  durationMs: number
  /** What the source was asked, as of slot − delayMs; null = it wasn't. */
  query: string | null
  delayMs: number
}>

/** A projection for people, never an input of a decision: its last moments may be lost. */
export interface EvaluationLog {
  /** Never throws, never waits. The same slot again replaces what was recorded of it. */
  record(entry: EvaluationEntry): void
}

export type ActivityPorts = Readonly<{
  monitors: MonitorStore
  notifications: NotificationStore
  lanes: LaneStore
  reconcile: ReconcileStore
  runtime: MonitorRuntime
  sources: SourceDirectory
  recurrences: Recurrences
  /** null = there are no downtimes but the mutes of the definitions. */
  downtimes: DowntimeSource | null
  /** null = nothing holds anything. */
  causes: CauseSource | null
  notifiers: readonly Notifier[]
  renderer: MessageRenderer
  /** Absent = messages say nothing of what triggered but its value. */
  details?: TriggerDetails
  metrics: EngineMetrics
  evaluations: EvaluationLog
  /** Absent = nobody watches. */
  progress?: ProgressLog
  /** Absent = nothing is ever stretched. */
  pressure?: Pressure
  /** Absent = nobody asks how rules of Prometheus' kind are. */
  rules?: RuleLog
  clock: () => number
  /** Where people reach the engine, without a slash at the end; null or absent = nobody knows. */
  publicUrl?: string | null
  bounds: Readonly<{ evaluateTimeoutMs: number; loop: LoopBounds }>
}>

/** Bounds of the monitor loop; they reach the workflow through the load activity (values: temporal.config.ts). */
export type LoopBounds = Readonly<{
  evaluationsPerRun: number
  /** Of runs with large states; absent = the same. See core/monitor/run-length.ts. */
  evaluationsPerLongRun?: number
  catchUpBatchMax: number
  catchUpHorizonMs: number
}>
