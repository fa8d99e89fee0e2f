/**
 * Makes Temporal agree with the stored definitions, for ever: a quick pass over what is known to differ, and now and then a
 * full one over everything. One per cell. Never decides what differs: activities/reconcile.ts does.
 * Read next: activities/reconcile.ts.
 */
import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow'
import type { ReconcileActivities } from '../activities/reconcile.ts'
import type { ReconcileInput } from './messages.ts'

/** An edit made while Temporal was away takes effect this late, at most, once it is back. */
const passInterval = '5 seconds'
/** A minute: lost workflows are rare, and listing all of them costs visibility a query per thousand. */
const passesPerFull = 12
/** A pass leaves 11 events: 1,100 in a run, far below the limit of 51,200 and quick to replay. */
const passesPerRun = 100

const { reconcile: pass } = proxyActivities<ReconcileActivities>({
  // 200 starts a second: a full pass after a lost Temporal database may have 100,000 monitors to start.
  startToCloseTimeout: '15 minutes',
  // A worker that died is noticed this early, and another goes on.
  heartbeatTimeout: '30 seconds',
  // The next pass is the retry: it looks at the world as it is then.
  retry: { maximumAttempts: 1 },
})

export async function reconcile(input: ReconcileInput): Promise<never> {
  for (let count = 0; count < passesPerRun; count += 1) {
    const full = (input.pass + count) % passesPerFull === 0
    await pass({ full }).catch(() => {})
    await sleep(passInterval)
  }
  return continueAsNew<typeof reconcile>({ pass: (input.pass + passesPerRun) % passesPerFull })
}
