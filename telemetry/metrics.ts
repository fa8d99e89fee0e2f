import type { Meter } from '@opentelemetry/api'
import type { EngineMetrics } from '../activities/ports.ts'

/** From a cached evaluation to one that hits its timeout. */
const evaluationSeconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** From on time to a day late: catching up after an outage shows as what it is. */
const lagSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400]
const deliverySeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Labels come from unions; what isn't one of these is counted as `other`, so that no text of users makes a time series. */
const statuses: readonly string[] = ['OK', 'Warn', 'Alert', 'No Data', 'Unknown']
const notifierKinds: readonly string[] = [
  'log',
  'webhook',
  'slack',
  'discord',
  'telegram',
  'teams',
  'pagerduty',
  'opsgenie',
  'email',
  'alertmanager',
]

/** What activities count, as instruments. Names and units follow Prometheus: seconds, `_total` for what only grows. */
export function engineMetrics(meter: Meter): EngineMetrics {
  const histogram = (name: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { description, advice: { explicitBucketBoundaries } })
  const evaluationDuration = histogram(
    'tocsin_evaluation_duration_seconds',
    'Time that one evaluation took, its query included',
    evaluationSeconds,
  )
  const scheduleLag = histogram('tocsin_schedule_lag_seconds', 'From the slot to the start of its evaluation', lagSeconds)
  const evaluations = meter.createCounter('tocsin_evaluations_total', { description: 'Evaluated slots by outcome' })
  const missed = meter.createCounter('tocsin_slots_missed_total', {
    description: 'Slots that were not evaluated in their time: caught up since, or dropped as too old',
  })
  const transitions = meter.createCounter('tocsin_transitions_total', { description: 'Transitions of groups by the status they went to' })
  const diverged = meter.createCounter('tocsin_commits_diverged_total', {
    description: 'Transitions that a reset workflow decided otherwise than is stored',
  })
  const repaired = meter.createCounter('tocsin_monitors_repaired_total', {
    description: 'Monitors that were not evaluated any more and were started again',
  })
  const deliveries = meter.createCounter('tocsin_deliveries_total', { description: 'Tries to deliver a notification by kind and outcome' })
  // A counter that nobody has seen at 0 hides its first event from a rate.
  for (const counter of [missed, diverged, repaired]) counter.add(0)
  const deliveryDuration = histogram('tocsin_delivery_duration_seconds', 'Time that one try to deliver took', deliverySeconds)

  return {
    evaluation({ outcome, slots, durationMs, lagMs }) {
      evaluations.add(slots, { outcome })
      evaluationDuration.record(durationMs / 1_000, { outcome })
      scheduleLag.record(Math.max(0, lagMs) / 1_000)
    },
    transition: (to, count) => transitions.add(count, { to: oneOf(statuses, to) }),
    commitDiverged: (count) => diverged.add(count),
    delivery(kind, outcome, latencyMs) {
      const labels = { kind: oneOf(notifierKinds, kind), outcome }
      deliveries.add(1, labels)
      deliveryDuration.record(latencyMs / 1_000, labels)
    },
    slotsMissed: (count) => missed.add(count),
    repaired: (count) => repaired.add(count),
  }
}

/** How much is stretched, as this worker has it: 0 = nothing. */
export function stretchMetrics(meter: Meter): (level: number) => void {
  const gauge = meter.createGauge('tocsin_stretch_level', {
    description: 'How far intervals of monitors that matter less are stretched because the engine is behind; 0 = not at all',
  })
  gauge.record(0)
  return (level) => gauge.record(level)
}

/** What the writer of the evaluations that people look at counts. */
export type EvaluationLogMetrics = Readonly<{
  written: (rows: number, durationMs: number) => void
  /** Lost: the buffer was full, the row was refused, or the process ended before it could be written. */
  dropped: (rows: number) => void
  waiting: (rows: number) => void
}>

export function evaluationLogMetrics(meter: Meter): EvaluationLogMetrics {
  const written = meter.createCounter('tocsin_evaluation_log_written_total', { description: 'Evaluations written for people to look at' })
  const dropped = meter.createCounter('tocsin_evaluation_log_dropped_total', {
    description: 'Evaluations that nobody will see: no room while PostgreSQL was away, refused by it, or not written before the end',
  })
  const waiting = meter.createGauge('tocsin_evaluation_log_waiting', { description: 'Evaluations that wait to be written' })
  const duration = meter.createHistogram('tocsin_evaluation_log_write_seconds', {
    description: 'Time that writing one batch of evaluations took',
    advice: { explicitBucketBoundaries: deliverySeconds },
  })
  for (const counter of [written, dropped]) counter.add(0)
  waiting.record(0)
  return {
    written(rows, durationMs) {
      written.add(rows)
      duration.record(durationMs / 1_000)
    },
    dropped: (rows) => dropped.add(rows),
    waiting: (rows) => waiting.record(rows),
  }
}

function oneOf(known: readonly string[], value: string): string {
  return known.includes(value) ? value : 'other'
}
