/**
 * How a source is asked: so many questions at once, so many waiting, none while it is down, and equal ones only once. One of these stands
 * before each source in each worker. Never retries: the next slot does. Read next: coalesce.ts; cockatiel's bulkhead and circuit breaker.
 */
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel'
import { SourceError, type SourceFailureCode } from '../../../activities/ports.ts'
import type { SourceLimits } from '../../../contract/source-fields.ts'
import type { SourceMetrics } from '../../../telemetry/source-metrics.ts'
import { coalescer } from './coalesce.ts'

export type Polite<Answer> = Readonly<{
  /** `run` gets the time that is left once it is its turn. Rejects with SourceError only, as `run` must. */
  ask: (key: string, timeoutMs: number, run: (timeoutMs: number) => Promise<Answer>) => Promise<Answer>
  condition: () => SourceCondition
}>

/** For people. */
export type SourceCondition = Readonly<{
  /** open = it failed so often that it isn't asked for a while; half-open = one question tries. */
  circuit: 'closed' | 'open' | 'half-open'
  running: number
  waiting: number
  sent: number
  shared: number
  failed: number
  last_answer: string | null
  last_failure: Readonly<{ at: string; reason: string }> | null
}>

export type PoliteOptions<Answer> = Readonly<{
  name: string
  limits: SourceLimits
  metrics: SourceMetrics
  clock: () => number
  /** Bytes that keeping an answer takes, about. */
  weigh: (answer: Answer) => number
}>

/** What says that the source is in trouble, and not the question. */
const troubles: ReadonlySet<SourceFailureCode> = new Set(['timeout', 'unreachable', 'refused', 'bad-reply'])

export function polite<Answer>({ name, limits, metrics, clock, weigh }: PoliteOptions<Answer>): Polite<Answer> {
  const turns = bulkhead(limits.concurrency, limits.queue)
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof SourceError && troubles.has(error.code)),
    { halfOpenAfter: limits.pause_s * 1_000, breaker: new ConsecutiveBreaker(limits.failures) },
  )
  const shared = coalescer<Answer>({ clock, weigh })
  const counts = { sent: 0, shared: 0, failed: 0 }
  let lastAnswer: number | null = null
  let lastFailure: { at: number; reason: string } | null = null
  breaker.onStateChange((state) => metrics.circuit(name, state === CircuitState.Closed ? 'closed' : 'open'))

  const send = async (timeoutMs: number, run: (timeoutMs: number) => Promise<Answer>): Promise<Answer> => {
    const startedAt = clock()
    counts.sent += 1
    try {
      const answer = await run(timeoutMs)
      lastAnswer = clock()
      metrics.query(name, 'answered', clock() - startedAt)
      return answer
    } catch (error) {
      metrics.query(name, error instanceof SourceError ? error.code : 'bad-reply', clock() - startedAt)
      throw error
    }
  }

  const ask = async (timeoutMs: number, run: (timeoutMs: number) => Promise<Answer>): Promise<Answer> => {
    const deadline = clock() + Math.min(timeoutMs, limits.timeout_s * 1_000)
    try {
      return await turns.execute(() => {
        const leftMs = deadline - clock()
        // That is not the source's failure: it may well answer those whose turn it is.
        if (leftMs <= 0)
          throw new SourceError('timeout', `source ${name}: ${limits.concurrency} queries at once leave no time for this one`)
        return breaker.execute(() => send(leftMs, run))
      })
    } catch (error) {
      const failure = sourceError(name, error, limits, lastFailure?.reason ?? '')
      if (!(error instanceof BrokenCircuitError)) lastFailure = { at: clock(), reason: failure.message }
      counts.failed += 1
      throw failure
    }
  }

  return {
    ask: (key, timeoutMs, run) => {
      const asked = shared.ask(key, () => ask(timeoutMs, run))
      if (asked.shared) {
        counts.shared += 1
        metrics.shared(name)
      }
      return asked.answer
    },
    condition: () => ({
      circuit: circuitOf(breaker.state),
      running: limits.concurrency - turns.executionSlots,
      waiting: limits.queue - turns.queueSlots,
      ...counts,
      last_answer: lastAnswer === null ? null : new Date(lastAnswer).toISOString(),
      last_failure: lastFailure === null ? null : { at: new Date(lastFailure.at).toISOString(), reason: lastFailure.reason },
    }),
  }
}

function sourceError(name: string, error: unknown, limits: SourceLimits, reason: string): SourceError {
  if (error instanceof SourceError) return error
  if (error instanceof BulkheadRejectedError) {
    return new SourceError('refused', `source ${name}: ${limits.concurrency} queries run and ${limits.queue} wait already`, {
      cause: error,
    })
  }
  if (error instanceof BrokenCircuitError) {
    const because = reason === '' ? '' : `, last with: ${reason}`
    return new SourceError(
      'unreachable',
      `source ${name} isn't asked for ${limits.pause_s} s: it failed ${limits.failures} times in a row${because}`,
      {
        cause: error,
      },
    )
  }
  const message = error instanceof Error ? error.message : String(error)
  return new SourceError('bad-reply', message, { cause: error })
}

function circuitOf(state: CircuitState): SourceCondition['circuit'] {
  if (state === CircuitState.Closed) return 'closed'
  return state === CircuitState.HalfOpen ? 'half-open' : 'open'
}
