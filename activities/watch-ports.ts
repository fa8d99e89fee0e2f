/**
 * What the reconciler compares, how far each monitor is, and how much there is to do: the ports of what watches over monitors.
 * Never import an adapter here. Read next: reconcile.ts, pressure.ts.
 */
import type { RuntimeMonitor } from '../core/monitor/spec-types.ts'

/** `confirmed`: its workflow has worked with some older version of it, so it must be told. */
export type UnappliedMonitor = RuntimeMonitor & Readonly<{ confirmed: boolean }>

/** A monitor that should have been evaluated three intervals ago, at least. */
export type OverdueMonitor = RuntimeMonitor & Readonly<{ overdueMs: number }>

export interface ReconcileStore {
  /** Definitions that their workflow hasn't confirmed at the newest version, oldest change first. */
  unapplied(limit: number): Promise<readonly UnappliedMonitor[]>
  /** Deleted monitors whose workflow hasn't been stopped yet, and how long ago that was. */
  unstopped(limit: number): Promise<readonly Readonly<{ monitorId: number; deletedMs: number }>[]>
  markStopped(monitorId: number): Promise<void>
  /** The longest overdue first. `live`: how many are watched, those on time included. `servedShards`: by workers that told so lately. */
  overdue(limit: number): Promise<Readonly<{ monitors: readonly OverdueMonitor[]; live: number; servedShards: readonly number[] }>>
  /** All definitions, in pages by ascending id. */
  page(afterMonitorId: number, limit: number): Promise<readonly RuntimeMonitor[]>
  /** Commits whose notification was never planned, older than `ageMs`. */
  unplanned(ageMs: number, limit: number): Promise<readonly Readonly<{ monitorId: number; sequence: number }>[]>
  /** Receivers with open deliveries that should have been tried `ageMs` ago, and weren't. */
  untended(ageMs: number, limit: number): Promise<readonly string[]>
}

/** How far a monitor's evaluation is, for the watchdog and for people. Times in epoch ms. */
export type Progress = Readonly<{
  monitorId: number
  priority: number | null
  /** The last slot that was evaluated; null = none yet. */
  slot: number | null
  /** Everything up to here is committed, also if what is being evaluated now never is; absent = not known. */
  settled?: number
  /** When it is to be evaluated next; null = never, its schedule has come to its end. */
  dueAt: number | null
  /** Between two evaluations, stretched as they are. */
  intervalMs: number
  stretch: number
  /** From when it should have been to when it was; null = not evaluated yet. */
  lagMs: number | null
  at: number
}>

/** A projection; the latest of each monitor is all there is. */
export interface ProgressLog {
  /** Never throws, never waits. */
  record(progress: Progress): void
}

/** How much work this process has, and what gives way for it. */
export interface Pressure {
  /** An evaluation began so late. */
  evaluated(monitor: Readonly<{ monitorId: number; priority: number | null; intervalMs: number }>, lagMs: number): void
  /** By which factor the interval of such a monitor is stretched now; 1 = it isn't. */
  stretchOf(priority: number | null, intervalMs: number): number
}
