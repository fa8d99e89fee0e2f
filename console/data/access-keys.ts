/** API and application keys. The key itself is in the answer to its making, and nowhere else. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

export const kinds = {
  application_keys: { title: 'Application keys', noun: 'application key', about: 'say who acts', roles: ['viewer', 'editor', 'admin'] },
  api_keys: { title: 'API keys', noun: 'API key', about: 'let requests in', roles: ['intake', 'viewer', 'editor', 'admin'] },
} as const
export type KeyKind = keyof typeof kinds

const attributes = z.object({
  name: z.string(),
  role: z.string(),
  created_at: z.string(),
  created_by: z.nullable(z.string()),
  last4: z.optional(z.string()),
  key: z.optional(z.string()),
  date_last_used: z.optional(z.nullable(z.string())),
  last_used_at: z.optional(z.nullable(z.string())),
})
const one = z.object({ id: z.string(), attributes })
const list = z.object({ data: z.array(one) })
const single = z.object({ data: one })
export type AccessKey = z.output<typeof one>

/** As many as there may be. */
const keysMax = 1_000

export const accessKeysQuery = (kind: KeyKind) =>
  queryOptions({
    queryKey: keys.accessKeys(kind),
    queryFn: async ({ signal }) => (await request(list, 'GET', `/api/v2/${kind}`, { query: { 'page[size]': keysMax }, signal })).data,
  })

export type NewKey = Readonly<{ kind: KeyKind; name: string; role: string }>

export const createKey = async ({ kind, name, role }: NewKey): Promise<AccessKey> =>
  (await request(single, 'POST', `/api/v2/${kind}`, { body: { data: { type: kind, attributes: { name, role } } } })).data

export const changeRole = (kind: KeyKind, id: string, role: string): Promise<unknown> =>
  request(nothing, 'PATCH', `/api/v2/${kind}/${id}`, { body: { data: { type: kind, id, attributes: { role } } } })

export const revokeKey = (kind: KeyKind, id: string): Promise<unknown> => request(nothing, 'DELETE', `/api/v2/${kind}/${id}`)
