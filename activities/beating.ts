import { heartbeat } from '@temporalio/activity'

/** Several beats fit the 15 seconds after which workflows/notify.ts takes a worker for dead. */
const beatMs = 3_000

/** Says that this worker lives for as long as `work` takes, so that its death is noticed within seconds and not by a timeout of minutes. */
export async function beating<Result>(work: () => Promise<Result>): Promise<Result> {
  heartbeat()
  const timer = setInterval(() => heartbeat(), beatMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
