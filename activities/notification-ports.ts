/**
 * The interfaces by which activities tell people: what is to be told, to whom, and what came of it. Adapters implement them.
 * Never import an adapter here. Read next: ports.ts, all the others; plan-notification.ts, deliver.ts.
 */
import type { Transition } from '../core/monitor/types.ts'

/** The parts of a definition that messages are made of, as of the version that decided. */
export type NotificationSubject = Readonly<{
  monitorId: number
  version: number
  name: string
  type: string
  query: string
  message: string
  tags: readonly string[]
  priority: number | null
  options: Readonly<Record<string, unknown>>
}>

/** One commit's notification: transitions to be told, in order. `sequence` is that of the last one and names it. */
export type NotificationJob = Readonly<{
  monitorId: number
  sequence: number
  subject: NotificationSubject
  transitions: readonly Transition[]
}>

export type Receiver = Readonly<{
  /** As in the handle, without the @: `webhook-ops`, `log`. */
  name: string
  kind: string
  config: Readonly<Record<string, unknown>>
}>

export type RenderedMessage = Readonly<{
  title: string
  body: string
  /** Handles without the @, in order of appearance, unique. */
  handles: readonly string[]
  /** What could not be rendered, in sentences. */
  notes: readonly string[]
}>

export interface MessageRenderer {
  /** Total: what can't be rendered is sent as it stands, with a note. */
  render(subject: NotificationSubject, transition: Transition): RenderedMessage
}

/** One message for one receiver. */
export type OutgoingMessage = Readonly<{
  /** Constant over retries, unique per transition and receiver: receivers deduplicate by it. */
  id: string
  subject: NotificationSubject
  transition: Transition
  title: string
  body: string
}>

export type DeliveryReceipt = Readonly<
  | { kind: 'delivered'; detail: string }
  /** Worth another try; `afterMs` where the receiver said when. */
  | { kind: 'retry'; reason: string; afterMs: number | null }
  /** The receiver will never take it. */
  | { kind: 'refused'; reason: string }
>

export interface Notifier {
  readonly kind: string
  /** Never rejects for what the receiver or the network does. */
  deliver(message: OutgoingMessage, receiver: Receiver): Promise<DeliveryReceipt>
}

export type PendingDelivery = Readonly<{ transitionSequence: number; title: string; body: string }>

export interface NotificationStore {
  /** null = no such commit, or nothing of it is to be told. */
  load(monitorId: number, sequence: number): Promise<NotificationJob | null>
  /** The configured receivers of these names; unknown names are absent from the answer. */
  receivers(names: readonly string[]): Promise<readonly Receiver[]>
  /** Records what is to be delivered to whom. Idempotent: an existing delivery keeps its status. */
  plan(
    monitorId: number,
    sequence: number,
    deliveries: readonly (PendingDelivery & Readonly<{ receiver: string }>)[],
    unknownHandles: readonly string[],
  ): Promise<void>
  /** Not yet delivered messages of one receiver, ascending by transition; the first `limit` of them, where given. */
  pending(monitorId: number, sequence: number, receiver: string, limit?: number): Promise<readonly PendingDelivery[]>
  record(
    monitorId: number,
    transitionSequence: number,
    receiver: string,
    attempt: Readonly<{ status: 'delivered' | 'retrying' | 'dead'; detail: string; latencyMs: number }>,
  ): Promise<void>
}
