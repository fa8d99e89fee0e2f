/**
 * All activities over injected ports. Never imports an adapter and holds no state of its own: workers/ wires them.
 * Read next: ports.ts, then one file per activity.
 */
import { backtestActivities } from './backtest.ts'
import { clockActivities } from './clock.ts'
import { commitActivities } from './commit.ts'
import { drainActivities } from './drain.ts'
import { evaluateActivities } from './evaluate.ts'
import { loadActivities } from './load.ts'
import { lookActivities } from './look.ts'
import { planNotificationActivities } from './plan-notification.ts'
import type { ActivityPorts } from './ports.ts'
import { reconcileActivities } from './reconcile.ts'

export type Activities = ReturnType<typeof createActivities>

export function createActivities(ports: ActivityPorts) {
  return {
    ...clockActivities(ports),
    ...loadActivities(ports),
    ...evaluateActivities(ports),
    ...commitActivities(ports),
    ...planNotificationActivities(ports),
    ...drainActivities(ports),
    ...reconcileActivities(ports),
    ...backtestActivities(ports),
    ...lookActivities(ports),
  }
}
