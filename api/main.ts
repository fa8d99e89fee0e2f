/**
 * The API process: configuration → PostgreSQL, migrated and with its first keys → Temporal, whenever it answers → HTTP.
 * Waits for PostgreSQL instead of dying; never waits for Temporal. Ends with 2 where the configuration or the port is wrong.
 * Read next: app.ts, deps.ts.
 */
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenOptions } from '../adapters/datasources/open.ts'
import { trySource } from '../adapters/datasources/try-source.ts'
import { httpClient } from '../adapters/http/fetch.ts'
import { guardOf } from '../adapters/http/guard.ts'
import { notifiersOf } from '../adapters/notifiers/all.ts'
import { tryReceiver } from '../adapters/notifiers/try-receiver.ts'
import { migrate } from '../adapters/postgres/migrate.ts'
import { isOutage } from '../adapters/postgres/outage.ts'
import { createPool, type Pool } from '../adapters/postgres/pool.ts'
import { places } from '../adapters/postgres/queries/cells.ts'
import { seedKeys } from '../adapters/postgres/queries/keys.ts'
import { sealReceivers } from '../adapters/postgres/queries/receivers.ts'
import { schemaGuard, throwIfTooNew } from '../adapters/postgres/schema-guard.ts'
import { type SecretBox, secretBox } from '../adapters/secrets/box.ts'
import { openCells } from '../adapters/temporal/cells.ts'
import { workflowAddress } from '../adapters/temporal/web-ui.ts'
import { type Config, loadConfig, variableOf } from '../config.ts'
import { secretTextsOf } from '../contract/receivers/body.ts'
import { httpTelemetry } from '../telemetry/http.ts'
import { createLog, type Log } from '../telemetry/log.ts'
import { startTelemetry } from '../telemetry/telemetry.ts'
import { tracingPlugins } from '../telemetry/temporal.ts'
import { loadTemporalConfig, type TemporalConfig } from '../temporal.config.ts'
import { createApp } from './app.ts'
import { readConsole } from './console-files.ts'
import type { AppDeps } from './deps.ts'
import { httpServer } from './http-server.ts'
import { applyReceiversFile } from './receivers-file.ts'
import { SetupFileError } from './setup-file.ts'
import { applySourcesFile } from './sources-file.ts'

/** What TOCSIN_RATE_LIMIT counts in. */
const rateWindowMs = 10_000
/** Between two tries at PostgreSQL: it starts in about two seconds. */
const retryMs = 1_000
/** Requests under way are answered; longer than any of them may take nothing is waited for. */
const drainMs = 15_000

process.exitCode = await main()

async function main(): Promise<number> {
  const settings = readSettings()
  if (settings === null) return 2
  const log = createLog({ service: 'tocsin-api', level: settings.config.logLevel })
  try {
    await run(settings.config, settings.temporal, log, stopSignal(log))
    log.info({}, 'api-stopped')
    return 0
  } catch (error) {
    log.error({ error }, 'api-failed')
    return isPortProblem(error) || error instanceof SetupFileError ? 2 : 1
  }
}

async function run(config: Config, temporal: TemporalConfig, log: Log, stopping: AbortSignal): Promise<void> {
  const telemetry = startTelemetry({ service: 'tocsin-api', otlpEndpoint: config.otlpEndpoint })
  const pool = createPool(config.databaseUrl, { onError: (error) => log.warn({ error }, 'postgres-connection-lost') })
  const cells = openCells(temporal, places(pool), tracingPlugins(telemetry.tracing))
  try {
    await prepare(pool, config, log, stopping)
    if (stopping.aborted) return
    const secrets = secretBox(config.secretKeys)
    await prepareSecrets({ pool, secrets, log }, config)
    const app = createApp({
      pool,
      control: cells.routed,
      temporalReachable: cells.reachable,
      cells: { all: temporal.cells, answers: cells.answers, follow: cells.follow },
      log,
      metrics: (req, res) => telemetry.serveMetrics(req, res),
      observe: httpTelemetry(telemetry),
      clock: Date.now,
      intakeDays: config.intakeDays,
      temporalUi: config.temporalUi,
      workflowAddress: workflowAddress(config.temporalUi, temporal.cells),
      secureCookies: config.publicUrl?.startsWith('https:') ?? false,
      console: config.consoleDir === null ? null : await readConsole(config.consoleDir),
      stopping,
      keyRateLimit: { requests: config.rateLimit, windowMs: rateWindowMs },
      secrets,
      testSource: (source) => trySource(sourceOptions(config), source),
      testReceiver: receiverTest(config, log),
    })
    const server = await listen(httpServer(app), config)
    log.info({ address: server.address() }, 'api-started')
    const ending = schemaGuard(pool, stopping)
    await untilStopped(server, ending)
    throwIfTooNew(ending)
  } finally {
    await Promise.allSettled([cells.close(), pool.end(), telemetry.shutdown()])
  }
}

/** Schema and first keys. Waits for PostgreSQL as long as it takes; anything else that fails is an error. */
async function prepare(pool: Pool, config: Config, log: Log, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      const applied = await migrate(pool)
      if (applied.length > 0) log.info({ applied }, 'schema-migrated')
      return await seedKeys(pool, config)
    } catch (error) {
      if (!isOutage(error)) throw error
      log.warn({ reason: error }, 'waiting-for-postgres')
      await wait(retryMs, undefined, { signal: stopping }).catch(() => {})
    }
  }
}

/** Seals what was stored before there was a key, and applies the files of sources and receivers. */
async function prepareSecrets(
  deps: Pick<AppDeps, 'pool' | 'log'> & Readonly<{ secrets: SecretBox | null }>,
  config: Config,
): Promise<void> {
  const { pool, secrets, log } = deps
  if (secrets === null) log.warn({}, 'no-secret-key')
  else {
    const sealed = await sealReceivers(pool, secrets)
    if (sealed > 0) log.info({ receivers: sealed }, 'secrets-sealed')
  }
  if (config.sourcesFile !== null) await applySourcesFile(deps, config.sourcesFile, variableOf)
  if (config.receiversFile !== null) await applyReceiversFile(deps, config.receiversFile, variableOf)
}

/** A receiver is sent to from here only to try it. */
function receiverTest({ allowPrivate }: Config, log: Log): NonNullable<AppDeps['testReceiver']> {
  const guard = guardOf(allowPrivate)
  const { request } = httpClient({ guard })
  const notifiers = notifiersOf({ clock: Date.now, send: request, guard, log })
  return (receiver) => tryReceiver(notifiers, receiver, { at: Date.now(), secrets: secretTextsOf(receiver) })
}

/** A source is asked from here only to try it. */
function sourceOptions({ allowPrivate }: Config): OpenOptions {
  const uncounted = { query: () => {}, shared: () => {}, circuit: () => {} }
  const unused = { types: [], query: async () => [] }
  return { guard: guardOf(allowPrivate), metrics: uncounted, clock: Date.now, metricsOver: () => unused }
}

function listen(server: Server, config: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, () => resolve(server))
  })
}

async function untilStopped(server: Server, stopping: AbortSignal): Promise<void> {
  if (!stopping.aborted) await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }))
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(deadline)
}

function stopSignal(log: Log): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'api-stopping')
      stop.abort()
    })
  }
  return stop.signal
}

/** The log needs the configuration: what is wrong with it goes to standard error. */
function readSettings(): { config: Config; temporal: TemporalConfig } | null {
  try {
    return { config: loadConfig(), temporal: loadTemporalConfig() }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return null
  }
}

function isPortProblem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}
