/**
 * Monitors as workflows of one cell: start, tell, ask, stop. Idempotent, each call with its own deadline.
 * Never decides which monitors should run (activities/reconcile.ts, the API) and holds no state.
 * Read next: start-options.ts, errors.ts, workflows/messages.ts.
 */
import { type Client, isGrpcServiceError } from '@temporalio/client'
import type { MonitorRuntime } from '../../activities/ports.ts'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import type { BacktestReport } from '../../core/backtest/report.ts'
import type { LookAnswer, LookAsk } from '../../core/look/ask.ts'
import type { RuntimeMonitor } from '../../core/monitor/spec-types.ts'
import { shardOf } from '../../core/schedule/slots.ts'
import type { Cell, TemporalConfig } from '../../temporal.config.ts'
import { taskQueues } from '../../temporal.config.ts'
import {
  type AcknowledgeAsk,
  acknowledgeUpdate,
  type EvaluateNowAnswer,
  evaluateNowUpdate,
  type LaneInput,
  laneWorkflowIdOf,
  type NotifyInput,
  notifyWorkflowIdOf,
  pauseSignal,
  type ReconcileInput,
  type ResolveAnswer,
  reconcileWorkflowId,
  resolveUpdate,
  respecifySignal,
  resumeSignal,
  type StateAnswer,
  stateQuery,
  stopSignal,
  wakeSignal,
  workflowIdOf,
} from '../../workflows/messages.ts'
import { runBacktest } from './backtest.ts'
import { MonitorNotRunning, MonitorRefused, runtimeError } from './errors.ts'
import { runLook } from './look.ts'
import { priorityOf, startOptions } from './start-options.ts'

/**
 * All that the API and the workers ask of running monitors. Rejects with RuntimeUnavailable, and where an answer of the
 * workflow is needed with MonitorNotRunning or MonitorRefused.
 */
export interface TemporalMonitorRuntime extends MonitorRuntime {
  resolve(monitorId: number, groups: '*' | readonly string[]): Promise<ResolveAnswer>
  /** Groups or bundles that were acknowledged, or are no more. Rejects with MonitorRefused where one of them can't be. */
  acknowledge(monitorId: number, ask: AcknowledgeAsk): Promise<readonly string[]>
  evaluateNow(monitorId: number): Promise<EvaluateNowAnswer>
  pause(monitorId: number): Promise<void>
  resume(monitorId: number): Promise<void>
  state(monitorId: number): Promise<StateAnswer>
  /** What a definition would have decided. Rejects also with BacktestImpossible, and when `cancelled` says that nobody waits. */
  backtest(input: BacktestInput, cancelled: AbortSignal): Promise<BacktestReport>
  /** What a source says to a person who looks. Rejects when `cancelled` says that nobody waits. */
  look(ask: LookAsk, cancelled: AbortSignal): Promise<LookAnswer>
  /** Starts the reconciler of the cell unless it runs. */
  startReconcile(): Promise<void>
}

/** A start or a signal takes milliseconds; whoever waits for it (a request, a reconciler) has something better to do than to wait longer. */
const callTimeoutMs = 2_000
/** NOT_FOUND, as gRPC numbers it. */
const gone = 5
/** A query needs a worker, which may have to replay the workflow first. */
const queryTimeoutMs = 5_000
/** An update is answered by the loop, after the evaluation that is under way: as long as that may take, and a little. */
const updateTimeoutMs = 12_000

