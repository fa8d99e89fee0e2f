/**
 * A workflow that is there to answer one request: started, awaited for as long as somebody waits, ended where nobody does.
 * Never says what a failure of the workflow means. Read next: backtest.ts, look.ts.
 */
import { randomUUID } from 'node:crypto'
import type { WorkflowClient, WorkflowHandle } from '@temporalio/client'
import { taskQueues } from '../../temporal.config.ts'
import { runtimeError } from './errors.ts'
import { summaryOf } from './start-options.ts'

export type Request = Readonly<{
  workflow: string
  /** What the id begins with. */
  about: string
  input: unknown
  summary: string
  /** The server ends the workflow after this. */
  deadlineS: number
}>

const startTimeoutMs = 2_000
/** After its deadline the server's own answer comes a moment later. */
const graceS = 5

/** The result, unchecked. Rejects with RuntimeUnavailable where it couldn't be started, else with what the client says. */
export async function answerOf<Result>(client: WorkflowClient, request: Request, cancelled: AbortSignal): Promise<Result> {
  const { workflow, about, input, summary, deadlineS } = request
  const handle: WorkflowHandle = await client
    .withDeadline(Date.now() + startTimeoutMs, () =>
      client.start(workflow, {
        workflowId: `${about}-${randomUUID()}`,
        taskQueue: taskQueues.control,
        workflowExecutionTimeout: deadlineS * 1_000,
        args: [input],
        staticSummary: summaryOf(summary),
      }),
    )
    .catch((error: unknown) => {
      throw runtimeError(error, null)
    })
  const give = (): void => void handle.cancel().catch(() => {})
  cancelled.addEventListener('abort', give, { once: true })
  if (cancelled.aborted) give()
  try {
    return await client.withDeadline(Date.now() + (deadlineS + graceS) * 1_000, () => handle.result())
  } finally {
    cancelled.removeEventListener('abort', give)
  }
}
