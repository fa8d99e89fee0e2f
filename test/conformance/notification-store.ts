import { expect, test } from 'vitest'
import type { LaneStore } from '../../activities/lane-ports.ts'
import type { NotificationJob, NotificationStore, PlannedDelivery, Receiver } from '../../activities/notification-ports.ts'
import { episodeKey } from '../../core/delivery/episode.ts'
import { notificationJob } from '../support/notification-job.ts'

export type Stores = Readonly<{ notifications: NotificationStore; lanes: LaneStore }>
export type StoresWith = (jobs: readonly NotificationJob[], receivers: readonly Receiver[]) => Promise<Stores>

const job = (monitorId: number): NotificationJob => notificationJob(['host:a', 'host:b', 'host:c'], { monitorId })

function deliveryOf(receiver: string, monitorId: number, sequence: number, group: string, title = `t${sequence}`): PlannedDelivery {
  const key = episodeKey(monitorId, group)
  return {
    receiver,
    form: 'single',
    transitionSequence: sequence,
    transitionSequences: [],
    chain: key,
    opens: true,
    title,
    body: 'b',
    priority: 3,
    episode: { id: null, key },
    fallbackFor: null,
    bundle: null,
  }
}

/** What every NotificationStore and its LaneStore do. `storesWith` gives some that hold these commits and receivers (and maybe more). */
export function notificationStoreConformance(name: string, storesWith: StoresWith): void {
  let nextId = 5_000
  async function planned() {
    nextId += 1
    const monitorId = nextId
    const ops: Receiver = {
      name: `ops-${monitorId}`,
      kind: 'webhook',
      config: { url: 'https://example.com/ops' },
      policy: { concurrency: 2 },
    }
    const { notifications, lanes } = await storesWith([job(monitorId)], [ops])
    const groups = ['host:a', 'host:b', 'host:c']
    const planAs = (titled?: string) =>
      notifications.plan(
        monitorId,
        3,
        {
          deliveries: groups.map((group, index) => deliveryOf(ops.name, monitorId, index + 1, group, titled)),
          episodes: groups.map((group) => ({
            receiver: ops.name,
            group,
            bundle: false,
            open: true,
            episode: { id: null, key: episodeKey(monitorId, group) },
          })),
        },
        ['nobody'],
      )
    await planAs()
    const waiting = () => lanes.waiting(ops.name, true)
    const titles = async () => (await lanes.messages({ ids: (await waiting()).map(({ id }) => id) })).map(({ title }) => title)
    const idOf = async (sequence: number) => (await waiting()).find((one) => one.sequence === sequence)?.id ?? 0
    const record = (id: number, outcome: 'delivered' | 'retry' | 'refused', reference: Record<string, string> | null = null) =>
      lanes.record([id], { messageId: `m${id}`, outcome, detail: outcome, latencyMs: 1.5, retryInMs: 60_000, reference })
    return { monitorId, ops, notifications, lanes, planAs, waiting, titles, idOf, record }
  }

  test(`${name}: a stored commit is loaded as it was decided`, async () => {
    const { notifications } = await storesWith([job(4_001)], [])
    expect(await notifications.load(4_001, 3)).toEqual(job(4_001))
  })

  test(`${name}: a commit that isn't there, or tells nothing, is null`, async () => {
    const { notifications } = await storesWith([job(4_002), { ...job(4_003), transitions: [] }], [])
    expect(await notifications.load(4_002, 2)).toBeNull()
    expect(await notifications.load(999_999, 3)).toBeNull()
    expect(await notifications.load(4_003, 3)).toBeNull()
  })

  test(`${name}: the log is a receiver of its own, and unknown names are absent`, async () => {
    const { ops, notifications } = await planned()
    expect(await notifications.receivers(['nobody', ops.name, 'log'])).toEqual(
      expect.arrayContaining([{ name: 'log', kind: 'log', config: {} }, ops]),
    )
    expect(await notifications.receivers(['nobody'])).toEqual([])
    expect(await notifications.receivers([])).toEqual([])
  })

  test(`${name}: what isn't planned is known until it is`, async () => {
    const { notifications } = await storesWith([job(4_004)], [])
    expect(await notifications.unplanned(4_004, 3, 10)).toEqual([3])
    expect(await notifications.unplanned(4_004, 2, 10)).toEqual([])
    await notifications.plan(4_004, 3, { deliveries: [], episodes: [] }, [])
    expect(await notifications.unplanned(4_004, 3, 10)).toEqual([])
  })

  test(`${name}: a plan that comes again changes nothing`, async () => {
    const { planAs, titles, idOf, record } = await planned()
    await record(await idOf(1), 'delivered')
    await planAs('another')
    expect(await titles()).toEqual(['t2', 't3'])
  })

  test(`${name}: what was delivered or refused waits no more, what is retried waits for its time`, async () => {
    const { waiting, idOf, record, lanes, ops } = await planned()
    await record(await idOf(1), 'delivered')
    await record(await idOf(2), 'retry')
    await record(await idOf(3), 'refused')
    expect(await waiting()).toMatchObject([{ sequence: 2, failures: 1, dueInMs: expect.any(Number) }])
    expect(await lanes.waiting(ops.name, false)).toEqual([])
    const { open, nextInMs } = await lanes.outlook(ops.name)
    expect(open).toBe(1)
    expect(nextInMs).toBeGreaterThan(50_000)
    await lanes.hurry(ops.name)
    expect(await lanes.waiting(ops.name, false)).toHaveLength(1)
  })

  test(`${name}: a late answer never reopens what is finished, and what was given up and arrived after all counts as delivered`, async () => {
    const { idOf, record, lanes, ops } = await planned()
    const [first, second] = [await idOf(1), await idOf(2)]
    await record(first, 'delivered')
    await record(first, 'retry')
    await record(second, 'refused')
    await record(second, 'retry')
    expect((await lanes.outlook(ops.name)).open).toBe(1)
    await record(second, 'delivered')
    expect(await lanes.sentAt(ops.name, 'delivered', 60_000, 10)).toHaveLength(2)
    expect(await lanes.sentAt(ops.name, 'tried', 60_000, 10)).toHaveLength(3)
  })

  test(`${name}: who plans sees which lanes look by themselves`, async () => {
    const { monitorId, ops, notifications, lanes } = await planned()
    expect(await notifications.asleep(monitorId, 3)).toEqual([ops.name])
    await lanes.begin(ops.name, 60_000)
    expect(await notifications.asleep(monitorId, 3)).toEqual([])
    await lanes.end(ops.name)
    expect(await notifications.asleep(monitorId, 3)).toEqual([ops.name])
    await lanes.begin(ops.name, -1)
    expect(await notifications.asleep(monitorId, 3)).toEqual([ops.name])
  })

  test(`${name}: the state of a lane outlives its worker`, async () => {
    const { ops, lanes } = await planned()
    const fresh = await lanes.begin(ops.name, 60_000)
    expect(fresh.breaker.state).toBe('closed')
    const state = {
      breaker: { state: 'open', failures: 6, openings: 2, sinceMs: 1_769_860_800_000, untilMs: 1_769_860_900_000 },
      pausedUntilMs: 1_769_860_950_000,
      refreshedAtMs: null,
    } as const
    await lanes.save(ops.name, state)
    expect(await lanes.begin(ops.name, 60_000)).toEqual(state)
  })

  test(`${name}: the first answer of an episode stays its reference`, async () => {
    const { monitorId, ops, lanes, idOf, record, notifications } = await planned()
    const id = await idOf(1)
    await record(id, 'delivered', { thread: '1' })
    const known = await notifications.episodes(monitorId, [ops.name], ['host:a', 'host:z'])
    expect(known[ops.name]).toMatchObject({ 'host:a': { key: episodeKey(monitorId, 'host:a'), open: true } })
    expect(Object.keys(known[ops.name] ?? {})).toEqual(['host:a'])
    await record(await idOf(2), 'delivered', { thread: '2' })
    const [reminder] = await lanes.remindable(ops.name, 0, 0, 10)
    expect(reminder?.episode?.reference).toEqual({ thread: '1' })
  })

  test(`${name}: given up are all, or those that are open for so long`, async () => {
    const { ops, lanes } = await planned()
    expect(await lanes.giveUp(ops.name, 60_000, 'too old')).toBe(0)
    expect(await lanes.giveUp(ops.name, null, 'gone')).toBe(3)
    expect((await lanes.outlook(ops.name)).open).toBe(0)
  })
}
