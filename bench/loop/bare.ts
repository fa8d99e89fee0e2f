import { continueAsNew, proxyLocalActivities, sleep } from '@temporalio/workflow'
import { slotAfter } from '../../core/schedule/slots.ts'

export type BareInput = Readonly<{ id: number; intervalMs: number; evaluationsPerRun: number }>

export type BareActivities = Readonly<{ nothing: () => Promise<void> }>

const { nothing } = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '15s' })

/** The least that a durable loop with one call per slot can be: sleep to the slot, call, and now and then go on in a new run. */
export async function bare(input: BareInput): Promise<void> {
  for (let count = 0; count < input.evaluationsPerRun; count += 1) {
    const now = Date.now()
    await sleep(slotAfter(input.id, input.intervalMs, now) - now)
    await nothing()
  }
  await continueAsNew<typeof bare>(input)
}

/** Collects the garbage of the worker thread it runs in, `options` as gc() takes them; false where the worker was started without --expose-gc. */
export async function collectGarbage(options: object): Promise<boolean> {
  const collect: unknown = Reflect.get(globalThis, 'gc')
  if (typeof collect !== 'function') return false
  collect(options)
  return true
}
