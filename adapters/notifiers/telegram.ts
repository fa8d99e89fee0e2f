/**
 * Tells a Telegram chat by a bot. What is told later of an episode answers its first message.
 * Never answers with the token, which is part of every address. Read next: telegram-message.ts.
 */
import type { DeliveryReceipt, Notifier, OutgoingMessage } from '../../activities/notification-ports.ts'
import { type TelegramAnswer, type TelegramConfig, telegramAnswer, telegramConfig } from '../../contract/receivers/telegram.ts'
import { type HttpFetch, type HttpReply, request } from '../http/fetch.ts'
import { isOfEpisode } from './episode.ts'
import { postJson } from './post-json.ts'
import { answerOf, configOf, type Reading, reasonIn, receiptOf, type Said } from './receipt.ts'
import { telegramMessage } from './telegram-message.ts'

/** The answer is the message with all that Telegram found in it. */
const answerBytesMax = 256 * 1_024

export function telegramNotifier(clock: () => number, send: HttpFetch = request): Notifier {
  return {
    kind: 'telegram',
    markup: 'markdown',
    deliver: async (message, receiver) => {
      const read = configOf(receiver, telegramConfig)
      if (!read.ok) return read.receipt
      const { token, chat_id: chat, api_url: api } = read.config
      const url = `${api}/bot${token}/sendMessage`
      const reply = await postJson(send, receiver, {
        url,
        payload: payloadOf(message, read.config),
        id: message.id,
        maxBytes: answerBytesMax,
      })
      const secretPart = token.slice(token.indexOf(':') + 1)
      return receiptFrom(
        reply,
        { nowMs: clock(), secrets: [token, secretPart, encodeURIComponent(token)], read: said },
        message,
        String(chat),
      )
    },
  }
}

function payloadOf(message: OutgoingMessage, { chat_id: chat, message_thread_id: thread }: TelegramConfig) {
  const first = Number(message.episode.reference?.message_id)
  // The same number in another chat is another message.
  const answers = isOfEpisode(message) && message.episode.reference?.chat_id === String(chat) && Number.isSafeInteger(first)
  return {
    chat_id: chat,
    text: telegramMessage(message),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(thread === undefined ? {} : { message_thread_id: thread }),
    ...(answers ? { reply_parameters: { message_id: first, allow_sending_without_reply: true } } : {}),
  }
}

function receiptFrom(reply: HttpReply, reading: Reading, message: OutgoingMessage, chat: string): DeliveryReceipt {
  const receipt = receiptOf(reply, reading)
  if (reply.kind === 'failed' || receipt.kind !== 'delivered') return receipt
  const answer = answerOf(reply.body, telegramAnswer)
  if (answer === null) return { kind: 'retry', reason: `${receipt.detail}, but not an answer of Telegram`, afterMs: null }
  if (!answer.ok) return { kind: 'refused', reason: reasonIn(answer.description ?? 'an error without a description', reading.secrets) }
  const first = answer.result?.message_id
  if (first === undefined || !isOfEpisode(message) || message.episode.reference !== null) return receipt
  return { ...receipt, reference: { chat_id: chat, message_id: String(first) } }
}

function said(body: string, status: number): Said {
  const answer = answerOf(body, telegramAnswer)
  if (answer === null) return {}
  const seconds = answer.parameters?.retry_after
  const what = adviceFor(answer, status)
  const description = answer.description ?? 'an error without a description'
  return { reason: what === null ? description : `${description}: ${what}`, afterMs: seconds === undefined ? null : seconds * 1_000 }
}

function adviceFor({ description = '', parameters }: TelegramAnswer, status: number): string | null {
  const moved = parameters?.migrate_to_chat_id
  if (moved !== undefined) return `the group has become another one: store chat_id ${moved}`
  // Wrong tokens are 401, and 404 where they don't even look like one.
  if (status === 401 || status === 404) return "store the bot's present token"
  if (status === 403) return 'add the bot to the chat, and let it write there'
  if (/chat not found/i.test(description)) return 'store the id of a chat that the bot is in'
  return /thread not found/i.test(description) ? 'store the id of a topic that is there' : null
}
