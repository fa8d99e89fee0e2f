/**
 * That a lane looks by itself, said for as long as it is true: whoever plans wakes it only where it isn't said.
 * Read next: drain.ts, lane-ports.ts.
 */
import type { LaneState, LaneStore } from './lane-ports.ts'

export type Lease = Readonly<{
  /** Says it from here on, again and again. */
  take: () => Promise<LaneState>
  /** Takes it back. Rejects where the store is away. */
  giveBack: () => Promise<void>
  /** Says it no more; what was said last holds until its end. */
  close: () => Promise<void>
}>

/** A worker that dies takes it along for this long at the most. */
const leaseMs = 15_000
const renewMs = 3_000

export function leaseOf(lanes: Pick<LaneStore, 'begin' | 'end'>, receiver: string): Lease {
  let timer: NodeJS.Timeout | null = null
  let renewal: Promise<unknown> | null = null

  function renew(): void {
    renewal ??= lanes
      .begin(receiver, leaseMs)
      .catch(() => {})
      .finally(() => {
        renewal = null
      })
  }

  /** A renewal that is under way must come first: after the lease was taken back it would say it again, and a lane that sleeps isn't woken. */
  async function close(): Promise<void> {
    if (timer !== null) clearInterval(timer)
    timer = null
    await renewal
  }

  return {
    async take() {
      const state = await lanes.begin(receiver, leaseMs)
      timer ??= setInterval(renew, renewMs)
      return state
    },
    async giveBack() {
      await close()
      await lanes.end(receiver)
    },
    close,
  }
}
