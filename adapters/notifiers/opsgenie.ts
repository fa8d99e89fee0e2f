/**
 * Creates and closes alerts in Opsgenie under the episode's key as alias, so a repeat only counts. Also Jira Service Management.
 * Never acknowledges: that is for people. Read next: incident.ts (when), opsgenie-alert.ts (what), contract/receivers/opsgenie.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeliveryReceipt, Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { type OpsgenieConfig, opsgenieAccepted, opsgenieConfig, opsgenieRefusal } from '../../contract/receivers/opsgenie.ts'
import { policyOf } from '../../core/delivery/policy.ts'
import { type HttpFetch, type HttpReply, request } from '../http/fetch.ts'
import { stepsOf } from './incident.ts'
import { alertOf, closingOf, priorityOf } from './opsgenie-alert.ts'
import { answerOf, configOf, receiptOf, type Said } from './receipt.ts'

/** Answers are a line of JSON. */
const answerBytesMax = 2_048
/** Opsgenie works afterwards, within a second as a rule; what takes longer is closed unseen. */
const looksMax = 5
const lookEveryMs = 300

export function opsgenieNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'opsgenie',
    markup: 'plain',
    incidents: true,
    async deliver(message, receiver) {
      const read = configOf(receiver, opsgenieConfig)
      if (!read.ok) return read.receipt
      const { steps, refused, reason } = stepsOf(message)
      if (refused) return { kind: 'refused', reason }
      const call = caller(send, read.config, receiver)
      const judge = (reply: HttpReply): DeliveryReceipt => receiptOf(reply, { nowMs: clock(), secrets: [read.config.api_key], read: said })
      let receipt: DeliveryReceipt = { kind: 'delivered', detail: reason }
      for (const step of steps) {
        receipt = step === 'open' ? await open(call, judge, message, read.config, steps.length > 1) : await close(call, judge, message)
        if (receipt.kind !== 'delivered') return receipt
      }
      return steps.at(-1) === 'open' ? { ...receipt, reference: { alias: message.episode.key } } : receipt
    },
  }
}

type Call = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<HttpReply>
type Judge = (reply: HttpReply) => DeliveryReceipt

function caller(send: HttpFetch, { api_url, api_key }: OpsgenieConfig, receiver: Receiver): Call {
  return (method, path, body) =>
    send({
      url: `${api_url}/v2/alerts${path}`,
      method,
      headers: { authorization: `GenieKey ${api_key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: policyOf(receiver).timeoutMs,
      maxBytes: answerBytesMax,
    })
}

async function open(
  call: Call,
  judge: Judge,
  message: OutgoingMessage,
  config: OpsgenieConfig,
  closing: boolean,
): Promise<DeliveryReceipt> {
  const reply = await call('POST', '', alertOf(message, config))
  const receipt = judge(reply)
  if (receipt.kind !== 'delivered') return receipt
  if (closing) await untilOpen(call, reply)
  const { from, to } = message.transition
  const priority = priorityOf(to, message.priority)
  const changed = message.episode.reference !== null && from !== 'OK' && priorityOf(from, message.priority) !== priority
  // A known alias only counts, so what has become worse is said apart. Where that isn't possible (Jira), the alert is there all the same.
  const told = changed ? judge(await call('PUT', byAlias(message, 'priority'), { priority })) : receipt
  return told.kind === 'retry' ? told : receipt
}

async function close(call: Call, judge: Judge, message: OutgoingMessage): Promise<DeliveryReceipt> {
  const reply = await call('POST', byAlias(message, 'close'), closingOf(message))
  const gone = reply.kind === 'response' && reply.status === 404
  return gone ? { kind: 'delivered', detail: 'HTTP 404: nothing was open any more' } : judge(reply)
}

function byAlias({ episode }: OutgoingMessage, action: string): string {
  return `/${encodeURIComponent(episode.key)}/${action}?identifierType=alias`
}

/** A close that is worked on before its create would leave the alert open. */
async function untilOpen(call: Call, reply: HttpReply): Promise<void> {
  const accepted = reply.kind === 'response' ? answerOf(reply.body, opsgenieAccepted) : null
  if (accepted === null) return
  for (let look = 0; look < looksMax; look += 1) {
    const seen = await call('GET', `/requests/${encodeURIComponent(accepted.requestId)}`)
    if (seen.kind === 'failed' || seen.status !== 404) return
    await sleep(lookEveryMs)
  }
}

function said(body: string): Said {
  const answer = answerOf(body, opsgenieRefusal)
  if (answer === null) return {}
  return { reason: [answer.message, ...Object.entries(answer.errors ?? {}).map(([field, why]) => `${field}: ${why}`)].join('; ') }
}
