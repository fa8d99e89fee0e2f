import { type WorkflowClient, WorkflowFailedError } from '@temporalio/client'
import type { LookAnswer, LookAsk } from '../../core/look/ask.ts'
import { answerOf } from './answer.ts'
import { RuntimeUnavailable, runtimeError } from './errors.ts'

/** Longer than the two questions to the source that a drawing takes at most. */
const deadlineS = 20

/** Asks a source by a worker, for whoever looks. Rejects with RuntimeUnavailable where no worker answers. */
export async function runLook(client: WorkflowClient, ask: LookAsk, cancelled: AbortSignal): Promise<LookAnswer> {
  const request = {
    workflow: 'look',
    about: 'look',
    input: ask,
    summary: ask.kind === 'draw' ? 'draws a query' : 'completes a query',
    deadlineS,
  }
  return answerOf<LookAnswer>(client, request, cancelled).catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw runtimeError(error, null)
    const advice = 'ask for a shorter time, or look whether workers run'
    throw new RuntimeUnavailable(`the source was not asked within ${deadlineS} s: ${advice}`, { cause: error })
  })
}
