/** Monitors as lists show them, and what can be done to many of them. Read next: keys.ts, ../pages/monitors/. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys, type MonitorListSearch } from './keys.ts'

const listed = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  type: z.string(),
  classification: z.string(),
  query: z.string(),
  tags: z.array(z.string()),
  priority: z.nullable(z.number()),
  muted: z.boolean(),
  last_triggered_ts: z.nullable(z.number()),
})
export type ListedMonitor = z.output<typeof listed>

const count = z.array(z.object({ name: z.union([z.string(), z.boolean()]), count: z.number() }))
const found = z.object({
  counts: z.object({ status: count, type: count, muted: count, tag: count }),
  metadata: z.object({ total_count: z.number() }),
  monitors: z.array(listed),
})
export type FoundMonitors = z.output<typeof found>

/** Rows of one answer: more than any screen, and little to wait for. */
export const monitorsPerPage = 100

export const monitorPageQuery = (search: MonitorListSearch, page: number) =>
  queryOptions({
    queryKey: keys.monitorPage(search, page),
    queryFn: ({ signal }) =>
      request(found, 'GET', '/api/v1/monitor/search', { query: { ...search, page, per_page: monitorsPerPage }, signal }),
  })

/** How many there are of each kind. */
export const monitorFacetsQuery = (query: string) =>
  queryOptions({
    queryKey: keys.monitorFacets(query),
    queryFn: async ({ signal }) =>
      (await request(found, 'GET', '/api/v1/monitor/search', { query: { query, per_page: 1 }, signal })).counts,
  })

/** `end`: epoch seconds; null = until it is taken back. */
export const muteMonitor = (id: number, end: number | null): Promise<unknown> =>
  request(nothing, 'POST', `/api/v1/monitor/${id}/mute`, { body: end === null ? {} : { end } })

export const unmuteMonitor = (id: number): Promise<unknown> =>
  request(nothing, 'POST', `/api/v1/monitor/${id}/unmute`, { body: { all_scopes: true } })

export const resolveMonitor = (id: number): Promise<unknown> => request(nothing, 'POST', `/api/v1/monitor/${id}/resolve`, { body: {} })

export const deleteMonitor = (id: number): Promise<unknown> => request(nothing, 'DELETE', `/api/v1/monitor/${id}`)

const created = z.object({ id: z.number(), name: z.string() })

export const createMonitor = (definition: unknown): Promise<z.output<typeof created>> =>
  request(created, 'POST', '/api/v1/monitor', { body: definition })

/** What a list can be chosen from at once: the API's longest page. */
export const monitorsChosenMax = 1_000

/** All that a search finds, up to as many as can be dealt with at once. */
export async function monitorsOf(search: MonitorListSearch): Promise<readonly ListedMonitor[]> {
  return (await request(found, 'GET', '/api/v1/monitor/search', { query: { ...search, per_page: monitorsChosenMax } })).monitors
}

/** Creates or changes the monitor that is kept under this key. */
export const applyMonitor = (key: string, definition: unknown): Promise<z.output<typeof created>> =>
  request(created, 'PUT', `/api/v2/monitor/by-key/${key.split('/').map(encodeURIComponent).join('/')}`, { body: definition })
