/**
 * A worker process of the benchmark as workers/main.ts wires it, but for its source, which follows a script. Also sends bare requests
 * with the engine's HTTP client, for comparison. Never judges. Read next: source.ts, stage.ts.
 */
import { metrics } from '@opentelemetry/api'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { createActivities } from '../../activities/index.ts'
import { request } from '../../adapters/http/fetch.ts'
import { evaluationWriter } from '../../adapters/postgres/evaluation-writer.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { lazyTemporalClient } from '../../adapters/temporal/connect.ts'
import { createMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { createLog } from '../../telemetry/log.ts'
import { evaluationLogMetrics } from '../../telemetry/metrics.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { wirePorts } from '../../workers/wire.ts'
import { serveCrew } from '../serve-crew.ts'
import { type NotifyWorkerSettings, notifyWorkerSettingsSchema, type Task, taskSchema } from './settings.ts'
import { notifySource } from './source.ts'

let stormValue = 10

const settings = notifyWorkerSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
await serveCrew(settings, activitiesOf(settings), (message) => void answer(taskSchema.parse(message)))

function activitiesOf({ address, databaseUrl }: NotifyWorkerSettings): object {
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: address })
  const pool = createPool(databaseUrl)
  const log = createLog({ service: 'bench-worker', level: 'silent' })
  const meter = metrics.getMeter('bench')
  const runtime = createMonitorRuntime(lazyTemporalClient(config.cells[0]).client, config)
  const evaluations = evaluationWriter({ pool, metrics: evaluationLogMetrics(meter), log })
  const wired = wirePorts({ pool, runtime, evaluations, config, telemetry: { meter }, log })
  return createActivities({ ...wired, sources: fixedSources([notifySource(() => stormValue)]) })
}

async function answer(task: Task): Promise<void> {
  const startedAt = performance.now()
  if (task.kind === 'storm') stormValue = task.value
  else await post(task)
  process.send?.({ elapsedMs: performance.now() - startedAt })
}

async function post({ urls, posts, concurrency, body }: Extract<Task, { kind: 'post' }>): Promise<void> {
  const headers = { 'content-type': 'application/json', 'webhook-id': 'bare' }
  let left = posts
  const client = async (url: string): Promise<void> => {
    while (left > 0) {
      left -= 1
      const reply = await request({ url, method: 'POST', headers, body, timeoutMs: 10_000, maxBytes: 2_048 })
      if (reply.kind !== 'response') throw new Error(`a bare request failed: ${JSON.stringify(reply)}`)
    }
  }
  await Promise.all(urls.flatMap((url) => Array.from({ length: concurrency }, () => client(url))))
}
