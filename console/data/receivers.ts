/** Who is told: receivers, how each does, and whether it takes a message. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

const time = z.nullable(z.string())
const health = z.object({
  breaker: z.object({ state: z.string(), since: time, until: time }),
  paused_until: time,
  open: z.number(),
  dead: z.number(),
  last_success_at: time,
  last_failure_at: time,
  last_failure: z.nullable(z.string()),
})
export type Health = z.output<typeof health>

const fields = z.record(z.string(), z.unknown())
const receiver = z.object({
  name: z.string(),
  kind: z.string(),
  config: fields,
  secrets: z.array(z.string()),
  policy: z.looseObject({ budget: z.nullable(z.object({ messages: z.number(), per: z.number() })) }),
  managed_by: z.string(),
  unreadable: z.optional(z.string()),
  health: z.nullable(health),
})
export type Receiver = z.output<typeof receiver>

const list = z.object({ receivers: z.array(receiver) })
const written = z.object({ name: z.string(), warnings: z.optional(z.array(z.string())) })
const tried = z.object({ ok: z.boolean(), detail: z.string(), duration_ms: z.number() })
export type Tried = z.output<typeof tried>

/** What lanes do isn't among the events. */
const everyMs = 10_000

export const receiversQuery = queryOptions({
  queryKey: keys.receivers,
  queryFn: async ({ signal }) => (await request(list, 'GET', '/api/v2/receivers', { signal })).receivers,
  refetchInterval: everyMs,
})

export const receiverQuery = (name: string) =>
  queryOptions({
    queryKey: keys.receiver(name),
    queryFn: ({ signal }) => request(receiver, 'GET', pathOf(name), { signal }),
    refetchInterval: everyMs,
  })

export const createReceiver = (body: object) => request(written, 'POST', '/api/v2/receivers', { body })
export const changeReceiver = (name: string, body: object) => request(written, 'PATCH', pathOf(name), { body })
export const deleteReceiver = (name: string): Promise<unknown> => request(nothing, 'DELETE', pathOf(name))
export const tryReceiver = (name: string): Promise<Tried> => request(tried, 'POST', `${pathOf(name)}/test`)

const pathOf = (name: string): string => `/api/v2/receivers/${encodeURIComponent(name)}`
