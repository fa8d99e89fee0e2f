import { expect, test } from 'vitest'
import type { NotificationJob, NotificationStore, Receiver } from '../../activities/notification-ports.ts'
import { notificationJob } from '../support/notification-job.ts'

export type StoreWith = (jobs: readonly NotificationJob[], receivers: readonly Receiver[]) => Promise<NotificationStore>

const ops: Receiver = { name: 'webhook-ops', kind: 'webhook', config: { url: 'https://example.com/ops' }, policy: { concurrency: 2 } }
const job = (monitorId: number): NotificationJob => notificationJob(['host:a', 'host:b', 'host:c'], { monitorId })

/** What every NotificationStore does. `storeWith` gives one that holds these commits and receivers (and maybe more). */
export function notificationStoreConformance(name: string, storeWith: StoreWith): void {
  let nextId = 5_000
  async function planned() {
    nextId += 1
    const store = await storeWith([job(nextId)], [ops])
    const deliveries = [3, 1, 2].map((transitionSequence) => ({
      transitionSequence,
      receiver: 'webhook-ops',
      title: `t${transitionSequence}`,
      body: 'b',
    }))
    await store.plan(nextId, 3, deliveries, ['nobody'])
    const pending = async (limit?: number) => (await store.pending(nextId, 3, 'webhook-ops', limit)).map((one) => one.transitionSequence)
    const record = (sequence: number, status: 'delivered' | 'retrying' | 'dead') =>
      store.record(nextId, sequence, 'webhook-ops', { status, detail: status, latencyMs: 1.5 })
    return { id: nextId, store, deliveries, pending, record }
  }

  test(`${name}: a stored commit is loaded as it was decided`, async () => {
    const store = await storeWith([job(4_001)], [])
    expect(await store.load(4_001, 3)).toEqual(job(4_001))
  })

  test(`${name}: a commit that isn't there is null`, async () => {
    const store = await storeWith([job(4_002)], [])
    expect(await store.load(4_002, 2)).toBeNull()
    expect(await store.load(999_999, 3)).toBeNull()
  })

  test(`${name}: a commit that tells nothing is null`, async () => {
    const store = await storeWith([{ ...job(4_003), transitions: [] }], [])
    expect(await store.load(4_003, 3)).toBeNull()
  })

  test(`${name}: the log is a receiver of its own, and unknown names are absent`, async () => {
    const store = await storeWith([], [ops])
    expect(await store.receivers(['nobody', 'webhook-ops', 'log'])).toEqual(
      expect.arrayContaining([{ name: 'log', kind: 'log', config: {} }, ops]),
    )
    expect(await store.receivers(['nobody'])).toEqual([])
    expect(await store.receivers([])).toEqual([])
  })

  test(`${name}: planned messages wait in the order of their transitions`, async () => {
    const { id, store, pending } = await planned()
    expect(await pending()).toEqual([1, 2, 3])
    expect(await pending(2)).toEqual([1, 2])
    expect(await store.pending(id, 3, 'log')).toEqual([])
    expect(await store.pending(id, 2, 'webhook-ops')).toEqual([])
    expect((await store.pending(id, 3, 'webhook-ops', 1))[0]).toEqual({ transitionSequence: 1, title: 't1', body: 'b' })
  })

  test(`${name}: a plan that comes again changes nothing that is on its way`, async () => {
    const { id, store, deliveries, pending, record } = await planned()
    await record(1, 'delivered')
    await store.plan(
      id,
      3,
      deliveries.map((delivery) => ({ ...delivery, title: 'another' })),
      [],
    )
    expect(await pending()).toEqual([2, 3])
    expect((await store.pending(id, 3, 'webhook-ops'))[0]?.title).toBe('t2')
  })

  test(`${name}: what was delivered or given up waits no more, what is retried does`, async () => {
    const { pending, record } = await planned()
    await record(1, 'delivered')
    await record(2, 'retrying')
    await record(3, 'dead')
    expect(await pending()).toEqual([2])
  })

  test(`${name}: a late answer never reopens what is finished`, async () => {
    const { pending, record } = await planned()
    await record(1, 'delivered')
    await record(1, 'retrying')
    await record(2, 'dead')
    await record(2, 'retrying')
    expect(await pending()).toEqual([3])
  })
}
