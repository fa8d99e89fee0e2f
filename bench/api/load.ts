/** Requests at a fixed rate, whether those before are answered or not: what waits in a queue counts as what it is. */
import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds from when each request was due until its answer was read, by name. Rejects where one fails. */
export async function askAtRate<Request>(
  perSecond: number,
  seconds: number,
  requestOf: (index: number) => Readonly<{ name: string; request: Request }>,
  ask: (request: Request) => Promise<void>,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>()
  const startedAt = performance.now()
  const asked: Promise<void>[] = []
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const dueAt = startedAt + (index * 1_000) / perSecond
    const earlyMs = dueAt - performance.now()
    if (earlyMs > 0) await wait(earlyMs)
    const { name, request } = requestOf(index)
    asked.push(
      ask(request).then(() => {
        times.set(name, [...(times.get(name) ?? []), performance.now() - dueAt])
      }),
    )
  }
  await Promise.all(asked)
  return times
}
