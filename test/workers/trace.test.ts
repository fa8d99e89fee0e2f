import { SpanKind } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { lazyTemporalClient } from '../../adapters/temporal/connect.ts'
import { createMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { createLog } from '../../telemetry/log.ts'
import { startTelemetry } from '../../telemetry/telemetry.ts'
import { tracingPlugins, tracingWorkflowModules } from '../../telemetry/temporal.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { type Crew, startCrew } from '../../workers/crew.ts'
import { wirePorts } from '../../workers/wire.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { silentEvaluations } from '../support/memory-ports.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

const spanExporter = new InMemorySpanExporter()
const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null, spanExporter })
let namespace: TestNamespace
let database: TestDatabase
let source: HookServer
let crew: Crew

beforeAll(async () => {
  quietRuntime()
  namespace = await createTestNamespace()
  database = await createTestDatabase()
  source = await startHookServer(answer(500))
})
afterAll(async () => {
  crew.drain()
  await crew.ended
  await source.close()
  await namespace.close()
  await database.drop()
  await telemetry.shutdown()
})

test('one trace leads from the request through the workflow and its activities to the delivery', async () => {
  // Two evaluations a run: the monitor soon continues as new.
  const base = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  const config = { ...base, loop: { ...base.loop, evaluationsPerRun: 2 } }
  const plugins = tracingPlugins(telemetry.tracing)
  const client = lazyTemporalClient(config.cells[0], plugins)
  const runtime = createMonitorRuntime(client.client, config)
  const log = createLog({ service: 'tocsin-test', level: 'silent' })
  const activities = createActivities(wirePorts({ pool: database.pool, runtime, evaluations: silentEvaluations, config, telemetry, log }))
  const workflowBundle = await bundleWorkflows(tracingWorkflowModules(telemetry.tracing))
  crew = await startCrew({ connection: namespace.nativeConnection, config, workflowBundle, activities, plugins })
  const monitorId = await insertMonitor(
    database.pool,
    { name: 'API', type: 'http alert', query: `http("${source.url}").failed() > 0`, tags: [], priority: null },
    { options: { interval: 1, thresholds: { critical: 0 } } },
  )

  const traceId = await telemetry.tracer.startActiveSpan('POST /api/v1/monitor', { kind: SpanKind.SERVER }, async (span) => {
    await runtime.start({ monitorId, version: 1, type: 'http alert', name: 'API', priority: null, tags: [] })
    span.end()
    return span.spanContext().traceId
  })

  const spans = (): ReadableSpan[] => spanExporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId)
  await until('the delivery in the trace', () => spans().some((span) => span.name === 'RunActivity:drain'))
  for (const name of ['StartWorkflow:monitor', 'RunActivity:evaluate', 'RunActivity:commit', 'StartChildWorkflow:notify']) {
    expect(spans().map((span) => span.name)).toContain(name)
  }
  const ids = new Set(spans().map((span) => span.spanContext().spanId))
  // Workflows' own spans end with them: what is still running is known by its children only.
  const roots = spans().filter((span) => span.parentSpanId === undefined)
  expect(roots.map((span) => span.name)).toEqual(['POST /api/v1/monitor'])
  expect(ids.size).toBe(spans().length)

  const continued = await until('a run that continued as new', () =>
    spanExporter.getFinishedSpans().find((span) => span.name === 'RunWorkflow:monitor' && span.spanContext().traceId !== traceId),
  )
  // A monitor lives for years; its trace ends with its first run.
  expect(continued.parentSpanId).toBeUndefined()
  await client.close()
})
