import { z } from 'zod'
import { endpointUrl } from './endpoint.ts'
import type { ReceiverKind } from './kind.ts'

export const telegramConfig = z.strictObject({
  /** As BotFather gives it. */
  token: z.string().regex(/^\d{1,20}:[A-Za-z0-9_-]{10,100}$/, 'expected the token of a bot, as 123456:ABC-DEF…'),
  /** Of groups and channels it is negative; a public channel also has a name. */
  chat_id: z.union(
    [z.int(), z.string().regex(/^(-?\d{1,20}|@[A-Za-z0-9_]{4,32})$/)],
    'expected the id of a chat, or the @name of a channel',
  ),
  /** A topic of a group that has topics. */
  message_thread_id: z.int().positive().optional(),
  /** A Bot API server of one's own. */
  api_url: endpointUrl('https://api.telegram.org').default('https://api.telegram.org'),
})
export type TelegramConfig = z.infer<typeof telegramConfig>

export const telegramKind: ReceiverKind = { kind: 'telegram', config: telegramConfig, secrets: ['token'] }

export const telegramAnswer = z.object({
  ok: z.boolean(),
  description: z.string().optional(),
  result: z.object({ message_id: z.number() }).optional(),
  parameters: z.object({ retry_after: z.number().min(0).optional(), migrate_to_chat_id: z.number().optional() }).optional(),
})
export type TelegramAnswer = z.infer<typeof telegramAnswer>