export function createMonitorRuntime(client: Client, config: TemporalConfig, cell: Cell = config.cells[0]): TemporalMonitorRuntime {
  const workflow = client.workflow
  const handle = (monitorId: number) => workflow.getHandle(workflowIdOf(monitorId))
  const call = <Result>(monitorId: number | null, timeoutMs: number, work: () => Promise<Result>): Promise<Result> =>
    workflow.withDeadline(Date.now() + timeoutMs, work).catch((error: unknown) => {
      throw runtimeError(error, monitorId)
    })

  return {
    async start(monitor) {
      await call(monitor.monitorId, callTimeoutMs, () => workflow.start('monitor', startOptions(monitor, config, cell)))
    },
    async respecify(monitor: RuntimeMonitor) {
      await call(monitor.monitorId, callTimeoutMs, () => reprioritize(client, monitor))
      const signal = { signal: respecifySignal, signalArgs: [{ version: monitor.version }] satisfies [{ version: number }] }
      await call(monitor.monitorId, callTimeoutMs, () =>
        workflow.signalWithStart('monitor', { ...startOptions(monitor, config, cell), ...signal }),
      )
    },
    stop: (monitorId) =>
      unlessGone(
        call(monitorId, callTimeoutMs, () => handle(monitorId).signal(stopSignal)),
        undefined,
      ),
    async restart(monitor) {
      const options = { ...startOptions(monitor, config, cell), workflowIdConflictPolicy: 'TERMINATE_EXISTING' } as const
      await call(monitor.monitorId, callTimeoutMs, () => workflow.start('monitor', options))
    },
    terminate: (monitorId, reason) =>
      unlessGone(
        call(monitorId, callTimeoutMs, () => handle(monitorId).terminate(reason)).then(() => {}),
        undefined,
      ),
    shardOf: (monitorId) => shardOf(monitorId, cell.shards),
    isRunning: (monitorId) =>
      unlessGone(
        call(monitorId, callTimeoutMs, () => handle(monitorId).describe()).then(({ status }) => status.name === 'RUNNING'),
        false,
      ),
    running: () => running(client, cell),
    async startNotify(monitorId, sequence) {
      const options = {
        workflowId: notifyWorkflowIdOf(monitorId, sequence),
        taskQueue: taskQueues.notify,
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [{ monitorId, sequence }] satisfies [NotifyInput],
      } as const
      await call(null, callTimeoutMs, () => workflow.start('notify', options))
    },
    async wakeLane(receiver) {
      const options = {
        workflowId: laneWorkflowIdOf(receiver),
        taskQueue: taskQueues.notify,
        args: [{ receiver }] satisfies [LaneInput],
        signal: wakeSignal,
      }
      await call(null, callTimeoutMs, () => workflow.signalWithStart('deliver', options))
    },
    async startReconcile() {
      const options = {
        workflowId: reconcileWorkflowId,
        taskQueue: taskQueues.control,
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'makes Temporal agree with the stored definitions',
        args: [{ pass: 0 }] satisfies [ReconcileInput],
      } as const
      await call(null, callTimeoutMs, () => workflow.start('reconcile', options))
    },
    resolve: (monitorId, groups) =>
      call(monitorId, updateTimeoutMs, () => handle(monitorId).executeUpdate(resolveUpdate, { args: [{ groups }] })),
    async acknowledge(monitorId, ask) {
      const { acknowledged, refused } = await call(monitorId, updateTimeoutMs, () =>
        handle(monitorId).executeUpdate(acknowledgeUpdate, { args: [ask] }),
      )
      if (refused.length > 0) throw new MonitorRefused(refused.join('; '))
      return acknowledged
    },
    evaluateNow: (monitorId) => call(monitorId, updateTimeoutMs, () => handle(monitorId).executeUpdate(evaluateNowUpdate)),
    pause: (monitorId) => call(monitorId, callTimeoutMs, () => handle(monitorId).signal(pauseSignal)),
    resume: (monitorId) => call(monitorId, callTimeoutMs, () => handle(monitorId).signal(resumeSignal)),
    state: (monitorId) => call(monitorId, queryTimeoutMs, () => handle(monitorId).query(stateQuery)),
    backtest: (input, cancelled) => runBacktest(workflow, input, cancelled),
    look: (ask, cancelled) => runLook(workflow, ask, cancelled),
  }
}

/** A workflow keeps the priority that it was started with until somebody says otherwise. One that isn't there will be started with its own. */
async function reprioritize({ workflowService, options }: Client, monitor: RuntimeMonitor): Promise<void> {
  const update = {
    namespace: options.namespace,
    workflowExecution: { workflowId: workflowIdOf(monitor.monitorId) },
    workflowExecutionOptions: { priority: priorityOf(monitor) },
    updateMask: { paths: ['priority'] },
  }
  await workflowService.updateWorkflowExecutionOptions(update).catch((error: unknown) => {
    if (!isGrpcServiceError(error) || error.code !== gone) throw error
  })
}

/** A page of visibility is a query of the server's database; it may be busy. */
const pageTimeoutMs = 15_000

async function* running(client: Client, { shards }: Cell): AsyncGenerator<Readonly<{ monitorId: number; misplaced: boolean }>> {
  const queues = new Set(Array.from({ length: shards }, (_, shard) => taskQueues.monitors(shard)))
  const query = "WorkflowType = 'monitor' and ExecutionStatus = 'Running'"
  const pages = client.workflow.list({ query })[Symbol.asyncIterator]()
  for (;;) {
    // The deadline belongs to a page: all pages of a large cell take longer than any one call may.
    const next = await client.workflow
      .withDeadline(Date.now() + pageTimeoutMs, () => pages.next())
      .catch((error: unknown) => {
        throw runtimeError(error, null)
      })
    if (next.done === true) return
    const monitorId = monitorIdOf(next.value.workflowId)
    if (monitorId !== null) yield { monitorId, misplaced: !queues.has(next.value.taskQueue) }
  }
}

/** null = somebody else's workflow of that type. */
function monitorIdOf(workflowId: string): number | null {
  const digits = /^monitor-([1-9]\d{0,15})$/.exec(workflowId)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** A workflow that isn't there any more is what stopping is for. */
async function unlessGone<Result>(work: Promise<Result>, gone: Result): Promise<Result> {
  return work.catch((error: unknown) => {
    if (error instanceof MonitorNotRunning) return gone
    throw error
  })
}
