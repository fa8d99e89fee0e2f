/**
 * Where Temporal is and how Tocsin uses it: cells, task queues, bounds of the loop, worker tuning. Parsed, no I/O.
 * Together with config.ts the only place that reads process.env.
 * Read next: workers/main.ts, adapters/temporal/.
 */
import { z } from 'zod'
import { type Environment, EnvironmentError, parseEnvironment } from './config.ts'
import { taskQueues } from './core/schedule/queues.ts'
import { shardOf } from './core/schedule/slots.ts'

export { taskQueues }

const environment = z.object({
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  /** `0-3`, `0,2`, `all`. */
  TOCSIN_SHARDS: z
    .string()
    .regex(/^(all|none|\d+(-\d+)?(,\d+(-\d+)?)*)$/, 'expected shards like 0-3, 0,2, all or none')
    .default('all'),
  /** Names with commas: sources that have this as their task queue are asked by this worker. */
  TOCSIN_SOURCE_QUEUES: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}(,[a-z0-9][a-z0-9_-]{0,62})*$/, 'expected names of task queues like near-db,office')
    .optional(),
})

/** A cell is one cluster and namespace with its shards. Adding cells moves no monitor (a later issue spreads them). */
export type Cell = Readonly<{ name: string; address: string; namespace: string; shards: number }>

export type TemporalConfig = Readonly<{
  cells: readonly [Cell]
  /** Shards that this worker process serves. */
  servedShards: readonly number[]
  /** Task queues of sources that it serves, too. */
  sourceQueues: readonly string[]
  loop: Readonly<{ evaluationsPerRun: number; evaluationsPerLongRun?: number; catchUpBatchMax: number; catchUpHorizonMs: number }>
  evaluateTimeoutMs: number
  workflowTaskTimeoutMs: number
  stickyScheduleToStartTimeoutMs: number
  maxCachedWorkflows: number
  maxConcurrentLocalActivities: number
  maxConcurrentActivities: number
  workflowTaskPollers: number
  nonStickyToStickyPollRatio: number
}>

/** Four task queues spread the load of one machine and let a second worker take half; more cost idle pollers. */
const shardsPerCell = 4

/** Throws an EnvironmentError. */
export function loadTemporalConfig(env: Environment = process.env): TemporalConfig {
  const parsed = parseEnvironment(environment, env)
  return {
    cells: [{ name: 'default', address: parsed.TEMPORAL_ADDRESS, namespace: parsed.TEMPORAL_NAMESPACE, shards: shardsPerCell }],
    servedShards: parseShards(parsed.TOCSIN_SHARDS, shardsPerCell),
    sourceQueues: [...new Set(parsed.TOCSIN_SOURCE_QUEUES?.split(',') ?? [])],
    loop: {
      // Each continue-as-new costs about 15 ms CPU, replay after a cache miss 25 ms + 1.6 ms per evaluation: between 20 and 30 both are small.
      evaluationsPerRun: 25,
      // Carrying a large state over costs more than its evaluations do. A replay of so many that change 100 groups each takes a second or two.
      evaluationsPerLongRun: 200,
      // One reply must fit a workflow task (10 s) and a payload (2 MB) also when each slot has something to tell.
      catchUpBatchMax: 60,
      // A day: older slots say nothing that anyone would still be paged for. What is dropped is counted as skipped.
      catchUpHorizonMs: 24 * 3_600_000,
    },
    // Below the workflow task timeout, so that a hanging source fails the slot and not the task.
    evaluateTimeoutMs: 8_000,
    workflowTaskTimeoutMs: 10_000,
    // After a killed worker its cached workflows wait this long before another takes over.
    stickyScheduleToStartTimeoutMs: 2_000,
    // A monitor that isn't cached is replayed at each slot. Room for 2,000 and a fifth more, unevenly spread over the shards of the
    // process; at 0.3–0.5 MB each that is 1.5 GB at the most.
    maxCachedWorkflows: 3_000,
    maxConcurrentLocalActivities: 100,
    maxConcurrentActivities: 100,
    workflowTaskPollers: 10,
    nonStickyToStickyPollRatio: 0.5,
  }
}

export function monitorTaskQueue(cell: Cell, monitorId: number): string {
  return taskQueues.monitors(shardOf(monitorId, cell.shards))
}

function parseShards(text: string, shards: number): number[] {
  if (text === 'all') return Array.from({ length: shards }, (_, shard) => shard)
  if (text === 'none') return []
  const served = text.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number)
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  })
  const unknown = served.filter((shard) => shard >= shards)
  if (served.length === 0 || unknown.length > 0) {
    throw new EnvironmentError([`TOCSIN_SHARDS: this cell has the shards 0-${shards - 1}, got ${text}`])
  }
  return [...new Set(served)].sort((a, b) => a - b)
}
