import { setTimeout as delay } from 'node:timers/promises'

/** Polls until `check` gives something other than false or undefined, and gives that. Rejects by the deadline, naming what it waited for. */
export async function until<Result>(
  what: string,
  check: () => Promise<Result | false | undefined> | Result | false | undefined,
  deadlineMs = 30_000,
): Promise<Result> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    const result = await check()
    if (result !== false && result !== undefined) return result
    if (Date.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await delay(50)
  }
}
