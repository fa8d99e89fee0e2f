/**
 * Slack by a bot: one message for each episode, brought up to date, and what is told later as replies in its thread.
 * Updates come first: they may be done twice. Read next: slack.ts.
 */
import type { DeliveryReceipt, OutgoingMessage } from '../../activities/notification-ports.ts'
import { slackAnswer } from '../../contract/receivers/slack.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { HttpReply } from '../http/fetch.ts'
import { isOfEpisode } from './episode.ts'
import { answerOf, type Reading, reasonIn, receiptOf } from './receipt.ts'
import { retryAfterMs } from './retry-after.ts'
import { explained, isGone, passes } from './slack-errors.ts'
import { slackMessage } from './slack-message.ts'

/** Calls a method of the Web API. */
export type SlackCall = (method: 'chat.postMessage' | 'chat.update', body: Readonly<Record<string, unknown>>) => Promise<SlackOutcome>

/** `error`: the name that Slack gives it. */
export type SlackOutcome = Readonly<{ receipt: DeliveryReceipt; error: string | null }>

type Thread = Readonly<{ channel: string; ts: string }>

export async function deliverByBot(call: SlackCall, channel: string, message: OutgoingMessage): Promise<DeliveryReceipt> {
  const content = { ...slackMessage(message), unfurl_links: false, unfurl_media: false }
  const thread = threadOf(message)
  const threaded = thread === null ? null : await deliverInThread(call, thread, message, content)
  // A thread that was deleted, or whose channel is gone, takes nobody's page with it.
  if (threaded !== null && (threaded.error === null || !isGone(threaded.error))) return threaded.receipt
  const first = await call('chat.postMessage', { channel, ...content, metadata: metadataOf(message) })
  return isOfEpisode(message) ? first.receipt : withoutReference(first.receipt)
}

async function deliverInThread(
  call: SlackCall,
  { channel, ts }: Thread,
  message: OutgoingMessage,
  content: Readonly<Record<string, unknown>>,
): Promise<SlackOutcome> {
  const { text, attachments } = content
  const updated = await call('chat.update', { channel, ts, text, attachments })
  // What can't be updated is left as it is: the reply says all.
  if (updated.receipt.kind === 'retry') return updated
  const reply = { channel, thread_ts: ts, ...content, metadata: metadataOf(message) }
  const replied = getsWorse(message) ? await call('chat.postMessage', { ...reply, reply_broadcast: true }) : null
  const told = replied === null || replied.error === 'cant_broadcast_message' ? await call('chat.postMessage', reply) : replied
  return { ...told, receipt: withoutReference(told.receipt) }
}

/** What each answer of the Web API comes to. */
export function slackOutcome(reply: HttpReply, reading: Reading): SlackOutcome {
  const answer = reply.kind === 'response' ? answerOf(reply.body, slackAnswer) : null
  const error = answer?.error ?? null
  const read: Reading = error === null ? reading : { ...reading, read: () => ({ reason: explained(error) }) }
  const receipt = receiptOf(reply, read)
  if (reply.kind === 'failed' || receipt.kind !== 'delivered') return { receipt, error }
  if (answer === null) return { receipt: { kind: 'retry', reason: `${receipt.detail}, but not an answer of Slack`, afterMs: null }, error }
  if (answer.ok) return { receipt: { ...receipt, ...referenceOf(answer) }, error: null }
  const name = error ?? 'an error without a name'
  const afterMs = retryAfterMs(reply.headers['retry-after'], reading.nowMs)
  if (passes(name)) return { receipt: { kind: 'retry', reason: explained(name), afterMs }, error }
  return { receipt: { kind: 'refused', reason: reasonIn(explained(name), reading.secrets) }, error }
}

function referenceOf({ channel, ts }: Readonly<{ channel?: string | undefined; ts?: string | undefined }>) {
  return channel === undefined || ts === undefined ? {} : { reference: { channel, ts } }
}

function withoutReference(receipt: DeliveryReceipt): DeliveryReceipt {
  return receipt.kind === 'delivered' ? { kind: 'delivered', detail: receipt.detail } : receipt
}

function threadOf(message: OutgoingMessage): Thread | null {
  const { channel, ts } = message.episode.reference ?? {}
  return !isOfEpisode(message) || channel === undefined || ts === undefined ? null : { channel, ts }
}

/** Whoever doesn't follow the thread has to see it: what got worse, and what is told again because nobody reacted. */
function getsWorse({ transition: { from, to } }: OutgoingMessage): boolean {
  const order: readonly Status[] = ['OK', 'No Data', 'Unknown', 'Warn', 'Alert']
  return to !== 'OK' && order.indexOf(to) >= order.indexOf(from)
}

/** Nobody sees it; whoever reads the channel by the API knows by it what came twice. */
function metadataOf({ id }: OutgoingMessage) {
  return { event_type: 'tocsin_message', event_payload: { id } }
}
