/** The whole engine in this process: the API as api/main.ts has it and the Workers as workers/main.ts has them, on real servers. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Client } from '@temporalio/client'
import { createActivities } from '../../activities/index.ts'
import { evaluationWriter } from '../../adapters/postgres/evaluation-writer.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { seedKeys } from '../../adapters/postgres/queries/keys.ts'
import { createMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { createApp } from '../../api/app.ts'
import { httpTelemetry } from '../../telemetry/http.ts'
import { createLog } from '../../telemetry/log.ts'
import { evaluationLogMetrics } from '../../telemetry/metrics.ts'
import { startTelemetry } from '../../telemetry/telemetry.ts'
import { loadTemporalConfig, type TemporalConfig } from '../../temporal.config.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { startCrew } from '../../workers/crew.ts'
import { wirePorts } from '../../workers/wire.ts'
import { baseUrlOf } from './address.ts'
import { type ApiClient, apiClient, engineKeys } from './api-client.ts'
import type { TestDatabase } from './database.ts'
import { documented } from './documented.ts'
import type { TestNamespace } from './namespace.ts'
import { testSecrets } from './secrets.ts'

export type Engine = Readonly<{ api: ApiClient; url: string; close: () => Promise<void> }>

const log = createLog({ service: 'tocsin-test', level: 'silent' })

export async function startEngine(database: TestDatabase, namespace: TestNamespace): Promise<Engine> {
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  const stopWorkers = await startWorkers(database, namespace, config)
  const { api, url, close } = await startEngineApi(database, namespace.client, config)
  return {
    api,
    url,
    close: async () => {
      await close()
      await stopWorkers()
    },
  }
}

/** The API alone. Temporal may be away. */
export async function startEngineApi(database: TestDatabase, client: Client, config: TemporalConfig): Promise<Engine> {
  await seedKeys(database.pool, engineKeys)
  const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null })
  const pool = createPool(database.url)
  const { app, problems } = documented(
    createApp({
      pool,
      control: createMonitorRuntime(client, config),
      temporalReachable: async () => true,
      log,
      metrics: (req, res) => telemetry.serveMetrics(req, res),
      observe: httpTelemetry(telemetry),
      clock: Date.now,
      secrets: testSecrets,
    }),
  )
  const server = createServer(app).listen(0, '127.0.0.1')
  const url = await baseUrlOf(server)
  return {
    api: apiClient(url),
    url,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await pool.end()
      await telemetry.shutdown()
      if (problems.length > 0) throw new Error(`answers that the OpenAPI document doesn't have:\n${problems.join('\n')}`)
    },
  }
}

/** Workers of this configuration; the answer stops them. */
export async function startWorkers(database: TestDatabase, namespace: TestNamespace, config: TemporalConfig): Promise<() => Promise<void>> {
  const telemetry = startTelemetry({ service: 'tocsin-test', otlpEndpoint: null })
  const pool = createPool(database.url)
  const runtime = createMonitorRuntime(namespace.client, config)
  const evaluations = evaluationWriter({ pool, metrics: evaluationLogMetrics(telemetry.meter), log })
  const crew = await startCrew({
    connection: namespace.nativeConnection,
    config,
    workflowBundle: await bundleWorkflows(),
    activities: createActivities(wirePorts({ pool, runtime, evaluations, config, telemetry, log, secrets: testSecrets })),
    plugins: [],
  })
  return async () => {
    crew.drain()
    await crew.ended
    await evaluations.close()
    await pool.end()
    await telemetry.shutdown()
  }
}
