/**
 * What each part of this benchmark runs on, of its own: PostgreSQL, a Temporal dev server, a worker process, receivers over HTTP, the
 * reconciler. Read next: worker.ts, backlog.ts, storm.ts.
 */
import type { Pool } from '../../adapters/postgres/pool.ts'
import { createReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import type { DeliveryPolicy } from '../../core/delivery/policy.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { startServer } from '../loop/server.ts'
import { forkWorker } from '../loop/worker-process.ts'
import { withPostgres } from '../postgres.ts'
import { type Hooks, startHooks } from './hooks.ts'
import { doneSchema, type NotifyWorkerSettings, type Task } from './settings.ts'

export type Stage = Readonly<{
  pool: Pool
  runtime: TemporalMonitorRuntime
  /** Of the receivers, named as `handles`. */
  hooks: readonly Hooks[]
  /** With their at sign, as messages name them. */
  handles: readonly string[]
  workerPid: number
  ask: (task: Task) => Promise<Readonly<{ elapsedMs: number }>>
}>

export type StageOptions = Readonly<{ codePath: string; receivers: number; policy?: Partial<DeliveryPolicy>; say: (line: string) => void }>

const entry = new URL('./worker.ts', import.meta.url).pathname

export async function withStage<Result>(options: StageOptions, work: (stage: Stage) => Promise<Result>): Promise<Result> {
  return withPostgres(async (pool, databaseUrl) => {
    const server = await startServer(options.say)
    const hooks: Hooks[] = []
    try {
      while (hooks.length < options.receivers) hooks.push(await startHooks())
      const handles = await storeReceivers(pool, hooks, options.policy ?? {})
      const settings: NotifyWorkerSettings = { address: server.address, codePath: options.codePath, databaseUrl }
      const worker = await forkWorker(entry, settings)
      try {
        const runtime = createMonitorRuntime(server.client, loadTemporalConfig({ TEMPORAL_ADDRESS: server.address }))
        await runtime.startReconcile()
        const ask = async (task: Task) => doneSchema.parse(await worker.ask(task))
        return await work({ pool, runtime, hooks, handles, workerPid: worker.pid, ask })
      } finally {
        await worker.stop()
      }
    } finally {
      await Promise.all(hooks.map((one) => one.close()))
      await server.stop()
    }
  })
}

async function storeReceivers(pool: Pool, hooks: readonly Hooks[], policy: Partial<DeliveryPolicy>): Promise<string[]> {
  const handles: string[] = []
  for (const [index, { url }] of hooks.entries()) {
    const name = `webhook-bench-${index}`
    await createReceiver(pool, { name, kind: 'webhook', config: { url, custom_headers: null, encode_as: 'json', secret: null }, policy })
    handles.push(`@${name}`)
  }
  return handles
}
