/**
 * Traces and metrics of one process. Metrics are always there, for scraping; traces only where somebody takes them.
 * Never in the way: an exporter that fails costs what it would have exported. Nothing here knows monitors (metrics.ts does).
 * Read next: metrics.ts, http.ts, temporal.ts, log.ts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { context, type Meter, propagation, type Tracer, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { Resource } from '@opentelemetry/resources'
import { MeterProvider, type MetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { asyncContextManager } from './context.ts'

export type TelemetryOptions = Readonly<{
  /** `tocsin-api`, `tocsin-worker`. */
  service: string
  /** Base address of an OTLP/HTTP collector, as OTEL_EXPORTER_OTLP_ENDPOINT; null = nothing is pushed. */
  otlpEndpoint: string | null
  /** Takes the spans instead of a collector. */
  spanExporter?: SpanExporter
}>

/** Where spans go; null where tracing is off. */
export type Tracing = Readonly<{ tracer: Tracer; resource: Resource; spanProcessor: SpanProcessor }>

export type Telemetry = Readonly<{
  tracing: Tracing | null
  /** Does nothing where tracing is off. */
  tracer: Tracer
  meter: Meter
  /** Answers a scrape in the Prometheus text format. */
  serveMetrics: (request: IncomingMessage, response: ServerResponse) => void
  /** Sends what is left. Never rejects. */
  shutdown: () => Promise<void>
}>

/** Registers what is global to a process in OpenTelemetry: one at a time; after shutdown another may start. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const resource = new Resource({ 'service.name': options.service, 'service.namespace': 'tocsin' })
  // No server of its own: api and workers have one.
  const prometheus = new PrometheusExporter({ preventServerStart: true })
  const meterProvider = new MeterProvider({ resource, readers: [prometheus, ...pushReaders(options.otlpEndpoint)] })
  const spanProcessor = spanProcessorOf(options)
  const tracing = spanProcessor === null ? null : startTracing(resource, spanProcessor)
  return {
    tracing,
    tracer: tracing?.tracer ?? trace.getTracer('tocsin'),
    meter: meterProvider.getMeter('tocsin'),
    serveMetrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    shutdown: async () => {
      await Promise.allSettled([spanProcessor?.shutdown(), meterProvider.shutdown()])
      if (tracing !== null) {
        context.disable()
        propagation.disable()
        trace.disable()
      }
    },
  }
}

function startTracing(resource: Resource, spanProcessor: SpanProcessor): Tracing {
  const provider = new BasicTracerProvider({ resource, spanProcessors: [spanProcessor] })
  provider.register({ contextManager: asyncContextManager().enable(), propagator: new W3CTraceContextPropagator() })
  return { tracer: provider.getTracer('tocsin'), resource, spanProcessor }
}

function spanProcessorOf({ otlpEndpoint, spanExporter }: TelemetryOptions): SpanProcessor | null {
  if (spanExporter !== undefined) return new SimpleSpanProcessor(spanExporter)
  if (otlpEndpoint === null) return null
  // Batches of the default size (512, at most 2,048 waiting): what doesn't fit while the collector is away is dropped.
  return new BatchSpanProcessor(new OTLPTraceExporter({ url: signalUrl(otlpEndpoint, 'traces') }))
}

/** Pushed as often as Prometheus usually scrapes. */
const pushIntervalMs = 15_000

function pushReaders(otlpEndpoint: string | null): MetricReader[] {
  if (otlpEndpoint === null) return []
  const exporter = new OTLPMetricExporter({ url: signalUrl(otlpEndpoint, 'metrics') })
  return [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: pushIntervalMs, exportTimeoutMillis: pushIntervalMs })]
}

function signalUrl(endpoint: string, signal: 'traces' | 'metrics'): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/${signal}`
}
