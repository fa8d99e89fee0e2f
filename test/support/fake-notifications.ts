import type { NotificationJob, NotificationStore, PendingDelivery, Receiver } from '../../activities/notification-ports.ts'
import { type NotificationRule, prepareRule } from '../../core/notification-rules/rule.ts'

export type FakeDelivery = PendingDelivery &
  Readonly<{
    receiver: string
    sequence: number
    status: 'pending' | 'retrying' | 'delivered' | 'dead'
    attempts: number
    detail: string | null
  }>

export type FakeNotificationStore = NotificationStore &
  Readonly<{ deliveries: () => readonly FakeDelivery[]; unknownHandles: () => readonly string[] }>

/** A NotificationStore in memory. It passes test/conformance/notification-store.ts. */
export function fakeNotificationStore(
  jobs: readonly NotificationJob[],
  receivers: readonly Receiver[],
  rules: readonly NotificationRule[] = [],
): FakeNotificationStore {
  const all: readonly Receiver[] = [{ name: 'log', kind: 'log', config: {} }, ...receivers]
  const deliveries = new Map<string, FakeDelivery>()
  let unknown: readonly string[] = []
  const keyOf = (monitorId: number, transitionSequence: number, receiver: string): string =>
    `${monitorId}/${transitionSequence}/${receiver}`
  const open = ({ status }: FakeDelivery): boolean => status === 'pending' || status === 'retrying'

  return {
    load: async (monitorId, sequence) =>
      jobs.find((job) => job.monitorId === monitorId && job.sequence === sequence && job.transitions.length > 0) ?? null,
    receivers: async (names) => all.filter((receiver) => names.includes(receiver.name)),
    rules: async () => rules.map((rule, index) => prepareRule(`rule-${index + 1}`, rule)),
    plan: async (monitorId, sequence, planned, unknownHandles) => {
      for (const delivery of planned) {
        const key = keyOf(monitorId, delivery.transitionSequence, delivery.receiver)
        if (!deliveries.has(key)) deliveries.set(key, { ...delivery, sequence, status: 'pending', attempts: 0, detail: null })
      }
      unknown = unknownHandles
    },
    pending: async (monitorId, sequence, receiver, limit) =>
      [...deliveries]
        .filter(
          ([key, delivery]) =>
            key.startsWith(`${monitorId}/`) && delivery.sequence === sequence && delivery.receiver === receiver && open(delivery),
        )
        .map(([, { transitionSequence, title, body }]) => ({ transitionSequence, title, body }))
        .sort((a, b) => a.transitionSequence - b.transitionSequence)
        .slice(0, limit),
    record: async (monitorId, transitionSequence, receiver, { status, detail }) => {
      const key = keyOf(monitorId, transitionSequence, receiver)
      const delivery = deliveries.get(key)
      if (delivery === undefined) return
      if (!open(delivery) && !(delivery.status === 'dead' && status === 'delivered')) return
      deliveries.set(key, { ...delivery, status, detail, attempts: delivery.attempts + 1 })
    },
    deliveries: () => [...deliveries.values()],
    unknownHandles: () => unknown,
  }
}
