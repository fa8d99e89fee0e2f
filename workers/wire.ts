import type { ActivityPorts, EvaluationLog, MonitorRuntime } from '../activities/ports.ts'
import { httpCheckDatasource } from '../adapters/datasources/http-check.ts'
import { intakeDatasource } from '../adapters/datasources/intake.ts'
import { request } from '../adapters/http/fetch.ts'
import { handlebarsRenderer } from '../adapters/message/handlebars.ts'
import { logNotifier } from '../adapters/notifiers/log.ts'
import { webhookNotifier } from '../adapters/notifiers/webhook.ts'
import type { Pool } from '../adapters/postgres/pool.ts'
import { monitorStore } from '../adapters/postgres/queries/monitor-store.ts'
import { notificationStore } from '../adapters/postgres/queries/notifications.ts'
import { reconcileStore } from '../adapters/postgres/queries/reconcile.ts'
import { recurrences } from '../adapters/recurrences/recurrences.ts'
import type { Log } from '../telemetry/log.ts'
import { engineMetrics } from '../telemetry/metrics.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { TemporalConfig } from '../temporal.config.ts'

export type WireOptions = Readonly<{
  pool: Pool
  runtime: MonitorRuntime
  evaluations: EvaluationLog
  config: TemporalConfig
  telemetry: Pick<Telemetry, 'meter'>
  log: Log
}>

/** Every port that activities need, with the adapter that stands behind it in production. */
export function wirePorts({ pool, runtime, evaluations, config, telemetry, log }: WireOptions): ActivityPorts {
  const clock = Date.now
  return {
    monitors: monitorStore(pool),
    notifications: notificationStore(pool),
    reconcile: reconcileStore(pool),
    runtime,
    datasources: [intakeDatasource(pool), httpCheckDatasource(request)],
    recurrences: recurrences(),
    downtimes: null,
    notifiers: [logNotifier(log), webhookNotifier(clock)],
    renderer: handlebarsRenderer(),
    metrics: engineMetrics(telemetry.meter),
    evaluations,
    clock,
    bounds: { evaluateTimeoutMs: config.evaluateTimeoutMs, loop: config.loop },
  }
}
