/**
 * A worker process as workers/main.ts wires it, but for its source, which follows a script, and a trap: a point at which it
 * kills itself with SIGKILL, so that a test decides between which two lines it dies. One argument: a ScriptedWorkerInput as JSON.
 * Read next: scripted-crew.ts, which forks it.
 */

import { appendFileSync, readFileSync } from 'node:fs'
import { metrics } from '@opentelemetry/api'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { z } from 'zod'
import { fixedSources } from '../../activities/fixed-sources.ts'
import type { Notifier } from '../../activities/notification-ports.ts'
import type { ActivityPorts } from '../../activities/ports.ts'
import { logNotifier } from '../../adapters/notifiers/log.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { places } from '../../adapters/postgres/queries/cells.ts'
import { openCells } from '../../adapters/temporal/cells.ts'
import { createLog } from '../../telemetry/log.ts'
import { loadTemporalConfig, type TemporalConfig } from '../../temporal.config.ts'
import { cellPorts, serveCells } from '../../workers/cells.ts'
import { wirePorts } from '../../workers/wire.ts'
import { scriptedMonitorsSource } from './scripted-monitors.ts'
import { until } from './until.ts'

const log = createLog({ service: 'scripted-worker', level: 'silent' })

/** Where a worker may die by itself: while it asks, in the transaction, before its acknowledgement, before the notification starts, … */
export const trapPoints = ['evaluating', 'committing', 'committed', 'told', 'planning', 'delivered'] as const
export type TrapPoint = (typeof trapPoints)[number]

const scriptedWorkerInput = z.object({
  databaseUrl: z.string(),
  address: z.string(),
  namespace: z.string(),
  /** Of a second cell, `other`. */
  otherNamespace: z.string().nullable(),
  bundlePath: z.string(),
  /** Where the receiver `log` writes. */
  logPath: z.string(),
  seed: z.number(),
  /** Dies when it comes to `point` for the `count`-th time. */
  trap: z.object({ point: z.enum(trapPoints), count: z.number() }).nullable(),
})
export type ScriptedWorkerInput = z.infer<typeof scriptedWorkerInput>

/** A second on a machine of its own; on a busy one much more. */
const crewsDeadlineMs = 120_000

/** Short runs and small batches: every border is crossed often. */
const loop = { evaluationsPerRun: 6, catchUpBatchMax: 4, catchUpHorizonMs: 86_400_000 }

/** What the test's own client and the workers share. `workflowTaskTimeoutMs`: the wait after a worker that died at work. */
export function scriptedConfig(address: string, namespace: string, otherNamespace: string | null = null): TemporalConfig {
  const other = otherNamespace === null ? [] : [{ name: 'other', address, namespace: otherNamespace, shards: 1, served: [0] }]
  return {
    ...loadTemporalConfig({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }),
    // A process that will live for seconds comes up in half the time with one shard instead of four.
    cells: [{ name: 'default', address, namespace, shards: 1, served: [0] }, ...other],
    loop,
    workflowTaskTimeoutMs: 3_000,
    workflowTaskPollers: 4,
  }
}

if (import.meta.main) await main(scriptedWorkerInput.parse(JSON.parse(process.argv[2] ?? '')))

async function main(input: ScriptedWorkerInput): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { filter: 'OFF' } } })
  const config = scriptedConfig(input.address, input.namespace, input.otherNamespace)
  const pool = createPool(input.databaseUrl)
  const cells = openCells(config, places(pool))
  const wired = wirePorts({
    pool,
    runtime: cells.runtimeIn(config.cells[0]),
    evaluations: { record: () => {} },
    config,
    telemetry: { meter: metrics.getMeter('scripted') },
    log,
  })
  const trap = trapIn(input)
  const crew = serveCells({
    log,
    stopping: new AbortController().signal,
    config,
    cells,
    portsIn: (cell) => trapped(cellPorts(pool, wired, cells, cell), input, trap),
    workflowBundle: { code: readFileSync(input.bundlePath, 'utf8') },
    plugins: [],
  })
  await until('all crews', () => crew.serves().length === config.cells.length, crewsDeadlineMs)
  process.send?.('started')
  await crew.ended
}

function trapIn({ trap }: ScriptedWorkerInput): (point: TrapPoint) => void {
  let left = trap?.count ?? 0
  return (point) => {
    if (trap?.point !== point) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
}

function trapped(wired: ActivityPorts, { seed, logPath }: ScriptedWorkerInput, at: (point: TrapPoint) => void): ActivityPorts {
  const source = scriptedMonitorsSource(seed)
  const logged = logNotifier({ info: (fields) => appendFileSync(logPath, `${JSON.stringify(fields)}\n`) })
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
    notifiers: [logged, webhookNotifier(Date.now)].map((notifier) => dying(notifier, at)),
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
