/**
 * A worker process of the benchmark: the real Workers and the real activities over a store and a source in memory, and the
 * bare loop's activity beside them. Counts; never judges. Read next: ../../workers/crew.ts, worker-process.ts.
 */
import { createActivities } from '../../activities/index.ts'
import { type EvaluateReply, type EvaluateRequest, questionAt } from '../../core/monitor/evaluation.ts'
import { unpack } from '../../core/monitor/known.ts'
import { specOf } from '../../test/core/monitor/fixtures.ts'
import { memoryPorts } from '../../test/support/memory-ports.ts'
import { serveCrew } from '../serve-crew.ts'
import { emptySample, fullCollection, questionSchema, type WorkerSettings, workerSettingsSchema } from './samples.ts'

const lagsMs: number[] = []
const counts = { ...emptySample, lagsMs }

const settings = workerSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
await serveCrew(settings, countedActivities(settings), answer)

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
