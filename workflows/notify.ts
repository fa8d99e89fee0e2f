/**
 * One commit's notification: plans it, then delivers to every receiver on its own, so that a dead one delays nobody.
 * Never renders, sends or judges by itself. Everything it did is in the deliveries table; it may be started again at any time.
 * Read next: activities/plan-notification.ts, activities/deliver.ts.
 */
import { ActivityFailure } from '@temporalio/common'
import { isCancellation, proxyActivities } from '@temporalio/workflow'
import type { deliverActivities } from '../activities/deliver.ts'
import type { planNotificationActivities } from '../activities/plan-notification.ts'
import type { NotifyInput } from './messages.ts'

export type NotifyActivities = ReturnType<typeof planNotificationActivities> & ReturnType<typeof deliverActivities>

/** Of each receiver: how many messages it took, and why the rest was given up. */
export type NotifyAnswer = Readonly<{ receivers: Readonly<Record<string, Readonly<{ delivered: number; abandoned: string | null }>>> }>

/** All of them say every three seconds that they live: a worker's death delays a page no longer than this. */
const heartbeatTimeout = '15 seconds'

const { planNotification, abandonDelivery } = proxyActivities<NotifyActivities>({
  // Rendering and writing the messages of a commit with a thousand groups takes seconds.
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout,
  // Only the database can be in the way, and it comes back: never given up.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
})

const { deliver } = proxyActivities<NotifyActivities>({
  // A hundred messages at ten seconds each, and some room.
  startToCloseTimeout: '20 minutes',
  heartbeatTimeout,
  // After a day nobody wants to be paged for it any more; it stays visible as dead.
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

export async function notify({ monitorId, sequence }: NotifyInput): Promise<NotifyAnswer> {
  const { receivers } = await planNotification({ monitorId, sequence })
  const answers = await Promise.all(
    receivers.map(async (receiver) => [receiver, await deliverTo({ monitorId, sequence, receiver })] as const),
  )
  return { receivers: Object.fromEntries(answers) }
}

async function deliverTo(input: NotifyInput & Readonly<{ receiver: string }>): Promise<{ delivered: number; abandoned: string | null }> {
  let delivered = 0
  try {
    for (let more = true; more; ) {
      const answer = await deliver(input)
      delivered += answer.delivered
      more = answer.more
    }
    return { delivered, abandoned: null }
  } catch (error) {
    if (isCancellation(error)) throw error
    const reason = reasonOf(error)
    await abandonDelivery({ ...input, reason })
    return { delivered, abandoned: reason }
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error
  return `given up: ${cause instanceof Error ? cause.message : String(cause)}`
}
