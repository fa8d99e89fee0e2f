/**
 * One backtest: hands the question to an activity and its answer back. It lives as long as somebody waits for it: whoever
 * started it gave it a deadline. Never judges anything itself. Read next: activities/backtest.ts.
 */
import { proxyActivities } from '@temporalio/workflow'
import type { backtestActivities } from '../activities/backtest.ts'
import type { BacktestInput } from '../core/backtest/plan.ts'
import type { BacktestReport } from '../core/backtest/report.ts'

const { backtest: run } = proxyActivities<ReturnType<typeof backtestActivities>>({
  // Below the deadline of the workflow, so that what took too long is said by it.
  startToCloseTimeout: '55 seconds',
  // A worker that died is noticed this early, and another begins again: a backtest takes seconds.
  heartbeatTimeout: '10 seconds',
  // A source that is down for a moment; who waits has given up after these.
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumAttempts: 3 },
})

export async function backtest(input: BacktestInput): Promise<BacktestReport> {
  return run(input)
}
