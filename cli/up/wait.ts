import { setTimeout as sleep } from 'node:timers/promises'

export type WaitOptions = Readonly<{
  /** What is waited for, as it stands in the error: `the API to answer`. */
  what: string
  timeoutMs: number
  /** Gives up at once, with the signal's reason. */
  signal?: AbortSignal
  /** Short by default: what is waited for here is local and quick. */
  everyMs?: number
}>

/** Asks until the answer is neither null nor an error; rejects after the deadline with the last error as its cause. */
export async function waitFor<Answer>(ask: () => Promise<Answer | null>, options: WaitOptions): Promise<Answer> {
  const deadline = Date.now() + options.timeoutMs
  let last: unknown = null
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      const answer = await ask()
      if (answer !== null) return answer
    } catch (error) {
      last = error
    }
    if (Date.now() >= deadline) {
      const reason = last instanceof Error ? `: ${last.message}` : ''
      throw new Error(`waited ${options.timeoutMs / 1000} s for ${options.what}${reason}`, { cause: last })
    }
    await sleep(options.everyMs ?? 100)
  }
}
