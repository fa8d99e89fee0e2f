import type { Meter } from '@opentelemetry/api'

/** `sent`: taken. `failed`: refused for good. `dropped`: given up without an answer: no room, or the process ended. */
export type SampleOutcome = 'sent' | 'failed' | 'dropped'

export type RemoteWriteMetrics = Readonly<{
  samples: (outcome: SampleOutcome, count: number) => void
  waiting: (count: number) => void
  /** A try that found nobody, or was put off. */
  retried: () => void
}>

/** What becomes of the samples of `ALERTS` that a worker writes. */
export function remoteWriteMetrics(meter: Meter): RemoteWriteMetrics {
  const samples = meter.createCounter('tocsin_remote_write_samples_total', { description: 'Samples of alerts by what became of them' })
  const waiting = meter.createGauge('tocsin_remote_write_waiting', { description: 'Samples of alerts that wait to be written' })
  const retries = meter.createCounter('tocsin_remote_write_retries_total', {
    description: 'Requests of remote write that are made again, for nobody took them',
  })
  for (const outcome of ['sent', 'failed', 'dropped'] as const) samples.add(0, { outcome })
  retries.add(0)
  waiting.record(0)
  return {
    samples: (outcome, count) => samples.add(count, { outcome }),
    waiting: (count) => waiting.record(count),
    retried: () => retries.add(1),
  }
}
