import { availableParallelism } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { startOptions } from '../../adapters/temporal/start-options.ts'
import { loadTemporalConfig, monitorTaskQueue } from '../../temporal.config.ts'
import type { BareInput } from './bare.ts'
import { idsOf, startPaced } from './fleet.ts'
import { cpuMs, machineCpuMs } from './proc.ts'
import type { MonitorRange } from './samples.ts'
import { startServer } from './server.ts'
import { startWorker } from './worker-process.ts'

export type Throughput = Readonly<{
  perSecond: number
  slotsPerSecond: number
  /** CPU per evaluation. */
  serverMs: number
  workerMs: number
  /** Share of the machine's CPU that other processes took meanwhile. */
  othersShare: number
}>

export type LoopKind = 'bare' | 'monitor'

/** More than the machine can serve at one a second each, so that it is saturated. */
const monitors: MonitorRange = { firstId: 1, lastId: 500, intervalMs: 1_000, lagCounts: false }
/** Connections, caches and compiled code settle. */
const warmUpMs = 8_000
const lookEveryMs = 500
/** A machine that takes longer for a window is too busy to say anything. */
const windowMaxMs = 180_000

/**
 * Evaluations a second of one kind of loop on a server and a worker of its own. The window holds as many evaluations as one
 * run of all workflows has, so each of them goes through one continue-as-new.
 */
export async function measureThroughput(kind: LoopKind, codePath: string, say: (line: string) => void): Promise<Throughput> {
  const server = await startServer(say)
  const worker = await startWorker({ address: server.address, codePath, monitors: [monitors] })
  try {
    const config = loadTemporalConfig({ TEMPORAL_ADDRESS: server.address })
    const [cell] = config.cells
    const { evaluationsPerRun } = config.loop
    const { workflow } = server.client
    const ids = idsOf(monitors)
    await startPaced(ids, (id) => {
      if (kind === 'monitor') return workflow.start('monitor', startOptions(runtimeMonitor(id), config))
      const input: BareInput = { id, intervalMs: monitors.intervalMs, evaluationsPerRun }
      return workflow.start('bare', { workflowId: `bare-${id}`, taskQueue: monitorTaskQueue(cell, id), args: [input] })
    })
    await delay(warmUpMs)
    await worker.sample()
    const startedAt = performance.now()
    const before = cpuOf(server.pid, worker.pid)
    let [evaluations, slots, elapsedMs] = [0, 0, 0]
    while (evaluations < ids.length * evaluationsPerRun) {
      if (elapsedMs > windowMaxMs) throw new Error(`only ${evaluations} evaluations in ${windowMaxMs} ms: the machine is too busy`)
      await delay(lookEveryMs)
      const sample = await worker.sample()
      evaluations += kind === 'bare' ? sample.bare : sample.evaluations
      slots += kind === 'bare' ? sample.bare : sample.slots
      elapsedMs = performance.now() - startedAt
    }
    const after = cpuOf(server.pid, worker.pid)
    return {
      perSecond: (evaluations / elapsedMs) * 1_000,
      slotsPerSecond: (slots / elapsedMs) * 1_000,
      serverMs: (after.server - before.server) / evaluations,
      workerMs: (after.worker - before.worker) / evaluations,
      othersShare: Math.max(0, after.others - before.others) / (elapsedMs * availableParallelism()),
    }
  } finally {
    await worker.stop()
    await server.stop()
  }
}

function cpuOf(serverPid: number, workerPid: number) {
  const [server, worker] = [cpuMs(serverPid), cpuMs(workerPid)]
  return { server, worker, others: machineCpuMs() - server - worker - cpuMs(process.pid) }
}

/** As the API would start it. */
export function runtimeMonitor(monitorId: number) {
  return { monitorId, version: 1, type: 'query alert', name: `monitor ${monitorId}`, priority: 3, tags: ['team:core', 'service:web'] }
}
