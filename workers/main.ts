/**
 * A worker process: configuration → telemetry → PostgreSQL → Temporal → one Worker per served task queue, until SIGTERM.
 * Waits for what isn't there yet instead of dying; exits with 1 if a Worker fails, with 2 if the configuration is wrong.
 * Read next: wire.ts, crew.ts.
 */
import { hostname } from 'node:os'
import { createPressure } from '../activities/pressure.ts'
import { evaluationWriter } from '../adapters/postgres/evaluation-writer.ts'
import { migrate } from '../adapters/postgres/migrate.ts'
import { isOutage } from '../adapters/postgres/outage.ts'
import { createPool, type Pool } from '../adapters/postgres/pool.ts'
import { progressWriter } from '../adapters/postgres/progress-writer.ts'
import { deliveryBacklog } from '../adapters/postgres/queries/backlog.ts'
import { places } from '../adapters/postgres/queries/cells.ts'
import { saveSourceStates } from '../adapters/postgres/queries/sources.ts'
import { schemaGuard, throwIfTooNew } from '../adapters/postgres/schema-guard.ts'
import { secretBox } from '../adapters/secrets/box.ts'
import { openCells } from '../adapters/temporal/cells.ts'
import { type Config, loadConfig } from '../config.ts'
import { createLog, type Log, withoutCredentials } from '../telemetry/log.ts'
import { evaluationLogMetrics } from '../telemetry/metrics.ts'
import { startTelemetry } from '../telemetry/telemetry.ts'
import { tracingPlugins, tracingWorkflowModules } from '../telemetry/temporal.ts'
import { workerMetrics } from '../telemetry/worker-metrics.ts'
import { loadTemporalConfig, type TemporalConfig } from '../temporal.config.ts'
import { bundleWorkflows } from './bundle.ts'
import { cellPorts, type ServedCells, serveCells } from './cells.ts'
import type { Crew } from './crew.ts'
import { every } from './every.ts'
import { insist } from './insist.ts'
import { installSdk } from './sdk.ts'
import { type Readiness, serveStatus } from './status.ts'
import { keepHouse } from './upkeep.ts'
import { watchEngine } from './watch.ts'
import { type WiredPorts, wirePorts } from './wire.ts'

/** How a source does is looked at by people: seconds don't matter to them, and rows are written for each. */
const tellSourcesMs = 10_000
/** What is deleted or paused leaves `ALERTS` about as soon as a rule that is taken out of Prometheus does. */
const endSeriesMs = 15_000
/** As often as Prometheus usually scrapes, or half as often. */
const tellBacklogMs = 30_000
/** A monitor that isn't: asking for it loads what is planned for all. */
const nobody = { monitorId: 0, tags: [] }
/** Tells workers apart in the state of a source. */
const workerName = `${hostname()}:${process.pid}`

// Everything is closed by now; the SDK's runtime alone would keep the process.
process.exit(await main())

async function main(): Promise<number> {
  const settings = readSettings()
  if (settings === null) return 2
  const { config, temporal } = settings
  const log = createLog({ service: 'tocsin-worker', level: config.logLevel })
  try {
    await run(config, temporal, log, stopSignal(log))
    log.info({}, 'worker-stopped')
    return 0
  } catch (error) {
    log.error({ error }, 'worker-failed')
    return 1
  }
}

