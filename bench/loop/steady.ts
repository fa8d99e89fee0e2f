import { setTimeout as delay } from 'node:timers/promises'
import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import { startOptions } from '../../adapters/temporal/start-options.ts'
import { loadTemporalConfig, type TemporalConfig, taskQueues } from '../../temporal.config.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { idsOf, startPaced } from './fleet.ts'
import { residentBytes } from './proc.ts'
import { fullCollection, type MonitorRange, quantile } from './samples.ts'
import { startServer } from './server.ts'
import { runtimeMonitor } from './throughput.ts'
import { type BenchWorker, startWorker } from './worker-process.ts'

export type Steady = Readonly<{
  lagP50Ms: number
  lagP99Ms: number
  lagMaxMs: number
  bytesPerCachedMonitor: number
  uncollectedBytesPerMonitor: number
  eventsPerEvaluation: number
  bytesPerEvaluation: number
}>

/** The ones whose lag and memory are measured: what one machine is meant to carry. */
const fleet: MonitorRange = { firstId: 1, lastId: 2_000, intervalMs: 60_000, lagCounts: true }
/** Few and quick, so that whole runs of them end in time. They also warm the worker up before its memory is first looked at. */
const quick: MonitorRange = { firstId: 10_001, lastId: 10_005, intervalMs: 1_000, lagCounts: false }
const warmUpMs = 10_000
/** Two intervals: each monitor is measured twice. */
const windowMs = 2 * fleet.intervalMs

/** What a fleet of quiet monitors costs while it is on schedule. */
export async function measureSteady(codePath: string, say: (line: string) => void): Promise<Steady> {
  const server = await startServer(say)
  const worker = await startWorker({ address: server.address, codePath, monitors: [fleet, quick] })
  try {
    const config = loadTemporalConfig({ TEMPORAL_ADDRESS: server.address })
    const { client } = server
    const start = (id: number): Promise<unknown> => client.workflow.start('monitor', startOptions(runtimeMonitor(id), config))
    await startPaced(idsOf(quick), start)
    await delay(warmUpMs)
    const fewBytes = await settledBytes(client, worker, config)
    const fleetIds = idsOf(fleet)
    await startPaced(fleetIds, start)
    say(`${fleetIds.length} monitors started; one interval until each is on its own schedule`)
    await delay(fleet.intervalMs)
    await worker.sample()
    say(`measuring the lag for ${windowMs / 1_000} s`)
    await delay(windowMs)
    const { lagsMs } = await worker.sample()
    if (lagsMs.length < fleetIds.length)
      throw new Error(`only ${lagsMs.length} evaluations in two intervals of ${fleetIds.length} monitors`)
    const uncollectedBytes = residentBytes(worker.pid)
    const manyBytes = await settledBytes(client, worker, config)
    return {
      lagP50Ms: quantile(lagsMs, 0.5),
      lagP99Ms: quantile(lagsMs, 0.99),
      lagMaxMs: quantile(lagsMs, 1),
      bytesPerCachedMonitor: (manyBytes - fewBytes) / fleetIds.length,
      uncollectedBytesPerMonitor: (uncollectedBytes - fewBytes) / fleetIds.length,
      ...(await historyPerEvaluation(client, config)),
    }
  } finally {
    await worker.stop()
    await server.stop()
  }
}

/** Resident memory after a forced collection of the main thread and of each thread that holds workflows. */
async function settledBytes(client: Client, worker: BenchWorker, config: TemporalConfig): Promise<number> {
  for (const shard of config.cells[0].served) {
    const collected = await client.workflow.execute('collectGarbage', {
      workflowId: `collect-garbage-${shard}-${Date.now()}`,
      taskQueue: taskQueues.monitors(shard),
      args: [fullCollection],
    })
    if (collected !== true) throw new Error('the worker was not started with --expose-gc')
  }
  await worker.sample({ collect: true })
  return residentBytes(worker.pid)
}

/** Of whole runs, their continue-as-new included. The first run of each is left out: it loads and commits, once in a life. */
async function historyPerEvaluation(client: Client, config: TemporalConfig) {
  let [runs, events, bytes] = [0, 0, 0]
  for (const id of idsOf(quick)) {
    const query = `WorkflowId = '${workflowIdOf(id)}' and ExecutionStatus = 'ContinuedAsNew'`
    const closed: WorkflowExecutionInfo[] = []
    for await (const execution of client.workflow.list({ query })) closed.push(execution)
    const later = closed.sort((a, b) => a.startTime.getTime() - b.startTime.getTime()).slice(1)
    runs += later.length
    events += later.reduce((sum, { historyLength }) => sum + historyLength, 0)
    bytes += later.reduce((sum, { historySize }) => sum + (historySize ?? Number.NaN), 0)
  }
  if (runs === 0) throw new Error('no monitor went through a whole run')
  const evaluations = runs * config.loop.evaluationsPerRun
  return { eventsPerEvaluation: events / evaluations, bytesPerEvaluation: bytes / evaluations }
}
