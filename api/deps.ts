/**
 * What the API needs from the outside; main.ts wires it, tests put small working fakes behind it.
 * Never an adapter of Temporal here: the API knows running monitors by this port only. Read next: app.ts.
 */
import type { RequestHandler } from 'express'
import type { Pool } from '../adapters/postgres/pool.ts'
import type { Receiver } from '../adapters/postgres/queries/receivers.ts'
import type { SecretBox } from '../adapters/secrets/box.ts'
import type { Source } from '../contract/source.ts'
import type { BacktestInput } from '../core/backtest/plan.ts'
import type { BacktestReport } from '../core/backtest/report.ts'
import type { IntakeDays } from '../core/intake-days.ts'
import type { LookAnswer, LookAsk } from '../core/look/ask.ts'
import type { RuntimeMonitor } from '../core/monitor/spec-types.ts'
import type { Log as TelemetryLog } from '../telemetry/log.ts'
import type { AcknowledgeAsk, EvaluateNowAnswer, ResolveAnswer, StateAnswer } from '../workflows/messages.ts'
import type { ConsoleFiles } from './console-files.ts'

/**
 * Monitors as running workflows. Rejects with errors whose `code` is `runtime-unavailable`, `monitor-not-running`,
 * `monitor-refused` or `backtest-impossible`.
 */
export interface MonitorControl {
  start(monitor: RuntimeMonitor): Promise<void>
  /** A newer definition is stored; starts the workflow if it isn't there. */
  respecify(monitor: RuntimeMonitor): Promise<void>
  stop(monitorId: number): Promise<void>
  resolve(monitorId: number, groups: '*' | readonly string[]): Promise<ResolveAnswer>
  /** Groups or bundles that were acknowledged, or (`said` null) are no more; `monitor-refused` where one of them can't be. */
  acknowledge(monitorId: number, ask: AcknowledgeAsk): Promise<readonly string[]>
  evaluateNow(monitorId: number): Promise<EvaluateNowAnswer>
  pause(monitorId: number): Promise<void>
  resume(monitorId: number): Promise<void>
  state(monitorId: number): Promise<StateAnswer>
  /** What a definition would have decided; given up when `cancelled` says so. Writes nothing. */
  backtest(input: BacktestInput, cancelled: AbortSignal): Promise<BacktestReport>
  /** What a source says to a person who looks at a monitor or writes one; given up when `cancelled` says so. */
  look(ask: LookAsk, cancelled: AbortSignal): Promise<LookAnswer>
  /** Deliveries of this receiver are open again: its lane goes on with them. */
  wakeLane(receiver: string): Promise<void>
}

/** Events with fields. */
export type Log = Pick<TelemetryLog, 'debug' | 'info' | 'warn' | 'error'>

export type AppDeps = Readonly<{
  pool: Pool
  control: MonitorControl
  /** Whether Temporal answers; never rejects. */
  temporalReachable: () => Promise<boolean>
  log: Log
  /** Serves the Prometheus exposition. */
  metrics: RequestHandler
  /** Opens a span and measures each request. */
  observe: RequestHandler
  clock: () => number
  /** How long what is pushed is kept: older data is refused. Absent = by default. */
  intakeDays?: IntakeDays
  /** Requests and pushes under way at once, each; absent = by default. */
  admission?: Admission
  /** Of an address. Absent = by default, as of a key. */
  rateLimit?: RateLimit
  keyRateLimit?: RateLimit
  /** Where monitors live; absent = in one place, of which nothing is known. */
  cells?: CellControl
  /** Encrypts what is secret; null or absent = there is no key, and secrets are refused. */
  secrets?: SecretBox | null
  /** Asks a source something small, from here; never rejects. Absent = this process can't reach sources. */
  testSource?: (source: Source) => Promise<SourceTest>
  /** Sends a receiver a message that says that it works, from here; never rejects. Absent = this process can't reach receivers. */
  testReceiver?: (receiver: Receiver) => Promise<ReceiverTest>
  /** Address of the Temporal Web UI, whose pages may use the codec endpoint; null or absent = no page may. */
  temporalUi?: string | null
  /** Where people see a monitor's workflow, by the name of its cell; null = nowhere that is known. Absent = nowhere. */
  workflowAddress?: (monitorId: number, cell: string) => string | null
  /** Whether people reach this API by HTTPS: the session's cookie then never travels otherwise. */
  secureCookies?: boolean
  /** The console's files; null or absent = there is none here. */
  console?: ConsoleFiles | null
  /** Aborted when the process is to end: whatever has no end of its own ends then. */
  stopping?: AbortSignal
}>

/** The configured cells, and how a monitor goes from one to another. */
export type CellControl = Readonly<{
  /** The first is where everything was before there were several. */
  all: readonly Readonly<{ name: string; shards: number }>[]
  /** Whether its Temporal answers; never rejects. */
  answers: (name: string) => Promise<boolean>
  /** After a monitor was given to `to`: starts it there and ends it in `from`; false = that is left to the reconcilers. */
  follow: (monitor: RuntimeMonitor, from: string, to: string) => Promise<boolean>
}>

/** `detail`: what answered, or why it didn't. */
export type SourceTest = Readonly<{ ok: boolean; detail: string; duration_ms: number }>

/** `detail`: what the receiver answered, or why it didn't take it; without a secret. */
export type ReceiverTest = Readonly<{ ok: boolean; detail: string; duration_ms: number }>

/** Of requests under way: how many, and the bytes of their bodies. */
export type Admission = Readonly<{ requests: number; bytes: number }>

export type RateLimit = Readonly<{ requests: number; windowMs: number }>
