/**
 * One commit's notification: plans who is to be sent what, and wakes the lanes of those receivers. Short, and safe to start again.
 * Never renders, sends or judges by itself. What it planned is in PostgreSQL, and the lanes carry on from there.
 * Read next: activities/plan-notification.ts, deliver.ts.
 */
import { proxyLocalActivities } from '@temporalio/workflow'
import type { PlanAnswer, planNotificationActivities } from '../activities/plan-notification.ts'
import type { NotifyInput } from './messages.ts'

const { planNotification } = proxyLocalActivities<ReturnType<typeof planNotificationActivities>>({
  // Rendering and writing the messages of a commit with ten thousand groups takes seconds.
  startToCloseTimeout: '2 minutes',
  // Longer pauses are timers of the workflow: they hold up no worker that is to stop.
  localRetryThreshold: '3 seconds',
  // Only the database or Temporal can be in the way, and they come back: never given up.
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30 seconds' },
})

export async function notify(input: NotifyInput): Promise<PlanAnswer> {
  return planNotification(input)
}
