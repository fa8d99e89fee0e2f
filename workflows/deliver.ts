/**
 * The lane of one receiver: there while something is open for it. One drain at a time, so its limits are exact and its order holds.
 * Never sends or judges by itself. What is open is in PostgreSQL; the lane may be ended and started again at any time.
 * Read next: activities/drain.ts, notify.ts, which wakes it.
 */
import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow'
import type { drainActivities } from '../activities/drain.ts'
import { type LaneInput, wakeSignal } from './messages.ts'

/** A drain leaves some eleven events, a wake-up four: a thousand in a run at most, or some more where everybody wakes it. */
const drainsPerRun = 60

const { drain } = proxyActivities<ReturnType<typeof drainActivities>>({
  // A drain ends by itself after two minutes, and lets what is on its way arrive.
  startToCloseTimeout: '10 minutes',
  // It says every three seconds that its worker lives: a worker's death delays a page no longer than this.
  heartbeatTimeout: '10 seconds',
  // Only the database can be in the way, and it comes back: never given up.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
})

export async function deliver(input: LaneInput): Promise<void> {
  let woken = false
  setHandler(wakeSignal, () => {
    woken = true
  })
  for (let drains = 0; drains < drainsPerRun; drains += 1) {
    woken = false
    const { waitMs } = await drain(input)
    // A wake-up that came during the drain may tell of what it didn't see. Whoever comes after the end starts the lane again.
    if (woken) continue
    if (waitMs === null) return
    if (waitMs > 0) await condition(() => woken, waitMs)
  }
  // The next run drains at once: a wake-up that comes now is answered by that.
  return continueAsNew<typeof deliver>(input)
}
