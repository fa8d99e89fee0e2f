import { proxyLocalActivities } from '@temporalio/workflow'

const { turn } = proxyLocalActivities<{ turn: (monitorId: number) => Promise<void> }>({ startToCloseTimeout: '10s' })

/** Stands in for a monitor: says that it was its turn. */
export async function monitor({ monitorId }: Readonly<{ monitorId: number }>): Promise<void> {
  await turn(monitorId)
}
