/**
 * Writes samples to a Prometheus, or to what takes remote write as it does: in the order in which they come, one request at a time, again
 * while nobody takes them. Never holds anybody up: what there is no room for goes, the oldest first. Read next: post.ts.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { SampleTarget } from '../../activities/rule-ports.ts'
import type { Sample } from '../../core/prometheus-template/alert-series.ts'
import type { Log } from '../../telemetry/log.ts'
import type { RemoteWriteMetrics } from '../../telemetry/remote-write-metrics.ts'
import type { HttpFetch } from '../http/fetch.ts'
import { poster, type RemoteWriteConfig } from './post.ts'

export type RemoteWriterOptions = Readonly<{
  config: RemoteWriteConfig
  send: HttpFetch
  metrics: RemoteWriteMetrics
  log: Pick<Log, 'warn'>
  bounds?: Partial<RemoteWriterBounds>
}>

export type RemoteWriterBounds = Readonly<{ waitingMax: number; firstRetryMs: number; longestRetryMs: number; drainMs: number }>

const usualBounds: RemoteWriterBounds = {
  // Some 25 MB: five minutes of 10,000 alerts that are evaluated each minute. Older ones nobody would see in an instant query.
  waitingMax: 100_000,
  // A Prometheus that starts again is back within seconds.
  firstRetryMs: 100,
  // What `ALERTS` says is five minutes old at the most; so a target that is back is found long before.
  longestRetryMs: 10_000,
  // Of the time that an orchestrator gives a process to end.
  drainMs: 3_000,
}

/** As Prometheus sends by default in its later versions. */
const samplesPerRequest = 2_000
/** So many refusals in a row are no fault of single samples: what is refused isn't asked for in halves any more. */
const refusalsMax = 50

type Write = Readonly<{ samples: readonly Sample[]; answered: () => void }>

export type RemoteWriter = SampleTarget &
  Readonly<{
    /** Writes what is left, as far as that goes before the deadline. Nothing may be pushed afterwards. Never rejects. */
    close: () => Promise<void>
  }>

export function remoteWriter({ config, send, metrics, log, bounds: changed }: RemoteWriterOptions): RemoteWriter {
  const bounds = { ...usualBounds, ...changed }
  const stopping = new AbortController()
  const post = poster(config, send)
  let queue: Write[] = []
  let waiting = 0
  let refusals = 0
  let failures = 0
  let running: Promise<void> | null = null

  function start(): void {
    running ??= run().finally(() => {
      running = null
      if (queue.length > 0 && !stopping.signal.aborted) start()
    })
  }

  async function run(): Promise<void> {
    while (queue.length > 0 && !stopping.signal.aborted) {
      const batch = nextBatch(queue)
      queue = queue.slice(batch.length)
      await settle(batch)
      waiting -= countOf(batch)
      metrics.waiting(waiting)
    }
  }

  /** Until somebody said yes or no to all of it, or the process ends. */
  async function settle(batch: readonly Write[]): Promise<void> {
    for (;;) {
      const answer = await post(batch.flatMap(({ samples }) => samples))
      if (answer.kind === 'taken') return taken(batch)
      if (answer.kind === 'refused') return refused(batch, answer.reason)
      if (stopping.signal.aborted) return dropped(batch)
      await putOff(answer.reason)
    }
  }

  function taken(batch: readonly Write[]): void {
    failures = 0
    refusals = 0
    metrics.samples('sent', countOf(batch))
    for (const { answered } of batch) answered()
  }

  async function putOff(reason: string): Promise<void> {
    failures += 1
    metrics.retried()
    // Each doubling is enough to be seen.
    if (Number.isInteger(Math.log2(failures))) log.warn({ reason, failures, waiting }, 'remote-write-put-off')
    const pauseMs = Math.min(bounds.firstRetryMs * 2 ** (failures - 1), bounds.longestRetryMs)
    await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
  }

  /** A request is taken whole or not at all: the good ones among them are found by halves. */
  async function refused(batch: readonly Write[], reason: string): Promise<void> {
    failures = 0
    refusals += 1
    const middle = Math.ceil(batch.length / 2)
    if (batch.length > 1 && refusals < refusalsMax) {
      await settle(batch.slice(0, middle))
      return settle(batch.slice(middle))
    }
    metrics.samples('failed', countOf(batch))
    log.warn({ reason, samples: countOf(batch), series: batch[0]?.samples[0]?.labels ?? {} }, 'remote-write-refused')
    for (const { answered } of batch) answered()
  }

  function dropped(batch: readonly Write[]): void {
    metrics.samples('dropped', countOf(batch))
  }

  return {
    push(samples, answered) {
      if (samples.length === 0) return answered()
      queue.push({ samples, answered })
      waiting += samples.length
      while (waiting > bounds.waitingMax && queue.length > 1) {
        const oldest = queue.splice(0, 1)
        waiting -= countOf(oldest)
        dropped(oldest)
      }
      metrics.waiting(waiting)
      start()
    },
    idle: () => running === null,
    async close() {
      const timer = setTimeout(() => stopping.abort(), bounds.drainMs)
      await running
      clearTimeout(timer)
      if (queue.length > 0) dropped(queue)
      queue = []
    },
  }
}

/** What fits a request; one that alone is larger goes alone. */
function nextBatch(queue: readonly Write[]): Write[] {
  let samples = 0
  const end = queue.findIndex((write, index) => {
    samples += write.samples.length
    return index > 0 && samples > samplesPerRequest
  })
  return queue.slice(0, end < 0 ? queue.length : end)
}

function countOf(batch: readonly Write[]): number {
  return batch.reduce((sum, { samples }) => sum + samples.length, 0)
}
