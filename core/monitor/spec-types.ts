/**
 * A monitor's definition as the engine works with it: compiled, with every default filled in and every time in ms.
 * Never holds behaviour, a Map, a Date or `undefined`: every value here survives JSON and continue-as-new.
 * Read next: spec.ts, which compiles it; types.ts, the state and what comes of it.
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
  /** Where its grid lies, of one that is evaluated in the order of its group; absent = its id says so. */
  phase?: Readonly<{ group: number; offsetMs: number }>
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
  /** What holds notifications while it fires; absent = nothing. */
  inhibitedBy?: readonly InhibitRule[]
  /** Percent of the last evaluations with a change of status: above `high` a group flaps, below `low` it has settled. Absent = nobody looks. */
  flapping?: Readonly<{ low: number; high: number }>
}>

/** Which monitors hold this one's notifications while they fire: by id, or (null) all that have these tags. */
export type InhibitRule = Readonly<{
  monitorId: number | null
  monitorTags: readonly string[]
  /** Keys of groups' tags whose values must be the same, sorted; [] = one group that fires holds all. */
  equal: readonly string[]
  /** In which of these statuses a group counts. */
  statuses: readonly Status[]
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

/** What starting a monitor's workflow needs to know: its place and its search attributes. */
export type RuntimeMonitor = Readonly<{
  monitorId: number
  version: number
  type: string
  name: string
  priority: number | null
  tags: readonly string[]
}>

/**
 * Service checks: so many results of one status in a row make a group have it; of checks in percent, so many percent of its members.
 * `unknown` null = unknown results are passed over.
 */
export type StatusCounts = Readonly<{ ok: number; warning: number; critical: number; unknown: number | null }>
