import { z } from 'zod'
import { httpAddress } from './address.ts'
import { endpointUrl, secretText } from './endpoint.ts'
import type { ReceiverKind } from './kind.ts'

/** An id is the safest; a name with or without # is taken where the bot may see the channel. */
const channel = z.string().regex(/^[#@]?[\p{L}\p{N}._-]{1,80}$/u, 'expected the id of a channel, as C0123456789, or its name')

/** An incoming webhook by its address, or a bot by its token and a channel. */
export const slackConfig = z
  .strictObject({
    webhook_url: httpAddress.optional(),
    token: secretText.optional(),
    channel: channel.optional(),
    /** Where Slack's Web API is reached other than directly. */
    api_url: endpointUrl('https://slack.com/api').default('https://slack.com/api'),
  })
  .superRefine((config, context) => {
    const bot = config.token !== undefined || config.channel !== undefined
    const complete = config.token !== undefined && config.channel !== undefined
    if (config.webhook_url === undefined ? complete : !bot) return
    context.addIssue({ code: 'custom', message: 'expected either webhook_url, or token and channel' })
  })

export const slackKind: ReceiverKind = { kind: 'slack', config: slackConfig, secrets: ['webhook_url', 'token'] }

/** What each method of the Web API answers, as far as it matters. */
export const slackAnswer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  /** Of a message that was posted: where, and its id there. */
  channel: z.string().optional(),
  ts: z.string().optional(),
})
