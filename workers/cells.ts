/**
 * The cells of which this process serves something: for each a connection, the activities of its monitors, and a crew. One whose Temporal
 * is away keeps no other waiting. Never knows what activities do. Read next: crew.ts, main.ts.
 */
import { NativeConnection, type WorkerPlugin, type WorkflowBundle } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import type { ActivityPorts } from '../activities/ports.ts'
import type { Pool } from '../adapters/postgres/pool.ts'
import { monitorStore } from '../adapters/postgres/queries/monitor-store.ts'
import { reconcileStore } from '../adapters/postgres/queries/reconcile.ts'
import type { Cells } from '../adapters/temporal/cells.ts'
import type { Log } from '../telemetry/log.ts'
import type { Cell, TemporalConfig } from '../temporal.config.ts'
import { type Crew, startCrew } from './crew.ts'
import { every } from './every.ts'
import { insist } from './insist.ts'

/** The reconciler runs for ever; this starts it again where Temporal lost it with its database. */
const reconcileStartMs = 15_000

export type ServedCells = Crew &
  Readonly<{
    /** Shards whose Workers have been started, as `cell/shard`. */
    serves: () => readonly string[]
  }>

export type ServeOptions = Readonly<{
  log: Log
  stopping: AbortSignal
  config: TemporalConfig
  cells: Cells
  /** What the activities of a cell's workers have: see cellPorts(). */
  portsIn: (cell: Cell) => ActivityPorts
  workflowBundle: WorkflowBundle
  plugins: WorkerPlugin[]
}>

/** Those of which it serves shards; all of them where it is there for sources, whose monitors may live anywhere. */
export function serveCells(options: ServeOptions): ServedCells {
  const { config } = options
  const mine = config.cells.filter(({ served }) => served.length > 0 || config.sourceQueues.length > 0)
  const crews = new Map<Cell, Crew>()
  const ends = mine.map(async (cell) => {
    const started = await startCell(options, cell)
    if (started === null) return
    crews.set(cell, started.crew)
    await started.crew.ended
    await started.close()
  })
  return {
    states: () => Object.assign({}, ...mine.map((cell) => crews.get(cell)?.states() ?? { [`${cell.name}/*`]: 'WAITING' })),
    serves: () => [...crews.keys()].flatMap(({ name, served }) => served.map((shard) => `${name}/${shard}`)),
    ended: Promise.all(ends).then(() => {}),
    drain: () => {
      for (const crew of crews.values()) crew.drain()
    },
  }
}

/** null = the process is to stop, and its Temporal never answered. */
async function startCell(options: ServeOptions, cell: Cell): Promise<Readonly<{ crew: Crew; close: () => Promise<void> }> | null> {
  const { log, stopping, config, cells, portsIn, workflowBundle, plugins } = options
  const patience = { log, stopping }
  try {
    const connection = await insist('temporal', patience, () => NativeConnection.connect({ address: cell.address }))
    await insist('temporal-namespace', patience, () => connection.workflowService.describeNamespace({ namespace: cell.namespace }))
    const crew = await startCrew({
      connection,
      config,
      cell,
      workflowBundle,
      activities: createActivities(portsIn(cell)),
      plugins,
    })
    log.info({ cell: cell.name, taskQueues: Object.keys(crew.states()) }, 'worker-started')
    if (stopping.aborted) crew.drain()
    else if (cell.served.length > 0) {
      void every('start-reconcile', reconcileStartMs, log, stopping, () => cells.runtimeIn(cell).startReconcile())
    }
    return { crew, close: () => connection.close() }
  } catch (error) {
    // A stop while it still waits for something is a stop, not a failure.
    if (stopping.aborted) return null
    throw error
  }
}

/** What is stored for its monitors is stored for those that live there alone: a workflow that was left behind by a move commits nothing. */
export function cellPorts(pool: Pool, ports: ActivityPorts, cells: Cells, cell: Cell): ActivityPorts {
  return { ...ports, monitors: monitorStore(pool, cell.name), reconcile: reconcileStore(pool, cell.name), runtime: cells.runtimeIn(cell) }
}
