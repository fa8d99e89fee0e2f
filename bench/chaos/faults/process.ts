/** Processes that are killed, stopped, served otherwise, and clocks that jump. Read next: ../process.ts. */
import { type Stage, type WorkerName, workerNames } from '../stage.ts'
import type { FaultKind } from './fault.ts'

/** Longer than a worker's workflow tasks: its monitors have gone over to the other one. */
const awayMs = { min: 1_000, max: 12_000 }

const ending =
  (signal: NodeJS.Signals): FaultKind['begin'] =>
  async (stage, target) => {
    const worker = workerOf(target)
    await stage.workers[worker].end(signal)
    return async () => {
      await stage.workers[worker].start()
      await stage.untilUp(worker)
    }
  }

export const killWorker: FaultKind = { name: 'kill-worker', targets: () => workerNames, durationMs: awayMs, begin: ending('SIGKILL') }

export const stopWorker: FaultKind = { name: 'stop-worker', targets: () => workerNames, durationMs: awayMs, begin: ending('SIGTERM') }

const server = (name: 'kill-api' | 'kill-postgres' | 'kill-temporal', what: 'api' | 'postgres' | 'temporal'): FaultKind => ({
  name,
  targets: () => [what],
  durationMs: { min: 500, max: 10_000 },
  begin: async (stage) => {
    await stage[what].end('SIGKILL')
    return async () => {
      await stage[what].start()
      await stage.untilUp(what)
    }
  },
})

export const killApi = server('kill-api', 'api')
export const killPostgres = server('kill-postgres', 'postgres')
export const killTemporal = server('kill-temporal', 'temporal')

/** A worker that serves half of the shards for a while; the other one serves all of them. No monitor moves. */
export const reshard: FaultKind = {
  name: 'reshard',
  targets: () => workerNames,
  durationMs: { min: 3_000, max: 10_000 },
  begin: async (stage, target, draw) => {
    const worker = workerOf(target)
    await restartWith(stage, worker, { shards: draw(2) === 0 ? '0-1' : '2-3' })
    return () => restartWith(stage, worker, { shards: 'all' })
  },
}

/** Stopped, and started otherwise: from then on, until it is changed again. */
export async function restartWith(stage: Stage, worker: WorkerName, override: Stage['overrides'][WorkerName]): Promise<void> {
  stage.overrides[worker] = { ...stage.overrides[worker], ...override }
  await stage.workers[worker].end('SIGTERM')
  await stage.workers[worker].start()
  await stage.untilUp(worker)
}

const jumpsS = [-120, -45, -7, 5, 40, 130] as const

export const clock: FaultKind = {
  name: 'clock',
  targets: ({ clocks }) => workerNames.filter((worker) => clocks[worker] !== null),
  durationMs: { min: 3_000, max: 15_000 },
  begin: async (stage, target, draw) => {
    const worker = workerOf(target)
    stage.clocks[worker]?.jump(jumpsS[draw(jumpsS.length)] ?? 0)
    return async () => stage.clocks[worker]?.jump(0)
  },
}

function workerOf(target: string): WorkerName {
  const found = workerNames.find((worker) => worker === target)
  if (found === undefined) throw new Error(`there is no worker ${target}`)
  return found
}
