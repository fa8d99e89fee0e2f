/**
 * The interfaces by which activities tell people: what is to be told, to whom, and what came of it. Adapters implement them.
 * Never import an adapter here. Read next: ports.ts, all the others; lane-ports.ts; plan-notification.ts, drain.ts.
 */
import type { EpisodeChange, EpisodeRef, GroupEpisode } from '../core/delivery/partition.ts'
import type { DeliveryPolicy } from '../core/delivery/policy.ts'
import type { MessageContext } from '../core/message/context.ts'
import type { Markup } from '../core/message/markup.ts'
import type { Transition } from '../core/monitor/types.ts'
import type { RuleBundle } from '../core/notification-rules/bundles.ts'
import type { PreparedRule } from '../core/notification-rules/rule.ts'

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
  /** What is absent is by default (core/delivery/policy.ts). */
  policy?: Partial<DeliveryPolicy>
}>

export type RenderedMessage = Readonly<{
  title: string
  body: string
  /** Handles without the @, in order of appearance, unique. */
  handles: readonly string[]
  /** What could not be rendered, in sentences. */
  notes: readonly string[]
  /** The monitor's, or what its message overrides it with. */
  priority: number | null
}>

export interface MessageRenderer {
  /** Total: what can't be rendered is sent as it stands, with a note. `markup`: what the body is written in; absent = none. */
  render(subject: NotificationSubject, transition: Transition, how?: RenderingHow): RenderedMessage
}

/** `carried`: names that came with what triggered (core/message/details.ts); absent = none. */
export type RenderingHow = Readonly<{ markup?: Markup; carried?: MessageContext }>

/** What messages may say of what triggered: the log entry, the event, the check's result, the members. */
export interface TriggerDetails {
  /** One for each transition, in their order; empty where nothing is at hand. Never rejects. */
  of(subject: NotificationSubject, transitions: readonly Transition[]): Promise<readonly MessageContext[]>
}

/**
 * What a message tells: one transition; an alert together with the recovery that came before it could be delivered; many groups of one
 * slot; what went over a budget, of any monitors; nothing but that the receiver works.
 */
export type MessageForm = 'single' | 'merged' | 'storm' | 'digest' | 'test'

/** What a receiver sees as one: from a group's first message to its recovery. The groups of a storm share theirs. */
export type Episode = Readonly<{
  /** Deduplication key, alias, thread: constant over the episode, unique per monitor and group (or storm). At most 200 ASCII characters. */
  key: string
  /** What the receiver answered to its first message (DeliveryReceipt.reference); null = nothing yet. */
  reference: Readonly<Record<string, string>> | null
  /** Further groups of it that aren't OK: what was opened is closed when none is left. */
  othersOpen: number
}>

/** One message for one receiver. */
export type OutgoingMessage = Readonly<{
  /** Constant over retries, unique per transition and receiver: receivers deduplicate by it. */
  id: string
  form: MessageForm
  /** Of a digest: of its first transition. */
  subject: NotificationSubject
  /** What colours it: the last of a merged one, the worst of a storm or a digest. */
  transition: Transition
  /** All that it tells, ascending by sequence. */
  transitions: readonly Transition[]
  /** One line of plain text. */
  title: string
  /** In the markup that the notifier asked for. */
  body: string
  /** The monitor's, or what its message overrides it with. */
  priority: number | null
  episode: Episode
  /** Where a person reads on; null = the engine doesn't know its own address (TOCSIN_PUBLIC_URL). */
  link: string | null
}>

export type DeliveryReceipt = Readonly<
  /** `reference`: what later messages of the same episode need; small, and no secret. */
  | { kind: 'delivered'; detail: string; reference?: Readonly<Record<string, string>> }
  /** Worth another try; `afterMs` where the receiver said when. */
  | { kind: 'retry'; reason: string; afterMs: number | null }
  /** The receiver will never take it. */
  | { kind: 'refused'; reason: string }
>

export interface Notifier {
  readonly kind: string
  /** What its bodies are written in; absent = none. */
  readonly markup?: Markup
  /** It opens what has to be closed again, so nothing of it may be folded into a digest; absent = it doesn't. */
  readonly incidents?: boolean
  /** Never rejects for what the receiver or the network does. */
  deliver(message: OutgoingMessage, receiver: Receiver): Promise<DeliveryReceipt>
  /**
   * Of receivers that forget what they aren't reminded of: every `everyMs` they are told again what is open, and for
   * `resolvedForMs` what isn't any more (the last message of each episode).
   */
  readonly refresh?: Readonly<{
    everyMs: number
    resolvedForMs: number
    deliver: (messages: readonly OutgoingMessage[], receiver: Receiver) => Promise<DeliveryReceipt>
  }>
}

/** A message as it is planned for a receiver. */
export type PlannedDelivery = Readonly<{
  receiver: string
  form: 'single' | 'storm'
  /** The last one that it tells. */
  transitionSequence: number
  /** All of them, ascending; empty = that one only. */
  transitionSequences: readonly number[]
  /** See core/delivery/queue.ts. */
  chain: string
  opens: boolean
  title: string
  body: string
  priority: number | null
  episode: EpisodeRef | null
  /** The receiver that it stands in for; null = it was named itself. */
  fallbackFor: string | null
  /** The rule that gathers it with what else it gives this receiver; null = it goes as soon as it can. */
  bundle: RuleBundle | null
}>

export type NotificationPlan = Readonly<{
  deliveries: readonly PlannedDelivery[]
  episodes: readonly (EpisodeChange & Readonly<{ receiver: string }>)[]
}>

/** The present or last episodes of groups: receiver → group → episode. */
export type KnownEpisodes = Readonly<Record<string, Readonly<Record<string, GroupEpisode>>>>

/** What is to be told, and who is to be sent what. */
export interface NotificationStore {
  /** null = no such commit, or nothing of it is to be told. */
  load(monitorId: number, sequence: number): Promise<NotificationJob | null>
  /** The configured receivers of these names; unknown names are absent from the answer. */
  receivers(names: readonly string[]): Promise<readonly Receiver[]>
  /** The notification rules as of this moment, oldest first. */
  rules(): Promise<readonly PreparedRule[]>
  /** Commits of this monitor whose notification isn't planned, up to and including this one, ascending; the first `limit` of them. */
  unplanned(monitorId: number, upTo: number, limit: number): Promise<readonly number[]>
  episodes(monitorId: number, receivers: readonly string[], groups: readonly string[]): Promise<KnownEpisodes>
  /** One transaction, in the monitor's turn. A notification that is planned already stays as it is. */
  plan(monitorId: number, sequence: number, plan: NotificationPlan, unknownHandles: readonly string[]): Promise<void>
  /** Receivers with open deliveries of this commit whose lane doesn't look by itself just now. */
  asleep(monitorId: number, sequence: number): Promise<readonly string[]>
}
