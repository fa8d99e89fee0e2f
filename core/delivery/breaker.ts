import { assertNever } from '../assert.ts'

/**
 * Whether a receiver is worth asking. closed: yes; open: not before `untilMs`; half-open: one message tries it out. Plain data, so that
 * it outlives the process that counted.
 */
export type Breaker = Readonly<{
  state: 'closed' | 'open' | 'half-open'
  /** Failures in a row. */
  failures: number
  /** How often it opened in a row. */
  openings: number
  sinceMs: number | null
  untilMs: number | null
}>

export const closedBreaker: Breaker = { state: 'closed', failures: 0, openings: 0, sinceMs: null, untilMs: null }

/** A message or two that a receiver chokes on don't make it dead; five in a row from different ones do. */
const failuresMax = 5
/** Doubled with each opening … */
const firstOpenMs = 5_000
/** … up to what a person notices when a receiver is back. */
const longestOpenMs = 300_000

/** As it stands at that time. */
export function breakerAt(breaker: Breaker, nowMs: number): Breaker {
  if (breaker.state !== 'open' || breaker.untilMs === null || nowMs < breaker.untilMs) return breaker
  return { ...breaker, state: 'half-open', untilMs: null }
}

/** After an answer: `ok` where the receiver gave one, whether it took the message or not. `chance` in [0, 1) spreads what opened together. */
export function breakerAfter(breaker: Breaker, ok: boolean, nowMs: number, chance: number): Breaker {
  if (ok) return closedBreaker
  switch (breaker.state) {
    case 'closed': {
      const failures = breaker.failures + 1
      return failures < failuresMax ? { ...breaker, failures } : opened({ ...breaker, failures }, nowMs, chance)
    }
    case 'half-open':
      return opened({ ...breaker, failures: breaker.failures + 1 }, nowMs, chance)
    case 'open':
      // What was on its way when it opened says nothing new.
      return breaker
    default:
      return assertNever(breaker.state)
  }
}

function opened(breaker: Breaker, nowMs: number, chance: number): Breaker {
  const openMs = Math.min(firstOpenMs * 2 ** Math.min(breaker.openings, 16), longestOpenMs) * (0.8 + 0.4 * chance)
  const sinceMs = breaker.openings === 0 ? nowMs : breaker.sinceMs
  return { ...breaker, state: 'open', openings: breaker.openings + 1, sinceMs, untilMs: nowMs + Math.round(openMs) }
}
