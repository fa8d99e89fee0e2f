/** Tells a Discord channel by its webhook. Read next: discord-message.ts. */
import type { Notifier } from '../../activities/notification-ports.ts'
import { discordConfig, discordError } from '../../contract/receivers/discord.ts'
import { type HttpFetch, request } from '../http/fetch.ts'
import { discordMessage } from './discord-message.ts'
import { postJson } from './post-json.ts'
import { answerOf, configOf, receiptOf, type Said, secretsOfUrl } from './receipt.ts'

/** The answer is the message, which nobody needs; an error is short. */
const answerBytesMax = 16 * 1_024

export function discordNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'discord',
    markup: 'markdown',
    deliver: async (message, receiver) => {
      const read = configOf(receiver, discordConfig)
      if (!read.ok) return read.receipt
      const url = addressOf(read.config.webhook_url, read.config.thread_id)
      const reply = await postJson(send, receiver, { url, payload: discordMessage(message), id: message.id, maxBytes: answerBytesMax })
      return receiptOf(reply, { nowMs: clock(), secrets: [...secretsOfUrl(url), ...secretsOfUrl(read.config.webhook_url)], read: said })
    },
  }
}

/** With `wait` the answer comes when the message is stored; without it one that isn't stored is no error. */
function addressOf(webhookUrl: string, threadId: string | undefined): string {
  const url = URL.parse(webhookUrl)
  if (url === null) return webhookUrl
  url.searchParams.set('wait', 'true')
  if (threadId !== undefined) url.searchParams.set('thread_id', threadId)
  return url.href
}

const advice = new Map([
  [10_003, 'the channel or thread is gone: make a webhook for another one'],
  [10_015, 'the webhook is gone: make another one'],
  [50_027, 'the token in the webhook’s address is wrong: copy the address again'],
])

function said(body: string): Said {
  const error = answerOf(body, discordError)
  if (error === null) return {}
  const what = error.code === undefined ? undefined : advice.get(error.code)
  return {
    reason: what === undefined ? error.message : `${error.message}: ${what}`,
    afterMs: error.retry_after === undefined ? null : Math.ceil(error.retry_after * 1_000),
  }
}
