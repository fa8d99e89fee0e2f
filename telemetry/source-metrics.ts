import type { Meter } from '@opentelemetry/api'

/** What a worker counts about its sources. Their names are configured by who runs the engine, and bounded: a label like any other. */
export type SourceMetrics = Readonly<{
  /** One that was really sent. `outcome`: answered, or a SourceFailureCode. */
  query: (source: string, outcome: string, durationMs: number) => void
  /** One that somebody else's answer was given to. */
  shared: (source: string) => void
  circuit: (source: string, state: 'open' | 'closed') => void
}>

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function sourceMetrics(meter: Meter): SourceMetrics {
  const duration = meter.createHistogram('tocsin_source_query_duration_seconds', {
    description: 'Time that a query sent to a source took, by outcome',
    advice: { explicitBucketBoundaries: seconds },
  })
  const shared = meter.createCounter('tocsin_source_queries_shared_total', { description: 'Queries that were answered by an equal one' })
  const open = meter.createGauge('tocsin_source_circuit_open', { description: '1 while a source failed so often that it is left alone' })
  return {
    query: (source, outcome, durationMs) => duration.record(durationMs / 1_000, { source, outcome }),
    shared: (source) => shared.add(1, { source }),
    circuit: (source, state) => open.record(state === 'open' ? 1 : 0, { source }),
  }
}
