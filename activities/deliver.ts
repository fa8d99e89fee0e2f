/**
 * Sends what was planned for one receiver, in order, and records each answer at once.
 * Never decides how long to try: it throws `DeliveryRetry`, and the workflow's retry policy does the rest.
 * Read next: workflows/notify.ts, adapters/notifiers/.
 */
import { cancellationSignal } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { messageId } from '../core/message/id.ts'
import type { Transition } from '../core/monitor/types.ts'
import { beating } from './beating.ts'
import type { DeliveryReceipt, NotificationJob, Notifier, OutgoingMessage, PendingDelivery, Receiver } from './notification-ports.ts'
import type { ActivityPorts } from './ports.ts'

export type DeliverInput = Readonly<{ monitorId: number; sequence: number; receiver: string }>
/** `more`: messages are left that didn't fit this call. */
export type DeliverAnswer = Readonly<{ delivered: number; more: boolean }>

/** Messages of one call: at ten seconds each, a call stays below the 20 minutes that workflows/notify.ts gives it. */
const messagesPerCallMax = 100
/** A receiver may ask for a pause; beyond an hour, asking again is the better guess. */
const pauseMaxMs = 3_600_000

type Ports = Pick<ActivityPorts, 'notifications' | 'notifiers' | 'metrics' | 'clock'>

export function deliverActivities(ports: Ports) {
  return {
    /** Rejects with an ApplicationFailure `DeliveryRetry` when the receiver should be tried again. */
    async deliver(input: DeliverInput): Promise<DeliverAnswer> {
      const { monitorId, sequence, receiver } = input
      const [job, [target]] = await Promise.all([ports.notifications.load(monitorId, sequence), ports.notifications.receivers([receiver])])
      if (job === null) return { delivered: 0, more: false }
      if (target === undefined) {
        await abandon(ports, input, `there is no receiver ${receiver} any more`)
        return { delivered: 0, more: false }
      }
      const waiting = await ports.notifications.pending(monitorId, sequence, receiver, messagesPerCallMax + 1)
      const delivered = await beating(() => deliverAll(ports, job, target, waiting.slice(0, messagesPerCallMax)))
      return { delivered, more: waiting.length > messagesPerCallMax }
    },

    /** What is still waiting for this receiver will not be sent any more. */
    async abandonDelivery(input: DeliverInput & Readonly<{ reason: string }>): Promise<void> {
      await beating(() => abandon(ports, input, input.reason))
    },
  }
}

async function deliverAll(ports: Ports, job: NotificationJob, receiver: Receiver, waiting: readonly PendingDelivery[]): Promise<number> {
  const notifier = notifierOf(ports, receiver)
  let delivered = 0
  for (const message of waiting) {
    cancellationSignal().throwIfAborted()
    const receipt = await deliverOne(ports, notifier, job, receiver, message)
    if (receipt.kind === 'retry') throw retryFailure(receipt)
    if (receipt.kind === 'delivered') delivered += 1
  }
  return delivered
}

async function deliverOne(
  ports: Ports,
  notifier: Notifier,
  job: NotificationJob,
  receiver: Receiver,
  { transitionSequence, title, body }: PendingDelivery,
): Promise<DeliveryReceipt> {
  const startedAt = ports.clock()
  const transition = job.transitions.find((candidate) => candidate.sequence === transitionSequence)
  const id = transition === undefined ? null : messageId(job.monitorId, transition, receiver.name)
  const receipt: DeliveryReceipt =
    transition === undefined || id === null
      ? { kind: 'refused', reason: 'its transition is not stored any more' }
      : await notifier.deliver(outgoing(job, transition, { id, title, body }), receiver)
  const latencyMs = ports.clock() - startedAt
  await ports.notifications.record(job.monitorId, transitionSequence, receiver.name, { ...outcomeOf(receipt), latencyMs })
  ports.metrics.delivery(notifier.kind, receipt.kind, latencyMs)
  return receipt
}

function outgoing(
  { monitorId, subject }: NotificationJob,
  transition: Transition,
  { id, title, body }: Pick<OutgoingMessage, 'id' | 'title' | 'body'>,
): OutgoingMessage {
  const episode = { key: `${monitorId}:${transition.group}`, reference: null, othersOpen: 0 }
  return {
    id,
    form: 'single',
    subject,
    transition,
    transitions: [transition],
    title,
    body,
    priority: subject.priority,
    episode,
    link: null,
  }
}

function outcomeOf(receipt: DeliveryReceipt): Readonly<{ status: 'delivered' | 'retrying' | 'dead'; detail: string }> {
  if (receipt.kind === 'delivered') return { status: 'delivered', detail: receipt.detail }
  return { status: receipt.kind === 'retry' ? 'retrying' : 'dead', detail: receipt.reason }
}

/** A kind that this worker doesn't know may be known to the next one: a newer version is being rolled out. */
function notifierOf(ports: Ports, receiver: Receiver): Notifier {
  const notifier = ports.notifiers.find((candidate) => candidate.kind === receiver.kind)
  if (notifier !== undefined) return notifier
  throw ApplicationFailure.create({ type: 'DeliveryRetry', message: `this worker knows no receivers of the kind ${receiver.kind}` })
}

function retryFailure({ reason, afterMs }: Extract<DeliveryReceipt, { kind: 'retry' }>): ApplicationFailure {
  const failure = { type: 'DeliveryRetry', message: reason, nonRetryable: false }
  if (afterMs === null) return ApplicationFailure.create(failure)
  // Spread by a fifth: whoever was told to wait for the same while doesn't come back in the same moment.
  const spread = 1 + 0.2 * Math.random()
  return ApplicationFailure.create({ ...failure, nextRetryDelay: Math.max(1, Math.round(Math.min(afterMs, pauseMaxMs) * spread)) })
}

async function abandon({ notifications }: Ports, { monitorId, sequence, receiver }: DeliverInput, reason: string): Promise<void> {
  for (const { transitionSequence } of await notifications.pending(monitorId, sequence, receiver)) {
    await notifications.record(monitorId, transitionSequence, receiver, { status: 'dead', detail: reason, latencyMs: 0 })
  }
}
