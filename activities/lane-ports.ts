/**
 * What the lane of a receiver needs of the store: what waits, what it says, and a place to write down what came of it.
 * Never import an adapter here. Read next: drain.ts, send.ts; core/delivery/queue.ts.
 */
import type { Breaker } from '../core/delivery/breaker.ts'
import type { GroupEpisode } from '../core/delivery/partition.ts'
import type { Waiting } from '../core/delivery/queue.ts'
import type { Transition } from '../core/monitor/types.ts'
import type { NotificationPlan, NotificationSubject, Receiver } from './notification-ports.ts'

/** What of a lane outlives its worker. Times in epoch ms. */
export type LaneState = Readonly<{
  breaker: Breaker
  /** The receiver asked for a pause. */
  pausedUntilMs: number | null
  /** Its open episodes were last told again. */
  refreshedAtMs: number | null
}>

/** An open delivery with all that its message is made of. */
export type StoredMessage = Readonly<{
  id: number
  monitorId: number
  /** The notification that planned it. */
  sequence: number
  form: 'single' | 'merged' | 'storm'
  title: string
  body: string
  priority: number | null
  opens: boolean
  failures: number
  fallbackFor: string | null
  /** The receiver that stands in has been given it. */
  stoodIn: boolean
  subject: NotificationSubject
  /** Ascending by sequence; empty = they aren't stored any more. */
  transitions: readonly Transition[]
  episode: Readonly<{ key: string; reference: Readonly<Record<string, string>> | null; othersOpen: number }> | null
}>

export type Attempt = Readonly<{
  messageId: string
  outcome: 'delivered' | 'retry' | 'refused'
  /** Bounded, and without secrets. */
  detail: string
  latencyMs: number
  /** Of `retry`: when it is tried again. */
  retryInMs: number
  /** Of `delivered`: for later messages of the episode. */
  reference: Readonly<Record<string, string>> | null
}>

export interface LaneStore {
  /** null = there is none of this name (any more). */
  receiver(name: string): Promise<Receiver | null>
  /** The known episodes of a receiver. */
  episodes(monitorId: number, receiver: string, groups: readonly string[]): Promise<Readonly<Record<string, GroupEpisode>>>
  /** From now on and for `leaseMs` somebody looks at what is planned, and nobody needs to wake the lane. Again: for longer. */
  begin(receiver: string, leaseMs: number): Promise<LaneState>
  /** Nobody does any more: what is planned from here on wakes it. */
  end(receiver: string): Promise<void>
  save(receiver: string, state: LaneState): Promise<void>
  /** The lane waits on purpose. */
  rest(receiver: string, waitMs: number): Promise<void>
  /**
   * What is open for it, oldest first: all of the monitors that have something due (`all` = something), bounded.
   */
  waiting(receiver: string, all: boolean): Promise<readonly Waiting[]>
  /** How many are open, in how many ms the next of those that wait for a time is due, and since how many ms the oldest is open. */
  outlook(receiver: string): Promise<Readonly<{ open: number; nextInMs: number | null; oldestMs: number }>>
  /** Those of these that are open, or all open ones of a digest; ascending by id. */
  messages(which: Readonly<{ ids: readonly number[] } | { receiver: string; digest: string }>): Promise<readonly StoredMessage[]>
  /** `into` tells from now on what `from` would have told, which are finished by that. */
  fold(
    into: number,
    from: readonly number[],
    text: Readonly<{ form: 'merged' | 'storm'; title: string; body: string; transitionSequences: readonly number[] }>,
  ): Promise<void>
  /** These are sent under one id from now on. */
  makeDigest(ids: readonly number[], digest: string): Promise<void>
  /** What came of a try; what is finished stays so, but for what was given up and arrived after all. */
  record(ids: readonly number[], attempt: Attempt): Promise<void>
  /** Open for longer than that (null = all): dead. Returns how many. */
  giveUp(receiver: string, openForMs: number | null, reason: string): Promise<number>
  /** What waits for a next try needn't: the receiver is back. */
  hurry(receiver: string): Promise<void>
  /** Says why nothing is tried. */
  explain(receiver: string, reason: string): Promise<void>
  /** The message goes to a receiver that stands in, too; once. */
  standIn(id: number, monitorId: number, sequence: number, plan: NotificationPlan): Promise<void>
  /** When messages were tried (or delivered) since then, in epoch ms; each message (digest) once a try, at most `limit`, the newest. */
  sentAt(receiver: string, what: 'tried' | 'delivered', withinMs: number, limit: number): Promise<readonly number[]>
  /**
   * The last delivered message of each episode that is open, or was until `closedForMs` ago, by id after that one. Episodes of groups
   * that are gone or well without anybody having been told are closed by the way.
   */
  remindable(receiver: string, closedForMs: number, afterId: number, limit: number): Promise<readonly StoredMessage[]>
}
