/**
 * Opens a configured source: its connections, its manners, its adapter. Connects to nothing before it is asked.
 * Read next: directory.ts, which keeps them open; prometheus/, loki/, postgres/.
 */
import type { Source } from '../../contract/source.ts'
import { assertNever } from '../../core/assert.ts'
import type { SourceMetrics } from '../../telemetry/source-metrics.ts'
import { httpClient } from '../http/fetch.ts'
import type { Guard } from '../http/guard.ts'
import type { OpenSource } from './directory.ts'
import { httpSource, type Reply, tlsOf } from './http-source.ts'
import { lokiSource } from './loki/loki.ts'
import { polite } from './polite/polite.ts'
import { postgresSource } from './postgres/postgres.ts'
import { type MetricsOver, prometheusSource } from './prometheus/prometheus.ts'

export type OpenOptions = Readonly<{
  /** null = every address may be called. */
  guard: Guard | null
  metrics: SourceMetrics
  clock: () => number
  metricsOver: MetricsOver
}>

export function openSource(options: OpenOptions): (source: Source) => OpenSource {
  return (source) => {
    switch (source.kind) {
      case 'prometheus': {
        const { http, condition, close } = openHttp(options, source)
        return { source: prometheusSource(http, source, options.metricsOver), condition, close }
      }
      case 'loki': {
        const { http, condition, close } = openHttp(options, source)
        return { source: lokiSource(http, source), condition, close }
      }
      case 'postgres':
        return postgresSource(source, options)
      default:
        return assertNever(source)
    }
  }
}

function openHttp({ guard, metrics, clock }: OpenOptions, source: Extract<Source, { kind: 'prometheus' | 'loki' }>) {
  const client = httpClient({ guard, tls: tlsOf(source) })
  const { name, config } = source
  const asked = polite<Reply>({ name, limits: config.limits, metrics, clock, weigh: ({ body }) => body.length })
  return { http: httpSource({ source, request: client.request, polite: asked }), condition: asked.condition, close: client.close }
}
