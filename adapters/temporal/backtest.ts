/**
 * A backtest as a workflow of its own: started, awaited for as long as somebody waits, ended where nobody does.
 * Never judges anything. Read next: workflows/backtest.ts, errors.ts.
 */
import { randomUUID } from 'node:crypto'
import { type WorkflowClient, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import type { BacktestReport } from '../../core/backtest/report.ts'
import { taskQueues } from '../../temporal.config.ts'
import { BacktestImpossible, RuntimeUnavailable, runtimeError } from './errors.ts'
import { summaryOf } from './start-options.ts'

/** As long as a person waits for a page. A backtest of 20,000 slots takes seconds. */
const deadlineS = 60
const startTimeoutMs = 2_000
/** The server ends the workflow at its deadline; the answer comes a moment later. */
const awaitTimeoutMs = (deadlineS + 5) * 1_000

export async function runBacktest(workflow: WorkflowClient, input: BacktestInput, cancelled: AbortSignal): Promise<BacktestReport> {
  const { definition } = input
  const handle: WorkflowHandle = await workflow
    .withDeadline(Date.now() + startTimeoutMs, () =>
      workflow.start('backtest', {
        workflowId: `backtest-${definition.monitorId}-${randomUUID()}`,
        taskQueue: taskQueues.control,
        workflowExecutionTimeout: deadlineS * 1_000,
        args: [input] satisfies [BacktestInput],
        staticSummary: summaryOf(`would have: ${definition.name}`),
      }),
    )
    .catch((error: unknown) => {
      throw runtimeError(error, null)
    })
  const give = (): void => void handle.cancel().catch(() => {})
  cancelled.addEventListener('abort', give, { once: true })
  if (cancelled.aborted) give()
  try {
    return await workflow.withDeadline(Date.now() + awaitTimeoutMs, () => handle.result())
  } catch (error) {
    throw meaningOf(error)
  } finally {
    cancelled.removeEventListener('abort', give)
  }
}

function meaningOf(error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return runtimeError(error, null)
  const causes = causesOf(error)
  const failure = causes.find((cause) => cause instanceof ApplicationFailure)
  if (failure?.type === 'backtest-impossible') return new BacktestImpossible(failure.message, { cause: error })
  if (failure !== undefined) return new RuntimeUnavailable(`the source gave no answer: ${failure.message}`, { cause: error })
  if (causes.some((cause) => cause instanceof TimeoutFailure)) {
    const advice = 'ask for a shorter time, or look whether workers run'
    return new RuntimeUnavailable(`the backtest was not done within ${deadlineS} s: ${advice}`, { cause: error })
  }
  return new RuntimeUnavailable('the backtest was ended before it was done', { cause: error })
}

/** The error and what it was caused by, outermost first. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause) causes.push(cause)
  return causes
}
