import { errorsOf, type HttpClient } from '../http.ts'
import type { Sample } from './series.ts'

export type Outbox = Readonly<{
  add: (samples: readonly Sample[]) => void
  /** Sends what waits, oldest first, until it is empty or a request fails; never rejects. */
  flush: () => Promise<void>
  waiting: () => number
}>

/** An hour of a machine with a few dozen samples every 10 s; then the oldest make room, and the log says so. */
const samplesMax = 20_000
/** Well below the intake's bounds, and small enough to be sent again without harm. */
const samplesPerRequest = 1_000

/** Samples that the API couldn't take yet wait with their own timestamps: they tell of their time, not of their arrival. */
export function createOutbox(
  options: Readonly<{ client: HttpClient; host: string; intervalS: number; log: (line: string) => void }>,
): Outbox {
  const { client, log } = options
  let waiting: Sample[] = []
  let failure: string | null = null
  const report = (now: string | null): void => {
    if (now !== failure) log(now ?? 'the intake takes samples again')
    failure = now
  }
  return {
    add: (samples) => {
      waiting.push(...samples)
      const excess = waiting.length - samplesMax
      if (excess <= 0) return
      log(`dropped the ${excess} oldest samples: ${samplesMax} wait already`)
      waiting = waiting.slice(excess)
    },
    flush: async () => {
      while (waiting.length > 0) {
        const batch = waiting.slice(0, samplesPerRequest)
        const verdict = await send(client, requestOf(batch, options.host, options.intervalS))
        if (verdict.kind !== 'taken') report(verdict.reason)
        if (verdict.kind === 'retry') return
        if (verdict.kind === 'taken') report(null)
        waiting = waiting.slice(batch.length)
      }
    },
    waiting: () => waiting.length,
  }
}

type Verdict = Readonly<{ kind: 'taken' } | { kind: 'retry' | 'refused'; reason: string }>

/** Statuses that say something about now rather than about the samples: keys may be mended, load may go. */
const retryable = new Set([401, 403, 408, 425, 429])

async function send(client: HttpClient, body: unknown): Promise<Verdict> {
  try {
    const answer = await client.request('POST', '/api/v2/series', body)
    if (answer.status < 300) return { kind: 'taken' }
    const reason = errorsOf(answer)
    if (answer.status >= 500 || retryable.has(answer.status)) return { kind: 'retry', reason: `samples wait: ${reason}` }
    return { kind: 'refused', reason: `samples refused: ${reason}` }
  } catch (error) {
    return { kind: 'retry', reason: `samples wait: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Datadog's JSON of POST /api/v2/series: one entry per metric and tags, with all its points; type 3 is a gauge. */
function requestOf(samples: readonly Sample[], host: string, intervalS: number): unknown {
  const series = new Map<string, { metric: string; tags: readonly string[]; points: { timestamp: number; value: number }[] }>()
  for (const { metric, tags, atS, value } of samples) {
    const key = JSON.stringify([metric, tags])
    const entry = series.get(key) ?? { metric, tags, points: [] }
    entry.points.push({ timestamp: atS, value })
    series.set(key, entry)
  }
  const resources = [{ type: 'host', name: host }]
  return { series: [...series.values()].map((entry) => ({ ...entry, type: 3, interval: intervalS, resources })) }
}
