import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LaneState } from '../../activities/lane-ports.ts'
import { leaseOf } from '../../activities/lease.ts'

const state: LaneState = {
  breaker: { state: 'closed', failures: 0, openings: 0, sinceMs: null, untilMs: null },
  pausedUntilMs: null,
  refreshedAtMs: null,
}
const renewMs = 3_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A store that answers when it is let: what reached it in which order is what counts. */
function slowStore() {
  const done: string[] = []
  const held: (() => void)[] = []
  let hold = false
  return {
    done,
    held,
    holdRenewals: () => {
      hold = true
    },
    lanes: {
      begin: async () => {
        if (hold) await new Promise<void>((resolve) => held.push(resolve))
        done.push('begin')
        return state
      },
      end: async () => {
        done.push('end')
      },
    },
  }
}

test('a renewal that is under way doesn’t outlive a lease that is taken back', async () => {
  const { lanes, done, held, holdRenewals } = slowStore()
  const lease = leaseOf(lanes, 'log')
  await lease.take()
  holdRenewals()
  await vi.advanceTimersByTimeAsync(renewMs)
  expect(held).toHaveLength(1)
  const given = lease.giveBack()
  await vi.advanceTimersByTimeAsync(2 * renewMs)
  for (const release of held) release()
  await given
  expect(done).toEqual(['begin', 'begin', 'end'])
})

test('a lease is renewed while it is held, and can be taken again', async () => {
  const { lanes, done } = slowStore()
  const lease = leaseOf(lanes, 'log')
  await lease.take()
  await vi.advanceTimersByTimeAsync(2 * renewMs)
  await lease.giveBack()
  await vi.advanceTimersByTimeAsync(2 * renewMs)
  expect(done).toEqual(['begin', 'begin', 'begin', 'end'])
  await lease.take()
  await vi.advanceTimersByTimeAsync(renewMs)
  await lease.close()
  expect(done.slice(4)).toEqual(['begin', 'begin'])
})
