import type { ChatPostMessageArguments, ChatUpdateArguments } from '@slack/web-api'
import { z } from 'zod'
import { type Hook, type HookServer, startHookServer } from './hook-server.ts'

const text = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(3_000), verbatim: z.boolean().optional() })
const field = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(2_000), verbatim: z.boolean().optional() })
const button = z.strictObject({
  type: z.literal('button'),
  text: z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(75) }),
  url: z.url().max(3_000),
})
const block = z.union([
  z.strictObject({ type: z.literal('section'), text }),
  z.strictObject({ type: z.literal('section'), fields: z.array(field).min(1).max(10) }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
])
const attachment = z.strictObject({ color: z.string().regex(/^#[0-9a-f]{6}$/), blocks: z.array(block).min(1).max(50) })
const content = { text: z.string().min(1).max(40_000), attachments: z.array(attachment).max(100) }

/** Of an incoming webhook. Limits: docs.slack.dev/reference/block-kit/blocks and /composition-objects, as of 2026. */
export const slackWebhookPayload = z.strictObject(content)

const posted = z.strictObject({
  channel: z.string().min(1),
  ...content,
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
  metadata: z.strictObject({ event_type: z.string(), event_payload: z.strictObject({ id: z.string() }) }),
  thread_ts: z.string().optional(),
  reply_broadcast: z.boolean().optional(),
})
const updated = z.strictObject({ channel: z.string().min(1), ts: z.string().regex(/^\d+\.\d{6}$/), ...content })

export type SlackCallSeen = Readonly<
  { method: 'chat.postMessage'; args: ChatPostMessageArguments } | { method: 'chat.update'; args: ChatUpdateArguments }
>
export type SlackServer = Readonly<{
  url: string
  calls: () => readonly SlackCallSeen[]
  hooks: HookServer['hooks']
  close: () => Promise<void>
}>

/** An answer in place of Slack's own, by the number of the call, from 1. */
export type SlackFault = Readonly<{ call: number; status?: number; headers?: Record<string, string>; body: unknown }>

/** Slack's Web API as far as notifiers use it: takes what the documentation of a method takes, and nothing else. */
export async function startSlack(token: string, faults: readonly SlackFault[] = []): Promise<SlackServer> {
  const calls: SlackCallSeen[] = []
  const server = await startHookServer((res, attempt) => {
    const hook = server.hooks()[attempt - 1]
    const fault = faults.find(({ call }) => call === attempt)
    const body = fault?.body ?? (hook === undefined ? { ok: false, error: 'internal_error' } : answerTo(hook, token, calls))
    res.writeHead(fault?.status ?? 200, { 'content-type': 'application/json', ...fault?.headers }).end(JSON.stringify(body))
  })
  return { url: server.url, calls: () => calls, hooks: server.hooks, close: server.close }
}

function answerTo(hook: Hook, token: string, calls: SlackCallSeen[]): unknown {
  if (hook.headers.authorization !== `Bearer ${token}`) return { ok: false, error: 'invalid_auth' }
  const args = argumentsOf(hook)
  if (args === null) return { ok: false, error: 'invalid_post_type' }
  const ts = `1769860800.${String(calls.length + 1).padStart(6, '0')}`
  if (hook.path.endsWith('/chat.postMessage')) {
    const parsed = posted.safeParse(args)
    if (!parsed.success) return { ok: false, error: 'invalid_arguments', response_metadata: { messages: [parsed.error.message] } }
    const { thread_ts, reply_broadcast, ...rest } = parsed.data
    const thread = thread_ts === undefined ? {} : { thread_ts, ...(reply_broadcast === true ? { reply_broadcast } : {}) }
    calls.push({ method: 'chat.postMessage', args: { ...rest, ...thread } })
    return { ok: true, channel: 'C024BE91L', ts, message: { text: parsed.data.text } }
  }
  if (!hook.path.endsWith('/chat.update')) return { ok: false, error: 'unknown_method' }
  const parsed = updated.safeParse(args)
  if (!parsed.success) return { ok: false, error: 'invalid_arguments', response_metadata: { messages: [parsed.error.message] } }
  calls.push({ method: 'chat.update', args: parsed.data })
  return { ok: true, channel: parsed.data.channel, ts: parsed.data.ts, text: parsed.data.text }
}

/** As JSON, or as Slack's own client sends them: a form in which what isn't a text is JSON. */
function argumentsOf({ headers, body }: Hook): unknown {
  const type = headers['content-type'] ?? ''
  if (/^application\/json; ?charset=utf-8$/i.test(type)) return JSON.parse(body)
  if (!type.startsWith('application/x-www-form-urlencoded')) return null
  return Object.fromEntries(
    [...new URLSearchParams(body)]
      .filter(([name]) => name !== 'token')
      .map(([name, value]) => [name, /^[[{]|^(true|false)$/.test(value) && name !== 'text' ? JSON.parse(value) : value]),
  )
}
