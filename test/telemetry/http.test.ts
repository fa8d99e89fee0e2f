import { context, trace } from '@opentelemetry/api'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpTelemetry } from '../../telemetry/http.ts'
import { startTelemetry } from '../../telemetry/telemetry.ts'
import { baseUrlOf } from '../support/address.ts'
import { until } from '../support/until.ts'

const spanExporter = new InMemorySpanExporter()
const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null, spanExporter })
const app = express()
app.use(httpTelemetry(telemetry))
app.get('/metrics', telemetry.serveMetrics)
const router = express.Router()
router.get('/:id', async (request, response) => {
  await Promise.resolve()
  // The span is still the active one after waiting: what a route starts belongs to it.
  telemetry.tracer.startSpan('inner', {}, context.active()).end()
  response.status(request.params.id === '13' ? 500 : 200).json({ traceId: trace.getActiveSpan()?.spanContext().traceId ?? null })
})
app.use('/api/v1/monitor', router)
const server = app.listen(0, '127.0.0.1')
let base = ''

beforeAll(async () => {
  base = await baseUrlOf(server)
})
afterAll(async () => {
  server.close()
  await telemetry.shutdown()
})

const spanNamed = (name: string) => until(`span ${name}`, () => spanExporter.getFinishedSpans().find((span) => span.name === name), 2_000)

test('a request is a span named after its route, and what the route starts is its child', async () => {
  const answer: unknown = await (await fetch(`${base}/api/v1/monitor/42`)).json()
  const server = await spanNamed('GET /api/v1/monitor/:id')
  const inner = await spanNamed('inner')
  expect(answer).toEqual({ traceId: server.spanContext().traceId })
  expect(inner.parentSpanId).toBe(server.spanContext().spanId)
  expect(server.attributes).toMatchObject({ 'http.route': '/api/v1/monitor/:id', 'http.response.status_code': 200 })
})

test('a caller with a trace of its own finds the request in it', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const answer = await fetch(`${base}/api/v1/monitor/43`, { headers: { traceparent } })
  expect(await answer.json()).toEqual({ traceId: '0af7651916cd43dd8448eb211c80319c' })
})

test('requests are measured by route, never by path', async () => {
  await fetch(`${base}/api/v1/monitor/13`)
  await fetch(`${base}/nowhere/user-text`)
  await spanNamed('GET unmatched')
  const scraped = await (await fetch(`${base}/metrics`)).text()
  expect(scraped).toContain('tocsin_http_request_duration_seconds_count{method="GET",route="/api/v1/monitor/:id",status="500"} 1')
  expect(scraped).toContain('tocsin_http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1')
  expect(scraped).not.toContain('user-text')
})
