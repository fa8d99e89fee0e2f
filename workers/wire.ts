import { metricDatasource } from '../activities/metric-source.ts'
import type { ActivityPorts, EvaluationLog, MonitorRuntime } from '../activities/ports.ts'
import type { Pressure, ProgressLog } from '../activities/watch-ports.ts'
import { windowStart } from '../adapters/datasources/calendar.ts'
import { checksDatasource } from '../adapters/datasources/checks/checks.ts'
import { compositeDatasource } from '../adapters/datasources/composite.ts'
import { triggerDetails } from '../adapters/datasources/details.ts'
import { type OpenDirectory, sourceDirectory } from '../adapters/datasources/directory.ts'
import { intakeSeries } from '../adapters/datasources/intake/series.ts'
import { intakeChecks, intakeEvents, intakeHeartbeats } from '../adapters/datasources/intake/sources.ts'
import { seriesWords } from '../adapters/datasources/intake/words.ts'
import { openSource } from '../adapters/datasources/open.ts'
import { templateQueries } from '../adapters/datasources/template-query.ts'
import { httpClient } from '../adapters/http/fetch.ts'
import { guardOf } from '../adapters/http/guard.ts'
import { messageRenderer } from '../adapters/message/renderer.ts'
import { notifiersOf } from '../adapters/notifiers/all.ts'
import { type AlertSeries, alertSeries } from '../adapters/postgres/alert-series.ts'
import { causeSource } from '../adapters/postgres/cause-source.ts'
import { downtimeSource } from '../adapters/postgres/downtime-source.ts'
import type { Pool } from '../adapters/postgres/pool.ts'
import { laneStore } from '../adapters/postgres/queries/lanes.ts'
import { monitorStore } from '../adapters/postgres/queries/monitor-store.ts'
import { notificationStore } from '../adapters/postgres/queries/notifications.ts'
import { reconcileStore } from '../adapters/postgres/queries/reconcile.ts'
import { listSources } from '../adapters/postgres/queries/sources.ts'
import { monitorStates } from '../adapters/postgres/queries/states.ts'
import { type OpenRuleLog, ruleLog } from '../adapters/postgres/rule-log.ts'
import { recurrences } from '../adapters/recurrences/recurrences.ts'
import type { RemoteWriteConfig } from '../adapters/remote-write/post.ts'
import { remoteWriter } from '../adapters/remote-write/writer.ts'
import type { SecretBox } from '../adapters/secrets/box.ts'
import { defaultIntakeDays, type IntakeDays } from '../core/intake-days.ts'
import type { Log } from '../telemetry/log.ts'
import { engineMetrics } from '../telemetry/metrics.ts'
import { remoteWriteMetrics } from '../telemetry/remote-write-metrics.ts'
import { sourceMetrics } from '../telemetry/source-metrics.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { TemporalConfig } from '../temporal.config.ts'

export type WireOptions = Readonly<{
  pool: Pool
  runtime: MonitorRuntime
  evaluations: EvaluationLog
  /** Absent = nobody watches, and nothing is stretched. */
  progress?: ProgressLog
  pressure?: Pressure
  config: TemporalConfig
  telemetry: Pick<Telemetry, 'meter'>
  log: Log
  /** null or absent = there is no key, and what is sealed can't be read. */
  secrets?: SecretBox | null
  /** Addresses that aren't public and may be called all the same, as TOCSIN_ALLOW_PRIVATE has them; absent = all. */
  allowPrivate?: string
  /** How long what is pushed is kept; absent = by default. */
  intakeDays?: IntakeDays
  /** Where people reach the engine; null or absent = nobody knows, and messages have no link. */
  publicUrl?: string | null
  /** Who keeps `ALERTS`; null or absent = nobody. */
  remoteWrite?: RemoteWriteConfig | null
}>

export type WiredPorts = ActivityPorts & Readonly<{ sources: OpenDirectory; rules: OpenRuleLog; alertsElsewhere: AlertsElsewhere | null }>

/** Series of alerts that somebody else keeps. */
export type AlertsElsewhere = Readonly<{ series: AlertSeries; close: () => Promise<void> }>

/** Every port that activities need, with the adapter that stands behind it in production. */
export function wirePorts({
  pool,
  runtime,
  evaluations,
  progress,
  pressure,
  config,
  telemetry,
  log,
  secrets = null,
  allowPrivate = 'all',
  intakeDays = defaultIntakeDays,
  publicUrl = null,
  remoteWrite = null,
}: WireOptions): WiredPorts {
  const clock = Date.now
  const guard = guardOf(allowPrivate)
  const rules = recurrences()
  // What users write, from a monitor to a webhook, is called through this one.
  const { request } = httpClient({ guard })
  const sources = sourceDirectory({
    load: () => listSources(pool, secrets),
    open: openSource({
      guard,
      metrics: sourceMetrics(telemetry.meter),
      clock,
      metricsOver: (series) => metricDatasource(series, windowStart),
    }),
    builtIn: [
      {
        name: 'intake',
        source: {
          ...metricDatasource(intakeSeries(pool), windowStart, intakeDays.metrics),
          words: seriesWords(pool, { table: 'series', column: 'metric' }),
        },
      },
      { name: 'intake', source: intakeChecks(pool) },
      { name: 'intake', source: intakeEvents(pool, intakeDays) },
      { name: 'intake', source: intakeHeartbeats(pool) },
      { name: 'http', source: checksDatasource({ fetch: request, guard, clock }) },
      { name: 'composite', source: compositeDatasource(monitorStates(pool), clock) },
    ],
    clock,
    queues: config.sourceQueues,
  })
  const ask = templateQueries(sources.find)
  const elsewhere = remoteWrite === null ? null : alertsAt(remoteWrite, { pool, telemetry, log })
  return {
    monitors: monitorStore(pool),
    notifications: notificationStore(pool, secrets),
    lanes: laneStore(pool, secrets),
    reconcile: reconcileStore(pool),
    runtime,
    sources,
    recurrences: rules,
    causes: causeSource({ pool, clock }),
    downtimes: downtimeSource({ pool, times: rules.times, clock }),
    notifiers: notifiersOf({ clock, send: request, guard, log, ask }),
    renderer: messageRenderer(),
    details: triggerDetails({
      pool,
      find: sources.find,
      failed: (monitorId, reason) => log.warn({ monitorId, reason }, 'details.failed'),
    }),
    metrics: engineMetrics(telemetry.meter),
    evaluations,
    ...(progress === undefined ? {} : { progress }),
    ...(pressure === undefined ? {} : { pressure }),
    rules: ruleLog({ pool, ask, log, series: elsewhere?.series ?? null }),
    alertsElsewhere: elsewhere,
    clock,
    publicUrl,
    bounds: { evaluateTimeoutMs: config.evaluateTimeoutMs, loop: config.loop },
  }
}

/** The operator says where, so it may be anywhere. */
function alertsAt(config: RemoteWriteConfig, { pool, telemetry, log }: Pick<WireOptions, 'pool' | 'telemetry' | 'log'>): AlertsElsewhere {
  const { request: send, close } = httpClient({ guard: null })
  const writer = remoteWriter({ config, send, metrics: remoteWriteMetrics(telemetry.meter), log })
  return {
    series: alertSeries(pool, writer, log),
    close: async () => {
      await writer.close()
      await close()
    },
  }
}
