/** Where evaluations get their data from: sources, how each worker finds them, and whether they answer. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

const fields = z.record(z.string(), z.unknown())
const source = z.object({
  name: z.string(),
  kind: z.enum(['prometheus', 'loki', 'postgres']),
  default: z.boolean(),
  config: fields,
  secrets: z.array(z.string()),
  task_queue: z.nullable(z.string()),
  managed_by: z.string(),
  error: z.optional(z.string()),
})
export type ListedSource = z.output<typeof source>

const worker = z.object({
  worker: z.string(),
  circuit: z.optional(z.string()),
  sent: z.optional(z.number()),
  failed: z.optional(z.number()),
  waiting: z.optional(z.number()),
  last_answer: z.optional(z.nullable(z.string())),
  last_failure: z.optional(z.nullable(z.object({ at: z.string(), reason: z.string() }))),
})
const one = z.object({ ...source.shape, workers: z.array(worker) })
export type Source = z.output<typeof one>

const list = z.object({ sources: z.array(source) })
const written = z.object({ name: z.string() })
const tried = z.object({ ok: z.boolean(), detail: z.string(), duration_ms: z.number() })

/** Workers tell how they find it every few seconds. */
const everyMs = 5_000

export const sourcesQuery = queryOptions({
  queryKey: keys.sources,
  queryFn: async ({ signal }) => (await request(list, 'GET', '/api/v2/source', { signal })).sources,
})

export const sourceQuery = (name: string) =>
  queryOptions({
    queryKey: keys.source(name),
    queryFn: ({ signal }) => request(one, 'GET', pathOf(name), { signal }),
    refetchInterval: everyMs,
  })

export const createSource = (body: object) => request(written, 'POST', '/api/v2/source', { body })
export const changeSource = (name: string, body: object) => request(written, 'PATCH', pathOf(name), { body })
export const deleteSource = (name: string): Promise<unknown> => request(nothing, 'DELETE', pathOf(name))
export const trySource = (name: string) => request(tried, 'POST', `${pathOf(name)}/test`)

const pathOf = (name: string): string => `/api/v2/source/${encodeURIComponent(name)}`
