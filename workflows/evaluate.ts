/** Asks a monitor's source: from here, or from a worker near it. Read next: monitor.ts, activities/evaluate.ts. */
import { ApplicationFailure, isCancellation, proxyActivities, proxyLocalActivities, rootCause, TemporalFailure } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { type Ask, type EvaluateReply, type EvaluateRequest, failedSlots, type Question, questionAt } from '../core/monitor/evaluation.ts'
import { pack } from '../core/monitor/known.ts'
import type { MonitorState } from '../core/monitor/types.ts'
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

export type Answered = Readonly<{ question: Question; reply: EvaluateReply }>

/** `begunAt`, `waited` and `settled` (null = all is stored): see EvaluateRequest. */
type Asking = Readonly<{ state: MonitorState; stretch: number; begunAt: number | null; waited: boolean; settled: number | null }>

/** Where no worker could evaluate, the slots that are due by `notBefore` have failed. */
export async function answerTo({ state, stretch, begunAt, waited, settled }: Asking, ask: Ask, notBefore: number): Promise<Answered> {
  try {
    const reply = await evaluate({
      known: pack(state),
      ask,
      ...(stretch === 1 ? {} : { stretch }),
      ...(begunAt === null ? {} : { begunAt }),
      ...(waited ? { waited } : {}),
      ...(settled === null ? {} : { settled }),
    })
    return { question: questionAt(state, ask, reply.now), reply }
  } catch (error) {
    // A local activity's failure comes bare, other than a normal activity's, which is wrapped in an ActivityFailure.
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error
    const question = questionAt(state, ask, notBefore)
    return { question, reply: { now: notBefore, observations: failedSlots(question, rootCause(error) ?? error.message) } }
  }
}

/** Rejects where no worker could evaluate. */
async function evaluate(request: EvaluateRequest): Promise<EvaluateReply> {
  const reply = await here.evaluate(request)
  if (reply.elsewhere === undefined) return reply
  const there = await near(reply.elsewhere).evaluate(request)
  if (there.elsewhere === undefined) return there
  throw ApplicationFailure.nonRetryable(`the workers of the queue ${reply.elsewhere} don't ask this source`)
}