async function run(config: Config, temporal: TemporalConfig, log: Log, stopping: AbortSignal): Promise<void> {
  installSdk(log)
  const telemetry = startTelemetry({ service: 'tocsin-worker', otlpEndpoint: config.otlpEndpoint })
  const plugins = tracingPlugins(telemetry.tracing)
  const pool = createPool(config.databaseUrl, { onError: (error) => log.warn({ error }, 'postgres-connection-lost') })
  const cells = openCells(temporal, places(pool), plugins)
  const evaluations = evaluationWriter({ pool, metrics: evaluationLogMetrics(telemetry.meter), log })
  const progress = progressWriter({ pool, log })
  const pressure = createPressure(Date.now)
  let crew: ServedCells | null = null
  let opened: Pick<WiredPorts, 'sources' | 'rules' | 'alertsElsewhere'> | null = null
  const metrics = workerMetrics(telemetry.meter, () => crew?.states() ?? {})
  const server = await serveStatus({ host: config.host, port: config.workerPort, telemetry, readiness: () => readiness(pool, crew) })
  try {
    const temporals = temporal.cells.map(({ name, address, namespace }) => `${name}=${address}/${namespace}`)
    log.info({ address: server.address(), postgres: withoutCredentials(config.databaseUrl), temporal: temporals }, 'worker-starting')
    const patience = { log, stopping }
    await insist('postgres', { ...patience, passes: isOutage }, () => migrate(pool))
    const ports = wirePorts({
      pool,
      intakeDays: config.intakeDays,
      runtime: cells.runtimeIn(temporal.cells[0]),
      evaluations,
      progress,
      pressure,
      config: temporal,
      telemetry,
      log,
      secrets: secretBox(config.secretKeys),
      allowPrivate: config.allowPrivate,
      publicUrl: config.publicUrl,
      remoteWrite: config.remoteWrite,
    })
    opened = ports
    // What is known from here on still holds while PostgreSQL is away; a worker that knew of none would fail the slots of that time.
    await insist('downtimes', { ...patience, passes: isOutage }, async () => ports.downtimes?.inForce(nobody, [Date.now()]))
    const workflowBundle = await bundleWorkflows(tracingWorkflowModules(telemetry.tracing))
    const ending = schemaGuard(pool, stopping)
    const serving = serveCells({
      log,
      stopping: ending,
      config: temporal,
      cells,
      portsIn: (cell) => cellPorts(pool, ports, cells, cell),
      workflowBundle,
      plugins,
    })
    crew = serving
    watchEngine({ pool, log, stopping, config, worker: workerName, serves: serving.serves, pressure, telemetry })
    keepHouse({ pool, log, stopping, config })
    void every('tell-sources', tellSourcesMs, log, stopping, () => saveSourceStates(pool, workerName, ports.sources.conditions()))
    void every('end-alert-series', endSeriesMs, log, stopping, async () => ports.alertsElsewhere?.series.sweep(Date.now()))
    void every('tell-backlog', tellBacklogMs, log, stopping, async () => metrics.backlog(await deliveryBacklog(pool)))
    await endOf(serving, ending)
    throwIfTooNew(ending)
  } catch (error) {
    // A stop while it still waits for something is a stop, not a failure.
    if (!stopping.aborted || crew !== null) throw error
  } finally {
    server.closeAllConnections()
    server.close()
    await Promise.all([evaluations.close(), progress.close(), opened?.rules.close()])
    // What the log of rules has left goes there.
    await opened?.alertsElsewhere?.close()
    await opened?.sources.close()
    await Promise.allSettled([cells.close(), pool.end(), telemetry.shutdown()])
  }
}

/** Drains when asked to stop, and also when one Worker fails: half a crew would look like a whole one. */
async function endOf(crew: Crew, ending: AbortSignal): Promise<void> {
  ending.addEventListener('abort', crew.drain, { once: true })
  if (ending.aborted) crew.drain()
  try {
    await crew.ended
  } catch (error) {
    crew.drain()
    throw error
  }
}

async function readiness(pool: Pool, crew: Crew | null): Promise<Readiness> {
  const workers = crew?.states() ?? {}
  const postgres = await pool.query('select 1').then(
    () => true,
    () => false,
  )
  const polling = Object.values(workers).length > 0 && Object.values(workers).every((state) => state === 'RUNNING')
  return { ready: polling && postgres, postgres, workers }
}

/** Aborted by the first SIGTERM or SIGINT; further ones change nothing, the drain has its own deadline. */
function stopSignal(log: Log): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'worker-stopping')
      controller.abort()
    })
  }
  return controller.signal
}

function readSettings(): Readonly<{ config: Config; temporal: TemporalConfig }> | null {
  try {
    return { config: loadConfig(), temporal: loadTemporalConfig() }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}
