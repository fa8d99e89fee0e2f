/**
 * A worker process as workers/main.ts wires it, but for its source, which follows a script, and a trap: a point at which it
 * kills itself with SIGKILL, so that a test decides between which two lines it dies. One argument: a ScriptedWorkerInput as JSON.
 * Read next: scripted-crew.ts, which forks it.
 */

import { appendFileSync, readFileSync } from 'node:fs'
import { metrics } from '@opentelemetry/api'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { z } from 'zod'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { createActivities } from '../../activities/index.ts'
import type { Notifier } from '../../activities/notification-ports.ts'
import type { ActivityPorts } from '../../activities/ports.ts'
import { logNotifier } from '../../adapters/notifiers/log.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { lazyTemporalClient } from '../../adapters/temporal/connect.ts'
import { createMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { createLog } from '../../telemetry/log.ts'
import { loadTemporalConfig, type TemporalConfig } from '../../temporal.config.ts'
import { startCrew } from '../../workers/crew.ts'
import { wirePorts } from '../../workers/wire.ts'
import { scriptedMonitorsSource } from './scripted-monitors.ts'

/** Where a worker may die by itself: while it asks, in the transaction, before its acknowledgement, before the notification starts, … */
export const trapPoints = ['evaluating', 'committing', 'committed', 'told', 'planning', 'delivered'] as const
export type TrapPoint = (typeof trapPoints)[number]

const scriptedWorkerInput = z.object({
  databaseUrl: z.string(),
  address: z.string(),
  namespace: z.string(),
  bundlePath: z.string(),
  /** Where the receiver `log` writes. */
  logPath: z.string(),
  seed: z.number(),
  /** Dies when it comes to `point` for the `count`-th time. */
  trap: z.object({ point: z.enum(trapPoints), count: z.number() }).nullable(),
})
export type ScriptedWorkerInput = z.infer<typeof scriptedWorkerInput>

/** Short runs and small batches: every border is crossed often. */
const loop = { evaluationsPerRun: 6, catchUpBatchMax: 4, catchUpHorizonMs: 86_400_000 }

/** What the test's own client and the workers share. `workflowTaskTimeoutMs`: the wait after a worker that died at work. */
export function scriptedConfig(address: string, namespace: string): TemporalConfig {
  return {
    ...loadTemporalConfig({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }),
    // A process that will live for seconds comes up in half the time with one shard instead of four.
    cells: [{ name: 'default', address, namespace, shards: 1 }],
    servedShards: [0],
    loop,
    workflowTaskTimeoutMs: 3_000,
    workflowTaskPollers: 4,
  }
}

if (import.meta.main) await main(scriptedWorkerInput.parse(JSON.parse(process.argv[2] ?? '')))

async function main(input: ScriptedWorkerInput): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { filter: 'OFF' } } })
  const config = scriptedConfig(input.address, input.namespace)
  const pool = createPool(input.databaseUrl)
  const client = lazyTemporalClient(config.cells[0])
  const wired = wirePorts({
    pool,
    runtime: createMonitorRuntime(client.client, config),
    evaluations: { record: () => {} },
    config,
    telemetry: { meter: metrics.getMeter('scripted') },
    log: createLog({ service: 'scripted-worker', level: 'silent' }),
  })
  const crew = await startCrew({
    connection: await NativeConnection.connect({ address: input.address }),
    config,
    workflowBundle: { code: readFileSync(input.bundlePath, 'utf8') },
    activities: createActivities(trapped(wired, input)),
    plugins: [],
  })
  process.send?.('started')
  await crew.ended
}

function trapped(wired: ActivityPorts, { seed, logPath, trap }: ScriptedWorkerInput): ActivityPorts {
  let left = trap?.count ?? 0
  const at = (point: TrapPoint): void => {
    if (trap?.point !== point) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
  const source = scriptedMonitorsSource(seed)
  const log = logNotifier({ info: (fields) => appendFileSync(logPath, `${JSON.stringify(fields)}\n`) })
  return {
    ...wired,
    sources: fixedSources([
      {
        ...source,
        query: async (query) => {
          at('evaluating')
          return source.query(query)
        },
      },
    ]),
    monitors: {
      load: wired.monitors.load,
      commit: async (commit) => {
        // The transaction is on its way: some die before it, some in it.
        setTimeout(() => at('committing'), 1)
        const outcome = await wired.monitors.commit(commit)
        at('committed')
        // The activity is acknowledged in this turn; the notification starts in a later one.
        if (commit.transitions.some((transition) => transition.notify.send)) setTimeout(() => at('told'), 3)
        return outcome
      },
    },
    notifications: {
      ...wired.notifications,
      plan: async (...planned) => {
        at('planning')
        await wired.notifications.plan(...planned)
      },
    },
    notifiers: [log, webhookNotifier(Date.now)].map((notifier) => dying(notifier, at)),
  }
}

/** The receiver has the message, and nobody knows. */
function dying(notifier: Notifier, at: (point: TrapPoint) => void): Notifier {
  return {
    kind: notifier.kind,
    deliver: async (message, receiver) => {
      const receipt = await notifier.deliver(message, receiver)
      at('delivered')
      return receipt
    },
  }
}
