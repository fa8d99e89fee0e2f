/**
 * What was decided and isn't stored yet, because PostgreSQL is away: the monitor goes on, and this is written in its order once it is
 * back. Bounded, since it travels with the state through continue-as-new. Read next: workflows/outbox.ts, snapshot.ts.
 */
import type { MonitorSpec } from './spec-types.ts'
import type { Effect, MonitorEvent } from './types.ts'

/** One event and what it came to. Where the store turns out to know better, the event is judged on top of that. */
export type Undone = Readonly<{
  /** null = the monitor's beginning, which decides nothing. */
  event: MonitorEvent | null
  effects: readonly Effect[]
  /** As it was before the event. */
  lastSlot: number
  /** The definition before the event, where the event changed it. */
  spec?: MonitorSpec
}>

/**
 * Characters of JSON: three bytes each at the worst, and what room.ts leaves of a payload beside the largest state is 197 KB. A change of some
 * groups is one or two thousand, so some dozens of changes find room.
 */
export const outboxCharsMax = 60_000

/** Whether it may travel along. What doesn't fit is waited for, and so is all that comes after it. */
export function fits(undone: readonly Undone[]): boolean {
  let chars = 0
  for (const one of undone) chars += JSON.stringify(one).length
  return chars <= outboxCharsMax
}

/** Between two tries while PostgreSQL is away: a short absence is over soon, and a long one ends for all monitors within this. */
const retryMinMs = 1_000
const retryMaxMs = 20_000

/** PostgreSQL gave no answer. `at`: when it is asked again, in epoch ms. */
export type Retry = Readonly<{ failures: number; at: number }>

/** One more time in vain. What is to be asked again later already stays so. */
export function postponed(retry: Retry | null, now: number): Retry {
  if (retry !== null && retry.at > now) return retry
  const failures = (retry?.failures ?? 0) + 1
  return { failures, at: now + delayMs(failures) }
}

export function delayMs(failures: number): number {
  return Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(failures - 1, 10))
}
