/** How promql alerts are after each evaluation, for those that read Prometheus' rules or `ALERTS`. Read next: rule-alerts.ts. */
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import type { Sample } from '../core/prometheus-template/alert-series.ts'
import type { QueryAnswer } from '../core/prometheus-template/expand.ts'

/**
 * An alert as Prometheus has them. Times in epoch ms. `crossed`: the threshold is, by `value`; what fires on without it keeps the value, labels
 * and annotations of the last time that it was.
 */
export type ActiveAlert = Readonly<{
  group: string
  state: 'pending' | 'firing'
  activeAtMs: number
  value: number | null
  crossed: boolean
}>

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

/** The monitor of a rule, as far as its source asks. */
export type TemplateSubject = Pick<MonitorSpec, 'type' | 'tags' | 'datasource' | 'calendar' | 'delayMs'>

/** What the query of a template answers, as of a slot. Never rejects. */
export type AskTemplate = (subject: TemplateSubject, query: string, slot: number) => Promise<QueryAnswer>

/** What a rendering comes to, once each of the queries that it yields was asked. */
export async function withAnswers<Result>(
  rendering: Generator<string, Result, QueryAnswer>,
  ask: (query: string) => Promise<QueryAnswer>,
): Promise<Result> {
  let next = rendering.next()
  while (next.done !== true) next = rendering.next(await ask(next.value))
  return next.value
}

/** For people and for what reads `ALERTS`, never an input of a decision: its last moments may be lost. */
export interface RuleLog {
  /** Never throws, never waits. */
  record(evaluation: RuleEvaluation): void
}

/** Who keeps time series, and is written to in the order of the calls. */
export interface SampleTarget {
  /**
   * Never throws, never waits. `answered` is called once the other side has taken all of them, or refused them for good; never where they are
   * given up. The samples of one series come in the order of their times.
   */
  push(samples: readonly Sample[], answered: () => void): void
  /** Nothing waits and nothing is under way. */
  idle(): boolean
}
