/** Tells Microsoft Teams by the webhook of a workflow, with an adaptive card. Read next: teams-card.ts. */
import type { DeliveryReceipt, Notifier } from '../../activities/notification-ports.ts'
import { teamsConfig } from '../../contract/receivers/teams.ts'
import { type HttpFetch, type HttpReply, request } from '../http/fetch.ts'
import { postJson } from './post-json.ts'
import { configOf, isWorthRetrying, type Reading, reasonIn, receiptOf, secretsOfUrl } from './receipt.ts'
import { teamsMessage } from './teams-card.ts'

const answerBytesMax = 4_096

export function teamsNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'teams',
    markup: 'markdown',
    deliver: async (message, receiver) => {
      const read = configOf(receiver, teamsConfig)
      if (!read.ok) return read.receipt
      const url = read.config.webhook_url
      const reply = await postJson(send, receiver, { url, payload: teamsMessage(message), id: message.id, maxBytes: answerBytesMax })
      return receiptFrom(reply, { nowMs: clock(), secrets: secretsOfUrl(url) })
    },
  }
}

/** Teams may say in the text of a 200 that it didn't take the message, with the status that it means. */
function receiptFrom(reply: HttpReply, reading: Reading): DeliveryReceipt {
  const receipt = receiptOf(reply, reading)
  if (reply.kind === 'failed' || receipt.kind !== 'delivered') return receipt
  const [, status] = /\bHTTP error (\d{3})\b/.exec(reply.body) ?? []
  if (status === undefined) return receipt
  const reason = reasonIn(reply.body, reading.secrets)
  return isWorthRetrying(Number(status)) ? { kind: 'retry', reason, afterMs: null } : { kind: 'refused', reason }
}
