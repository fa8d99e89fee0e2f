/**
 * Where Temporal is and how Tocsin uses it: cells, task queues, bounds of the loop, worker tuning. Parsed, no I/O.
 * Together with config.ts the only place that reads process.env.
 * Read next: workers/main.ts, adapters/temporal/.
 */
import { z } from 'zod'
import { type Environment, EnvironmentError, parseEnvironment } from './config.ts'
import { firstCell } from './core/schedule/cells.ts'
import { taskQueues } from './core/schedule/queues.ts'
import { shardOf } from './core/schedule/slots.ts'

export { taskQueues }

const cellName = '[a-z][a-z0-9-]{0,30}'
const shardsText = 'expected shards like 0-3, 0,2, all or none; with several cells also east:0-1,west:all'

const environment = z.object({
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  /** `east=temporal-1:7233/tocsin,west=temporal-2:7233/tocsin/8`: name, address, namespace, and how many shards. */
  TOCSIN_CELLS: z
    .string()
    .regex(
      new RegExp(`^${cellName}=[^,/=]+/[^,/=]+(/\\d{1,3})?(,${cellName}=[^,/=]+/[^,/=]+(/\\d{1,3})?)*$`),
      'expected cells like east=temporal-1:7233/tocsin,west=temporal-2:7233/tocsin/8',
    )
    .optional(),
  /** Of each cell that doesn't say otherwise. */
  TOCSIN_SHARD_COUNT: z
    .string()
    .regex(/^\d{1,3}$/, 'expected a number of shards, 1 to 256')
    .optional(),
  /** `0-3`, `0,2`, `all`, `east:0-1,west:all`. */
  TOCSIN_SHARDS: z
    .string()
    .regex(new RegExp(`^(none|(${cellName}:)?(all|\\d+(-\\d+)?)(,(${cellName}:)?(all|\\d+(-\\d+)?))*)$`), shardsText)
    .default('all'),
  /** Names with commas: sources that have this as their task queue are asked by this worker. */
  TOCSIN_SOURCE_QUEUES: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}(,[a-z0-9][a-z0-9_-]{0,62})*$/, 'expected names of task queues like near-db,office')
    .optional(),
})

/** A cluster and namespace with its shards, of which this process serves some. Adding cells or shards moves no monitor. */
export type Cell = Readonly<{ name: string; address: string; namespace: string; shards: number; served: readonly number[] }>

export type TemporalConfig = Readonly<{
  cells: readonly [Cell, ...Cell[]]
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
const defaultShards = 4
/** Each is a Temporal Worker with pollers of its own; a cell that needs more is better two. */
const shardsMax = 256

/** Throws an EnvironmentError. */
export function loadTemporalConfig(env: Environment = process.env): TemporalConfig {
  const parsed = parseEnvironment(environment, env)
  return {
    cells: cellsOf(parsed),
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

type Parsed = z.output<typeof environment>
type Place = Omit<Cell, 'served'>

function cellsOf(parsed: Parsed): [Cell, ...Cell[]] {
  const [first, ...others] = placesOf(parsed)
  const places = [first, ...others]
  const names = places.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new EnvironmentError(['TOCSIN_CELLS: a name stands there twice'])
  for (const { name, shards } of places) {
    if (shards >= 1 && shards <= shardsMax) continue
    throw new EnvironmentError([
      `${parsed.TOCSIN_CELLS === undefined ? 'TOCSIN_SHARD_COUNT' : `TOCSIN_CELLS: ${name}`}: expected 1 to ${shardsMax} shards`,
    ])
  }
  const served = servedOf(parsed.TOCSIN_SHARDS, places)
  const withServed = (place: Place): Cell => ({ ...place, served: served.get(place.name) ?? [] })
  return [withServed(first), ...others.map(withServed)]
}

function placesOf(parsed: Parsed): [Place, ...Place[]] {
  const shards = Number(parsed.TOCSIN_SHARD_COUNT ?? defaultShards)
  const given = (parsed.TOCSIN_CELLS?.split(',') ?? []).map((text) => {
    const [name = '', place = ''] = text.split('=')
    const [address = '', namespace = '', count] = place.split('/')
    return { name, address, namespace, shards: count === undefined ? shards : Number(count) }
  })
  const [first, ...others] = given
  if (first !== undefined) return [first, ...others]
  return [{ name: firstCell, address: parsed.TEMPORAL_ADDRESS, namespace: parsed.TEMPORAL_NAMESPACE, shards }]
}

/** Cell → its shards that are served. A part without a cell's name is meant of each of them. */
function servedOf(text: string, cells: readonly Place[]): Map<string, readonly number[]> {
  const served = new Map(cells.map(({ name }) => [name, new Set<number>()]))
  for (const part of text === 'none' ? [] : text.split(',')) {
    const [range = '', cellName] = part.split(':').reverse()
    const meant = cells.filter(({ name }) => cellName === undefined || name === cellName)
    if (meant.length === 0) throw new EnvironmentError([`TOCSIN_SHARDS: there is no cell ${cellName}`])
    for (const { name, shards } of meant)
      for (const shard of shardsIn(range, shards, cells.length > 1 ? name : null)) served.get(name)?.add(shard)
  }
  return new Map([...served].map(([name, shards]) => [name, [...shards].sort((a, b) => a - b)]))
}

function shardsIn(range: string, shards: number, cell: string | null): number[] {
  if (range === 'all') return Array.from({ length: shards }, (_, shard) => shard)
  const [from = 0, to = from] = range.split('-').map(Number)
  if (from > to || to >= shards) {
    const whose = cell === null ? 'this cell' : `the cell ${cell}`
    throw new EnvironmentError([`TOCSIN_SHARDS: ${whose} has the shards 0-${shards - 1}, got ${range}`])
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
