import { Context, log } from '@temporalio/activity'

/** A storm of starts makes the server late for everybody else: 200 a second leave it half of its time. */
const itemsPerSecond = 200
/** Side by side: enough to reach the pace with calls of 50 ms. */
const batchSize = 20
/** When a whole batch fails, the other side is away, and the rest of the pass would only wait for it. */
const failuresInBatchMax = batchSize

/**
 * Does `work` for each item, paced, with a heartbeat per batch. Failures are counted and logged, not thrown, unless all of a
 * batch of several fail: then rejects with the last reason. Also rejects when the activity is cancelled.
 */
export async function paced<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<Readonly<{ done: number; failed: number }>> {
  let done = 0
  let failed = 0
  for (let first = 0; first < items.length; first += batchSize) {
    const batch = items.slice(first, first + batchSize)
    const pause = Context.current().sleep((batch.length / itemsPerSecond) * 1_000)
    const outcomes = await Promise.allSettled(batch.map(work))
    await pause
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    done += batch.length - reasons.length
    failed += reasons.length
    if (reasons.length > 0) log.warn('reconcile-steps-failed', { count: reasons.length, reason: String(reasons[0]) })
    if (reasons.length >= failuresInBatchMax) throw reasons[0]
    Context.current().heartbeat({ done, failed })
  }
  return { done, failed }
}
