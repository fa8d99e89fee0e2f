/**
 * The Temporal Workers of a cell in this process: one for each served shard, one for notifications, one for control, one for each queue of
 * sources that it serves. They share the
 * connection and one workflow bundle. Never knows what activities do. Read next: bundle.ts, wire.ts.
 */
import { type NativeConnection, Worker, type WorkerOptions, type WorkerPlugin, type WorkflowBundle } from '@temporalio/worker'
import { dataConverter } from '../adapters/temporal/codec.ts'
import { type Cell, type TemporalConfig, taskQueues } from '../temporal.config.ts'

export type Crew = Readonly<{
  /** Task queue → state of its Worker, as the SDK names it. */
  states: () => Readonly<Record<string, string>>
  /** Resolves once all have ended after drain(); rejects as soon as one fails by itself. */
  ended: Promise<void>
  /** Lets running activities end and takes no new work. Safe to call again. */
  drain: () => void
}>

export type CrewOptions = Readonly<{
  connection: NativeConnection
  config: TemporalConfig
  /** Whose shards these are; absent = the first. */
  cell?: Cell
  workflowBundle: WorkflowBundle
  activities: object
  plugins: WorkerPlugin[]
}>

/** Rejects if the namespace can't be served. */
export async function startCrew(options: CrewOptions): Promise<Crew> {
  const { config } = options
  const cell = cellOf(options)
  const shards = cell.served.map(taskQueues.monitors)
  /** Queues of several cells have the same names. */
  const nameOf = (queue: string): string => (config.cells.length === 1 ? queue : `${cell.name}/${queue}`)
  const workers = await Promise.all([
    ...shards.map((taskQueue) => Worker.create({ ...common(options, taskQueue), ...monitorSettings(config, shardsServed(config)) })),
    // A process that is there for its sources leaves everything else to others.
    ...(shards.length === 0
      ? []
      : [
          Worker.create({ ...common(options, taskQueues.notify), ...notifySettings(config) }),
          Worker.create({ ...common(options, taskQueues.control), ...controlSettings }),
        ]),
    ...config.sourceQueues.map((name) =>
      Worker.create({ ...nearSource(options, name), maxConcurrentActivityTaskExecutions: config.maxConcurrentActivities }),
    ),
  ])
  const drain = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  return {
    states: () => Object.fromEntries(workers.map((worker) => [nameOf(worker.options.taskQueue), worker.getState()])),
    ended: Promise.all(workers.map((worker) => worker.run())).then(() => {}),
    drain,
  }
}

const cellOf = ({ config, cell }: CrewOptions): Cell => cell ?? config.cells[0]

function common(options: CrewOptions, taskQueue: string) {
  const { connection, config, workflowBundle, activities, plugins } = options
  return {
    connection,
    namespace: cellOf(options).namespace,
    taskQueue,
    workflowBundle,
    activities,
    plugins,
    dataConverter,
    // 0.3–0.45 MB for a cached workflow instead of 1.4 MB.
    reuseV8Context: true,
    // A history that this code can't replay would hold its workflow for ever, in silence. Failed, the reconciler starts it again
    // from what PostgreSQL holds, and it catches up: nothing that was decided is lost by that.
    workflowFailureErrorTypes: { '*': ['NondeterminismError'] },
    stickyQueueScheduleToStartTimeout: config.stickyScheduleToStartTimeoutMs,
    // Longer than an evaluation's or a delivery's own timeout, so that a redeploy cuts nothing off; what still runs then is cut
    // and done again elsewhere.
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  } satisfies WorkerOptions
}

/** Activities only. */
function nearSource(options: CrewOptions, name: string) {
  const { workflowBundle: _, ...rest } = common(options, taskQueues.source(name))
  return rest satisfies WorkerOptions
}

/** Of all cells together: what is in memory is shared by them. */
const shardsServed = ({ cells }: TemporalConfig): number => cells.reduce((sum, { served }) => sum + served.length, 0)

function monitorSettings(config: TemporalConfig, shards: number) {
  return {
    maxCachedWorkflows: Math.ceil(config.maxCachedWorkflows / shards),
    maxConcurrentWorkflowTaskPolls: config.workflowTaskPollers,
    nonStickyToStickyPollRatio: config.nonStickyToStickyPollRatio,
    maxConcurrentLocalActivityExecutions: config.maxConcurrentLocalActivities,
    // Few activities of a monitor are not local; two pollers cost nothing while idle.
    maxConcurrentActivityTaskPolls: 2,
  } satisfies Partial<WorkerOptions>
}

function notifySettings(config: TemporalConfig) {
  return {
    // They live for a moment, or wait for a receiver; a replay of some hundred events is cheap.
    maxCachedWorkflows: 200,
    maxConcurrentLocalActivityExecutions: config.maxConcurrentLocalActivities,
    // One for each receiver that is being sent something, which mostly waits: for 10 s where the receiver hangs, until its breaker opens.
    maxConcurrentActivityTaskExecutions: 4 * config.maxConcurrentActivities,
  } satisfies Partial<WorkerOptions>
}

/** One workflow with one activity at a time. */
const controlSettings = {
  maxCachedWorkflows: 10,
  maxConcurrentWorkflowTaskPolls: 2,
  maxConcurrentActivityTaskPolls: 2,
  maxConcurrentActivityTaskExecutions: 4,
} as const satisfies Partial<WorkerOptions>
