/**
 * One message on its way: sent within the receiver's time, its answer written down at once, and where it failed often enough given to
 * the receiver that stands in. Never decides when: drain.ts does.
 * Read next: outgoing.ts, adapters/notifiers/.
 */
import { askedPauseMs, pauseAfterMs } from '../core/delivery/backoff.ts'
import { type DeliveryPolicy, policyOf } from '../core/delivery/policy.ts'
import { fallbackText } from '../core/delivery/text.ts'
import { boundText } from '../core/message/format.ts'
import { withDetails } from './details.ts'
import type { StoredMessage } from './lane-ports.ts'
import type { DeliveryReceipt, Notifier, OutgoingMessage, Receiver } from './notification-ports.ts'
import { digestOf, outgoingOf } from './outgoing.ts'
import { notifierOf, planFor } from './plan-for.ts'
import type { ActivityPorts } from './ports.ts'
import { redacted } from './redact.ts'

export type SendPorts = Pick<ActivityPorts, 'lanes' | 'notifiers' | 'renderer' | 'details' | 'runtime' | 'metrics' | 'clock' | 'publicUrl'>

export type Target = Readonly<{ receiver: Receiver; notifier: Notifier; policy: DeliveryPolicy }>

/** What the lane learns of it. `pauseMs`: the receiver asked to be left alone. */
export type Answer = Readonly<{ kind: DeliveryReceipt['kind']; pauseMs: number | null }>

/** What an answer says, for people; the store cuts it again. */
const detailCharactersMax = 1_000

/** `messages`: one, or all of a digest. Rejects where the store is away: the answer is lost then, and the message is sent again. */
export async function send(ports: SendPorts, target: Target, messages: readonly StoredMessage[], digest: string | null): Promise<Answer> {
  const { receiver, notifier, policy } = target
  const [first] = messages
  if (first === undefined) return { kind: 'refused', pauseMs: null }
  const message =
    digest === null ? outgoingOf(ports, first, receiver.name) : digestOf(ports, messages, { id: digest, markup: notifier.markup ?? 'none' })
  const startedAt = ports.clock()
  const receipt: DeliveryReceipt =
    message === null
      ? { kind: 'refused', reason: 'its transition is not stored any more' }
      : await inTime(notifier, message, receiver, policy.timeoutMs)
  const latencyMs = Math.max(0, ports.clock() - startedAt)
  const failures = 1 + Math.max(...messages.map((one) => one.failures))
  const pauseMs = receipt.kind === 'retry' && receipt.afterMs !== null ? askedPauseMs(receipt.afterMs, Math.random()) : null
  const detail = receipt.kind === 'delivered' ? receipt.detail : receipt.reason
  await ports.lanes.record(
    messages.map(({ id }) => id),
    {
      messageId: message?.id ?? `delivery ${first.id}`,
      outcome: receipt.kind,
      detail: redacted(boundText(detail, detailCharactersMax), receiver),
      latencyMs,
      retryInMs: pauseMs ?? pauseAfterMs(failures, Math.random()),
      reference: receipt.kind === 'delivered' && digest === null ? (receipt.reference ?? null) : null,
    },
  )
  ports.metrics.delivery(notifier.kind, receipt.kind, latencyMs)
  if (receipt.kind === 'retry') await standIn(ports, target, messages, failures)
  return { kind: receipt.kind, pauseMs }
}

/** A notifier has its own, shorter bounds; this one holds whatever it does. Never rejects. */
async function inTime(notifier: Notifier, message: OutgoingMessage, receiver: Receiver, timeoutMs: number): Promise<DeliveryReceipt> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<DeliveryReceipt>((resolve) => {
    const reason = `timeout: no answer within ${timeoutMs / 1_000} s`
    timer = setTimeout(() => resolve({ kind: 'retry', reason, afterMs: null }), timeoutMs)
  })
  try {
    return await Promise.race([notifier.deliver(message, receiver), late])
  } catch (error) {
    const reason = `the notifier failed: ${error instanceof Error ? error.message : String(error)}`
    return { kind: 'retry', reason, afterMs: null }
  } finally {
    clearTimeout(timer)
  }
}

/** Once for each message, and never for one that stands in itself: two receivers may stand in for each other. */
async function standIn(
  ports: SendPorts,
  { receiver, policy }: Target,
  messages: readonly StoredMessage[],
  failures: number,
): Promise<void> {
  const { fallback } = policy
  if (fallback === null || failures < fallback.afterFailures || fallback.receiver === receiver.name) return
  const due = messages.filter(({ fallbackFor, stoodIn, transitions }) => fallbackFor === null && !stoodIn && transitions.length > 0)
  if (due.length === 0) return
  const other = await ports.lanes.receiver(fallback.receiver)
  if (other === null) return
  const markup = notifierOf(ports, other)?.markup ?? 'none'
  for (const { id, monitorId, sequence, subject, transitions } of due) {
    const groups = [...new Set(transitions.map(({ group }) => group))]
    const known = await ports.lanes.episodes(monitorId, other.name, groups)
    const { deliveries, episodes } = planFor(await withDetails(ports, subject, transitions), {
      subject,
      receiver: other,
      transitions,
      known,
      fallbackFor: receiver.name,
      bundle: null,
    })
    const told = deliveries.map((delivery) => ({ ...delivery, ...fallbackText(delivery, receiver.name, markup) }))
    await ports.lanes.standIn(id, monitorId, sequence, { deliveries: told, episodes })
  }
  // The reconciler wakes it otherwise.
  await ports.runtime.wakeLane(other.name).catch(() => {})
}

export function targetOf(ports: SendPorts, receiver: Receiver): Target | null {
  const notifier = notifierOf(ports, receiver)
  return notifier === undefined ? null : { receiver, notifier, policy: policyOf(receiver) }
}
