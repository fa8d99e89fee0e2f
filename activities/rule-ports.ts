/** How promql alerts are after each evaluation, for those that read Prometheus' rules. Read next: rule-alerts.ts. */
import type { MonitorSpec } from '../core/monitor/spec-types.ts'

/** An alert as Prometheus has them. Times in epoch ms. */
export type ActiveAlert = Readonly<{ group: string; state: 'pending' | 'firing'; activeAtMs: number; value: number | null }>

/** What an evaluation of a promql alert came to. */
export type RuleEvaluation = Readonly<{
  spec: MonitorSpec
  slot: number
  /** When it was begun. */
  at: number
  durationMs: number
  /** Why the source gave no answer; then nothing is known of alerts. */
  error: string | null
  alerts: readonly ActiveAlert[]
}>

/** For people and for what reads `ALERTS`, never an input of a decision: its last moments may be lost. */
export interface RuleLog {
  /** Never throws, never waits. */
  record(evaluation: RuleEvaluation): void
}
