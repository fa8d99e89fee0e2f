/**
 * A backtest as a workflow of its own, and what its failures mean to whoever asked for it.
 * Never judges anything. Read next: workflows/backtest.ts, answer.ts, errors.ts.
 */
import { type WorkflowClient, WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import type { BacktestReport } from '../../core/backtest/report.ts'
import { answerOf } from './answer.ts'
import { BacktestImpossible, RuntimeUnavailable, runtimeError } from './errors.ts'

/** As long as a person waits for a page. A backtest of 20,000 slots takes seconds. */
const deadlineS = 60

export async function runBacktest(client: WorkflowClient, input: BacktestInput, cancelled: AbortSignal): Promise<BacktestReport> {
  const { monitorId, name } = input.definition
  const request = { workflow: 'backtest', about: `backtest-${monitorId}`, input, summary: `would have: ${name}`, deadlineS }
  return answerOf<BacktestReport>(client, request, cancelled).catch((error: unknown) => {
    throw meaningOf(error)
  })
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
