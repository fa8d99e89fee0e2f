import { setTimeout as delay } from 'node:timers/promises'
import type { Client, WorkflowHandle } from '@temporalio/client'
import proto from '@temporalio/proto'
import { startOptions } from '../../adapters/temporal/start-options.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { cpuMs } from '../loop/proc.ts'
import type { BenchServer } from '../loop/server.ts'
import { runtimeMonitor } from '../loop/throughput.ts'
import { type ForkedWorker, forkWorker } from '../loop/worker-process.ts'
import { countsSchema, type GroupsWorkerSettings } from './settings.ts'
import type { Behaviour } from './source.ts'

/** Timers of less take a second, too. */
const intervalMs = 1_000
/** A run of 200 evaluations at one a second, three times over: who takes longer is too busy to say anything. */
const runMaxMs = 600_000
const entry = new URL('./worker.ts', import.meta.url).pathname

export type WholeRun = Readonly<{
  evaluations: number
  historyBytesPerEvaluation: number
  workerCpuMsPerEvaluation: number
  /** As it stands in history. */
  snapshotBytes: number
}>

/** The first monitor is the one that is looked at. */
type Stage = Readonly<{ client: Client; worker: ForkedWorker; handle: WorkflowHandle; monitorId: number }>

/**
 * What an evaluation costs over a whole run, its continue-as-new included: the second run, for the first one sees all groups for the
 * first time. History is that of the first monitor, CPU that of the worker over all evaluations meanwhile.
 */
export async function measureWholeRun(
  server: BenchServer,
  codePath: string,
  ids: readonly number[],
  behaviour: Behaviour,
): Promise<WholeRun> {
  return withMonitors(server, codePath, ids, behaviour, async (stage) => {
    const first = await stage.handle.describe()
    const second = await nextRun(stage, first.runId)
    const before = { cpu: cpuMs(stage.worker.pid), counts: await countsOf(stage) }
    await nextRun(stage, second)
    const after = { cpu: cpuMs(stage.worker.pid), counts: await countsOf(stage) }
    const evaluations = after.counts.own - before.counts.own
    const { historySize } = await stage.client.workflow.getHandle(workflowIdOf(stage.monitorId), second).describe()
    return {
      evaluations,
      historyBytesPerEvaluation: (historySize ?? Number.NaN) / evaluations,
      workerCpuMsPerEvaluation: (after.cpu - before.cpu) / (after.counts.all - before.counts.all),
      snapshotBytes: await snapshotBytesOf(stage, second),
    }
  })
}

/** Bytes of history of one evaluation that says nothing, without what carrying the state over costs. */
export async function measureQuiet(server: BenchServer, codePath: string, monitorId: number, behaviour: Behaviour): Promise<number> {
  return withMonitors(server, codePath, [monitorId], behaviour, async (stage) => {
    const deadline = performance.now() + runMaxMs
    while ((await countsOf(stage)).own < quietEvaluations) {
      if (performance.now() > deadline) throw new Error(`monitor ${monitorId} is not evaluated`)
      await delay(intervalMs)
    }
    const { events } = await stage.handle.fetchHistory()
    const markers = (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }, index) => (marker ? [index] : []))
    // The first ones tell of the groups, and are followed by a commit.
    const [from, to] = [markers.at(-quietMeasured - 1), markers.at(-1)]
    if (events === null || events === undefined || from === undefined || to === undefined) throw new Error('too few evaluations')
    return proto.temporal.api.history.v1.History.encode({ events: events.slice(from, to) }).finish().length / quietMeasured
  })
}

/** Fewer than a run has. */
const quietEvaluations = 16
const quietMeasured = 10

async function withMonitors<Result>(
  server: BenchServer,
  codePath: string,
  ids: readonly number[],
  behaviour: Behaviour,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const monitors = ids.map((monitorId) => ({ monitorId, ...behaviour }))
  const settings: GroupsWorkerSettings = { address: server.address, codePath, intervalMs, monitors }
  const worker = await forkWorker(entry, settings)
  const { client } = server
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: server.address })
  const [monitorId = 0] = ids
  try {
    for (const id of ids) await client.workflow.start('monitor', startOptions(runtimeMonitor(id), config))
    return await work({ client, worker, handle: client.workflow.getHandle(workflowIdOf(monitorId)), monitorId })
  } finally {
    // Whoever comes next has other workers.
    for (const id of ids)
      await client.workflow
        .getHandle(workflowIdOf(id))
        .terminate('measured')
        .catch(() => {})
    await worker.stop()
  }
}

/** Waits until another run than this one is the current one. */
async function nextRun({ handle, monitorId }: Stage, runId: string): Promise<string> {
  const deadline = performance.now() + runMaxMs
  while (performance.now() < deadline) {
    const current = await handle.describe()
    if (current.status.name !== 'RUNNING') throw new Error(`monitor ${monitorId} is ${current.status.name}`)
    if (current.runId !== runId) return current.runId
    await delay(200)
  }
  throw new Error(`no run of monitor ${monitorId} ended in ${runMaxMs / 1_000} s: the machine is too busy`)
}

async function countsOf({ worker, monitorId }: Stage): Promise<Readonly<{ own: number; all: number }>> {
  const counts = countsSchema.parse(await worker.ask({}))
  return { own: counts[monitorId] ?? 0, all: Object.values(counts).reduce((sum, count) => sum + count, 0) }
}

async function snapshotBytesOf({ client, monitorId }: Stage, runId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowIdOf(monitorId), runId).fetchHistory()
  const input = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.input
  return input?.payloads?.[0]?.data?.length ?? Number.NaN
}
