import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiverKinds } from '../../contract/receivers/index.ts'
import { engineMetrics } from '../../telemetry/metrics.ts'
import { startTelemetry } from '../../telemetry/telemetry.ts'
import { workerMetrics } from '../../telemetry/worker-metrics.ts'
import { baseUrlOf } from '../support/address.ts'

const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null })
const server = createServer((request, response) => telemetry.serveMetrics(request, response))
let scraped = ''

beforeAll(async () => {
  const metrics = engineMetrics(telemetry.meter)
  metrics.evaluation({ outcome: 'evaluated', slots: 1, durationMs: 20, lagMs: 400 })
  metrics.evaluation({ outcome: 'caught-up', slots: 12, durationMs: 200, lagMs: 720_000 })
  metrics.transition('Alert', 2)
  metrics.transition('{{user text}}', 1)
  metrics.commitDiverged(1)
  metrics.delivery('webhook', 'delivered', 30)
  metrics.delivery('pigeon', 'retry', 30)
  for (const kind of receiverKinds) metrics.delivery(kind.kind, 'refused', 30)
  metrics.slotsMissed(3)
  const states = { 'tocsin-notify': 'RUNNING', 'tocsin-control': 'DRAINING' }
  workerMetrics(telemetry.meter, () => states).backlog({ open: 7, oldestSeconds: 12.5, dead: 1 })
  server.listen(0, '127.0.0.1')
  scraped = await (await fetch(`${await baseUrlOf(server)}/metrics`)).text()
})
afterAll(async () => {
  server.close()
  await telemetry.shutdown()
})

test('what never happened yet is there at 0, so that its first time is a rise', async () => {
  const quiet = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null })
  engineMetrics(quiet.meter)
  const other = createServer((request, response) => quiet.serveMetrics(request, response)).listen(0, '127.0.0.1')
  const text = await (await fetch(`${await baseUrlOf(other)}/metrics`)).text()
  expect(text).toMatch(/^tocsin_slots_missed_total 0/m)
  expect(text).toMatch(/^tocsin_commits_diverged_total 0/m)
  other.close()
  await quiet.shutdown()
})

test.each([
  'tocsin_evaluations_total{outcome="evaluated"} 1',
  'tocsin_evaluations_total{outcome="caught-up"} 12',
  'tocsin_evaluation_duration_seconds_bucket{outcome="evaluated",le="0.025"} 1',
  'tocsin_schedule_lag_seconds_bucket{le="0.5"} 1',
  'tocsin_schedule_lag_seconds_count 2',
  'tocsin_transitions_total{to="Alert"} 2',
  'tocsin_transitions_total{to="other"} 1',
  'tocsin_commits_diverged_total 1',
  'tocsin_deliveries_total{kind="webhook",outcome="delivered"} 1',
  'tocsin_delivery_duration_seconds_bucket{kind="webhook",outcome="delivered",le="0.05"} 1',
  'tocsin_slots_missed_total 3',
  'tocsin_deliveries_total{kind="other",outcome="retry"} 1',
  ...receiverKinds.map(({ kind }) => `tocsin_deliveries_total{kind="${kind}",outcome="refused"} 1`),
  'tocsin_queue_served{queue="tocsin-notify"} 1',
  'tocsin_queue_served{queue="tocsin-control"} 0',
  'tocsin_deliveries_open 7',
  'tocsin_deliveries_oldest_seconds 12.5',
  'tocsin_deliveries_dead 1',
])('a scrape shows %s', (line) => {
  expect(scraped.split('\n').map((text) => text.replace(/ \d{13}$/, ''))).toContain(line)
})
