/**
 * A worker process of the benchmark: the real Workers and the real activities over a store and a source in memory, and the
 * bare loop's activity beside them. Counts; never judges. Read next: ../../workers/crew.ts, worker-process.ts.
 */
import { readFileSync } from 'node:fs'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { createActivities } from '../../activities/index.ts'
import { type EvaluateReply, type EvaluateRequest, questionAt } from '../../core/monitor/evaluation.ts'
import { unpack } from '../../core/monitor/known.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { specOf } from '../../test/core/monitor/fixtures.ts'
import { memoryPorts } from '../../test/support/memory-ports.ts'
import { startCrew } from '../../workers/crew.ts'
import { emptySample, fullCollection, questionSchema, type WorkerSettings, workerSettingsSchema } from './samples.ts'

const lagsMs: number[] = []
const counts = { ...emptySample, lagsMs }

await serve(workerSettingsSchema.parse(JSON.parse(process.argv[2] ?? '')))

async function serve(settings: WorkerSettings): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } }, shutdownSignals: [] })
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: settings.address })
  const crew = await startCrew({
    connection: await NativeConnection.connect({ address: settings.address }),
    config,
    workflowBundle: { code: readFileSync(settings.codePath, 'utf8') },
    activities: countedActivities(settings),
    plugins: [],
  })
  process.on('message', answer)
  // By itself, so that profiles are written where there are any (`node --cpu-prof bench/main.ts`).
  process.once('disconnect', () => process.exit(0))
  process.send?.('ready')
  await crew.ended
}

function countedActivities({ monitors }: WorkerSettings): object {
  // One healthy group: a quiet monitor, which is what nearly all are nearly always.
  const ports = memoryPorts(() => ({ 'host:a': 1 }))
  for (const { firstId, lastId, intervalMs } of monitors) {
    for (let monitorId = firstId; monitorId <= lastId; monitorId += 1) ports.monitors.define(specOf({ monitorId, intervalMs }))
  }
  const { evaluate, ...others } = createActivities(ports)
  const lagCounts = (id: number): boolean =>
    monitors.some(({ firstId, lastId, lagCounts: counted }) => counted && id >= firstId && id <= lastId)
  return {
    ...others,
    evaluate: async (request: EvaluateRequest): Promise<EvaluateReply> => {
      const { known, ask } = request
      const startedAt = Date.now()
      const reply = await evaluate(request)
      counts.evaluations += 1
      counts.slots += questionAt(unpack(known), ask, reply.now).slots.length
      if (ask.kind === 'due' && lagCounts(known.spec.monitorId)) counts.lagsMs.push(startedAt - ask.notBefore)
      return reply
    },
    nothing: async (): Promise<void> => {
      counts.bare += 1
    },
  }
}

function answer(message: unknown): void {
  if (questionSchema.parse(message).collect) globalThis.gc?.(fullCollection)
  process.send?.({ ...counts, lagsMs: counts.lagsMs.splice(0) })
  Object.assign(counts, { evaluations: 0, slots: 0, bare: 0 })
}
