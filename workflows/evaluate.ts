/** Asks a monitor's source: from here, or from a worker near it. Read next: monitor.ts, activities/evaluate.ts. */
import { ApplicationFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import type { EvaluateReply, EvaluateRequest } from '../core/monitor/evaluation.ts'
import { taskQueues } from '../core/schedule/queues.ts'

const here = proxyLocalActivities<Pick<Activities, 'evaluate'>>({
  // Above the activity's own timeout of the source (temporal.config.ts, 8 s), below what delays the next slot.
  startToCloseTimeout: '15s',
  // The activity answers for the source; what fails here is the worker itself. After that the slot counts as failed.
  retry: { initialInterval: '100ms', maximumAttempts: 3 },
})

/** For a source that only workers near it can reach, or so many may ask: what the activity is told and answers is stored in history. */
const near = (queue: string) =>
  proxyActivities<Pick<Activities, 'evaluate'>>({
    taskQueue: taskQueues.source(queue),
    // Nobody there: the slot counts as failed, and the health says so.
    scheduleToStartTimeout: '10s',
    startToCloseTimeout: '15s',
    retry: { initialInterval: '100ms', maximumAttempts: 2 },
  })

/** Rejects where no worker could evaluate. */
export async function evaluate(request: EvaluateRequest): Promise<EvaluateReply> {
  const reply = await here.evaluate(request)
  if (reply.elsewhere === undefined) return reply
  const there = await near(reply.elsewhere).evaluate(request)
  if (there.elsewhere === undefined) return there
  throw ApplicationFailure.nonRetryable(`the workers of the queue ${reply.elsewhere} don't ask this source`)
}
