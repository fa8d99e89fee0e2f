/**
 * One question of a person to a source: hands it to an activity and its answer back. It lives for as long as that takes.
 * Never judges or stores anything. Read next: activities/look.ts.
 */
import { proxyLocalActivities } from '@temporalio/workflow'
import type { lookActivities } from '../activities/look.ts'
import type { LookAnswer, LookAsk } from '../core/look/ask.ts'

/** Local, for it saves a way through the server, and somebody is typing. */
const { look: run } = proxyLocalActivities<ReturnType<typeof lookActivities>>({
  // Two questions to the source, each with its own time.
  startToCloseTimeout: '18 seconds',
  // Who asked asks again.
  retry: { maximumAttempts: 1 },
})

export async function look(ask: LookAsk): Promise<LookAnswer> {
  return run(ask)
}
