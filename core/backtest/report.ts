/**
 * What a backtest answers, as it stands in the answer of the API: plain JSON, bounded lists, exact counts.
 * Times are ISO 8601 in UTC; only transitions are as the engine decides them, in epoch ms. Read next: tally.ts, telling.ts.
 */
import type { Status } from '../monitor/spec-types.ts'
import type { NotifyReason, Transition } from '../monitor/types.ts'

export type BacktestReport = Readonly<{
  monitor: Readonly<{ id: number | null; name: string; type: string; query: string }>
  from: string
  to: string
  /** The first slot that was judged, so that the state at `from` is a state and no guess. What happened before `from` isn't told. */
  starts_from: string
  interval_s: number
  /** The answer as a sentence. */
  summary: string
  /** What to know before one relies on it, as sentences. */
  notes: readonly string[]
  slots: SlotCounts
  at_start: Standing
  at_end: Standing
  /** Seconds of the time asked for that the monitor spent in each overall status. */
  overall_s: Readonly<Record<Status, number>>
  would_have: WouldHave
  /** Most messages first. */
  notifications: readonly BacktestNotification[]
  /** The worst status of each group in equal parts of the time. */
  timeline: BacktestTimeline
  /** How long the backtest took. */
  took_ms: number
}>

export type SlotCounts = Readonly<{
  evaluated: number
  /** Evaluated, and no group had data. */
  empty: number
  failed: number
  skipped: number
  /** Before `from`; counted nowhere else. */
  warm_up: number
  /** Why slots failed or were skipped, most frequent first. */
  reasons: readonly Readonly<{ outcome: 'failed' | 'skipped'; reason: string; slots: number }>[]
}>

export type Standing = Readonly<{
  overall: Status
  groups: number
  /** Groups that aren't OK, and since when; not all where they are many. */
  not_ok: Readonly<Record<string, Readonly<{ status: Status; since: string }>>>
}>

export type WouldHave = Readonly<{
  /** Changes of a group's status into Alert, Warn, No Data, and back to OK. */
  alerted: number
  warned: number
  gone_no_data: number
  recovered: number
  /** Transitions that somebody would have been told of, and the others by their reason. */
  told: number
  not_told: Readonly<Partial<Record<NotifyReason, number>>>
  episodes: readonly Episode[]
  episodes_left_out: number
  transitions: readonly BacktestTransition[]
  transitions_left_out: number
}>

/** From when a group left OK until it was OK again. */
export type Episode = Readonly<{
  group: string
  worst: Status
  triggered_at: string
  /** null = it still lasts at the end, or the group left for want of data. */
  recovered_at: string | null
  duration_s: number
  /** It began in the warm-up, or before it. */
  before_start: boolean
}>

/** As decided; `at` is its slot, `receivers` who would have been told. */
export type BacktestTransition = Transition & Readonly<{ at: string; receivers: readonly string[] }>

export type BacktestNotification = Readonly<{
  /** As in the handle, without the @. */
  receiver: string
  /** Whether it is configured; an unknown one is told nothing. */
  known: boolean
  count: number
  messages: readonly Readonly<{ at: string; title: string; sequence: number }>[]
  messages_left_out: number
}>

export type BacktestTimeline = Readonly<{
  buckets: number
  /** Length of one part, in seconds. */
  bucket_s: number
  /** A character a part: `-` OK, `n` No Data, `u` Unknown, `w` Warn, `A` Alert, blank = not tracked. */
  groups: Readonly<Record<string, string>>
  groups_left_out: number
}>
