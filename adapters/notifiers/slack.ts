/**
 * Tells a Slack channel, by an incoming webhook or by a bot. A webhook can only post; a bot keeps one message for each episode.
 * Never lets a value mention anybody, and never answers with a token. Read next: slack-message.ts, slack-bot.ts.
 */
import type { DeliveryReceipt, Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { slackConfig } from '../../contract/receivers/slack.ts'
import { type HttpFetch, request } from '../http/fetch.ts'
import { postJson } from './post-json.ts'
import { configOf, receiptOf, secretsOfUrl } from './receipt.ts'
import { deliverByBot, slackOutcome } from './slack-bot.ts'
import { explained } from './slack-errors.ts'
import { slackMessage } from './slack-message.ts'

/** The Web API answers with the whole message, and writes most letters of the world in six bytes. */
const answerBytesMax = 512 * 1_024

export function slackNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'slack',
    markup: 'markdown',
    deliver: async (message, receiver) => {
      const read = configOf(receiver, slackConfig)
      if (!read.ok) return read.receipt
      const { webhook_url: url, token, channel, api_url: api } = read.config
      if (url !== undefined) return deliverByWebhook(send, clock, url, message, receiver)
      if (token === undefined || channel === undefined)
        return { kind: 'refused', reason: `${receiver.name} has neither webhook_url nor token and channel` }
      const headers = { authorization: `Bearer ${token}` }
      const call = async (method: string, payload: unknown) => {
        const address = `${api}/${method}`
        const reply = await postJson(send, receiver, { url: address, payload, id: message.id, headers, maxBytes: answerBytesMax })
        return slackOutcome(reply, { nowMs: clock(), secrets: [token] })
      }
      return deliverByBot(call, channel, message)
    },
  }
}

/** Webhooks answer `ok`, or the name of an error. */
async function deliverByWebhook(
  send: HttpFetch,
  clock: () => number,
  url: string,
  message: OutgoingMessage,
  receiver: Receiver,
): Promise<DeliveryReceipt> {
  const payload = slackMessage(message)
  const reply = await postJson(send, receiver, { url, payload, id: message.id, maxBytes: answerBytesMax })
  return receiptOf(reply, { nowMs: clock(), secrets: secretsOfUrl(url), read: (body) => ({ reason: explained(body.trim()) }) })
}
