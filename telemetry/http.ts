import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Request, RequestHandler, Response } from 'express'
import type { Telemetry } from './telemetry.ts'

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** A span and a measurement for every request: mount it first. What the request starts in Temporal becomes part of its trace. */
export function httpTelemetry(telemetry: Pick<Telemetry, 'tracer' | 'meter'>): RequestHandler {
  const duration = telemetry.meter.createHistogram('tocsin_http_request_duration_seconds', {
    description: 'Time to answer a request by method, route and status',
    advice: { explicitBucketBoundaries: requestSeconds },
  })
  return (request, response, next) => {
    const startedMs = performance.now()
    const method = methods.includes(request.method) ? request.method : 'other'
    const caller = propagation.extract(ROOT_CONTEXT, request.headers)
    const span = telemetry.tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } }, caller)
    // Comes exactly once, whether the answer was sent whole or the client went away.
    response.once('close', () => {
      const route = routeOf(request)
      // A stream is open for as long as somebody watches: that is no time to answer.
      const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream')
      if (!isStream) duration.record((performance.now() - startedMs) / 1_000, { method, route, status: String(response.statusCode) })
      endSpan(span, `${method} ${route}`, route, response)
    })
    context.with(trace.setSpan(caller, span), next)
  }
}

function endSpan(span: Span, name: string, route: string, response: Response): void {
  span.updateName(name)
  span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode })
  if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** The route's pattern, never the path: paths are users' text, and there is no end of them. */
function routeOf(request: Request): string {
  const route: unknown = request.route
  if (typeof route !== 'object' || route === null || !('path' in route) || typeof route.path !== 'string') return 'unmatched'
  // A router mounted under a parameter has the parameter's value in its base.
  const base = request.baseUrl.replaceAll(/\/[^/]*\d{2,}[^/]*/g, '/:id')
  return `${base}${route.path === '/' && base !== '' ? '' : route.path}`
}
