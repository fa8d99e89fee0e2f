import { type Breaker, breakerAfter, breakerAt } from '../core/delivery/breaker.ts'
import type { DeliveryPolicy } from '../core/delivery/policy.ts'
import { freeAtMs, leftIn } from '../core/delivery/window.ts'
import type { LaneState, LaneStore } from './lane-ports.ts'
import type { Answer } from './send.ts'

/** How many messages may go now; `untilMs`: when more may, where the gate is what holds them. */
export type Opening = Readonly<{ room: number; budgetLeft: number | null; probing: boolean; untilMs: number | null }>

/** Holds a lane to its receiver's policy, pauses and breaker. */
export type Gate = Readonly<{
  opening: (nowMs: number, underWay: number) => Opening
  /** A message goes now. */
  sent: (nowMs: number) => void
  /** Answers whether what waits for a next try needn't any more. */
  answered: (answer: Answer, nowMs: number) => Promise<boolean>
  state: () => LaneState
  refreshed: (nowMs: number) => Promise<void>
}>

const minuteMs = 60_000

/** Counts from what the store remembers, so that limits hold over the lives of workers. */
export async function openGate(
  lanes: LaneStore,
  receiver: string,
  stored: LaneState,
  policy: DeliveryPolicy,
  incidents: boolean,
): Promise<Gate> {
  const { ratePerMinute, concurrency } = policy
  const budget = incidents ? null : policy.budget
  const rate =
    ratePerMinute === null ? unlimited : counterOf(await lanes.sentAt(receiver, 'tried', minuteMs, ratePerMinute), ratePerMinute, minuteMs)
  const limited =
    budget === null
      ? unlimited
      : counterOf(await lanes.sentAt(receiver, 'delivered', budget.perMs, budget.messages), budget.messages, budget.perMs)
  let lane = stored
  let saving = Promise.resolve()

  const change = async (next: Partial<LaneState>): Promise<void> => {
    lane = { ...lane, ...next }
    // One after the other: answers come side by side, and the last state must be the one that stays.
    const before = saving
    saving = before.catch(() => {}).then(() => lanes.save(receiver, lane))
    await saving
  }

  return {
    opening(nowMs, underWay) {
      const breaker = breakerAt(lane.breaker, nowMs)
      const untilMs = Math.max(...heldUntil(lane, breaker, nowMs), rate.freeAtMs(nowMs), limited.freeAtMs(nowMs))
      const probing = breaker.state === 'half-open'
      const room = Math.min((probing ? 1 : concurrency) - underWay, rate.left(nowMs))
      const budgetLeft = budget === null ? null : Math.max(0, limited.left(nowMs) - underWay)
      if (untilMs > nowMs) return { room: 0, budgetLeft, probing, untilMs }
      return { room: Math.max(0, room), budgetLeft, probing, untilMs: null }
    },
    sent(nowMs) {
      rate.count(nowMs)
    },
    async answered({ kind, pauseMs }, nowMs) {
      if (kind === 'delivered') limited.count(nowMs)
      // A receiver that says when to come back is alive: it is left alone until then, and nothing is counted against it.
      if (pauseMs !== null) await change({ pausedUntilMs: Math.max(lane.pausedUntilMs ?? 0, nowMs + pauseMs) })
      const before = breakerAt(lane.breaker, nowMs)
      const breaker = pauseMs === null ? breakerAfter(before, kind !== 'retry', nowMs, Math.random()) : before
      if (!same(breaker, lane.breaker)) await change({ breaker })
      return before.state !== 'closed' && breaker.state === 'closed'
    },
    state: () => lane,
    refreshed: (nowMs) => change({ refreshedAtMs: nowMs }),
  }
}

/** By the breaker, and by the receiver itself. */
function heldUntil({ pausedUntilMs }: LaneState, { state, untilMs }: Breaker, nowMs: number): number[] {
  return [state === 'open' ? (untilMs ?? nowMs) : nowMs, pausedUntilMs ?? nowMs]
}

type Counter = Readonly<{ left: (nowMs: number) => number; freeAtMs: (nowMs: number) => number; count: (nowMs: number) => void }>

const unlimited: Counter = { left: () => Number.POSITIVE_INFINITY, freeAtMs: (nowMs) => nowMs, count: () => {} }

function counterOf(stored: readonly number[], max: number, perMs: number): Counter {
  const times = [...stored]
  return {
    left: (nowMs) => leftIn(times, max, perMs, nowMs),
    freeAtMs: (nowMs) => freeAtMs(times, max, perMs, nowMs),
    count: (nowMs) => {
      times.push(nowMs)
      // Older ones can't hold anything any more.
      if (times.length > max) times.splice(0, times.length - max)
    },
  }
}

const same = (a: Breaker, b: Breaker): boolean => a.state === b.state && a.failures === b.failures && a.untilMs === b.untilMs
