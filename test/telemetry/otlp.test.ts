import { createServer } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { startTelemetry } from '../../telemetry/telemetry.ts'
import { baseUrlOf } from '../support/address.ts'

const received = new Map<string, string>()
const collector = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    received.set(request.url ?? '', (received.get(request.url ?? '') ?? '') + body)
    response.end('{}')
  })
}).listen(0, '127.0.0.1')
afterAll(() => collector.close())

test('with a collector, traces and metrics are pushed there, and what is left goes out on shutdown', async () => {
  const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: `${await baseUrlOf(collector)}/` })
  telemetry.tracer.startSpan('a request').end()
  telemetry.meter.createCounter('tocsin_things_total').add(3)
  await telemetry.shutdown()
  expect([...received.keys()].sort()).toEqual(['/v1/metrics', '/v1/traces'])
  expect(received.get('/v1/traces')).toContain('a request')
  expect(received.get('/v1/traces')).toContain('tocsin-test')
  expect(received.get('/v1/metrics')).toContain('tocsin_things_total')
})

test('a collector that is away costs nothing but what it would have got', async () => {
  const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: 'http://127.0.0.1:1' })
  telemetry.tracer.startSpan('lost').end()
  const startedMs = performance.now()
  await telemetry.shutdown()
  expect(performance.now() - startedMs).toBeLessThan(15_000)
})

test('without one, nothing is traced', async () => {
  const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null })
  expect(telemetry.tracing).toBeNull()
  expect(telemetry.tracer.startSpan('nothing').isRecording()).toBe(false)
  await telemetry.shutdown()
})
