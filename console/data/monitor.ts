/** One monitor: its definition, how it is, and what can be done to it. Read next: monitor-history.ts, ../pages/monitor/. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

const monitor = z.looseObject({
  id: z.number(),
  type: z.string(),
  name: z.string(),
  message: z.string(),
  query: z.string(),
  tags: z.array(z.string()),
  priority: z.nullable(z.number()),
  draft_status: z.string(),
  modified: z.string(),
  overall_state: z.string(),
  overall_state_modified: z.nullable(z.string()),
  options: z.looseObject({ silenced: z.optional(z.record(z.string(), z.nullable(z.number()))) }),
})
export type Monitor = z.output<typeof monitor>

const status = z.object({
  version: z.number(),
  paused: z.boolean(),
  health: z.nullable(z.looseObject({ kind: z.string(), since: z.optional(z.number()), reason: z.optional(z.string()) })),
  last_slot_at: z.nullable(z.string()),
  next_evaluation_at: z.nullable(z.string()),
  stretched: z.number(),
  groups: z.record(z.string(), z.number()),
  workflow: z.object({ id: z.string(), url: z.nullable(z.string()) }),
})
export type MonitorStatus = z.output<typeof status>

export const monitorQuery = (id: string) =>
  queryOptions({
    queryKey: keys.monitor(Number(id), 'definition'),
    queryFn: ({ signal }) => request(monitor, 'GET', `/api/v1/monitor/${encodeURIComponent(id)}`, { signal }),
  })

export const monitorStatusQuery = (id: number) =>
  queryOptions({
    queryKey: keys.monitor(id, 'status'),
    queryFn: ({ signal }) => request(status, 'GET', `/api/v2/monitor/${id}/status`, { signal }),
  })

const match = z.object({
  id: z.string(),
  attributes: z.object({ scope: z.string(), start: z.string(), end: z.nullable(z.string()) }),
})
export type DowntimeMatch = z.output<typeof match>
const matches = z.object({ data: z.array(match) })

/** Downtimes that hold it now, mutes included. */
export const monitorDowntimesQuery = (id: number) =>
  queryOptions({
    queryKey: keys.monitor(id, 'downtimes'),
    queryFn: async ({ signal }) => (await request(matches, 'GET', `/api/v2/monitor/${id}/downtime_matches`, { signal })).data,
  })

/** `end`: epoch seconds; null = until it is taken back. `scope`: `*` = all groups. */
export type Mute = Readonly<{ scope: string; end: number | null }>

export const muteScope = (id: number, { scope, end }: Mute): Promise<unknown> =>
  request(nothing, 'POST', `/api/v1/monitor/${id}/mute`, { body: { scope, ...(end === null ? {} : { end }) } })

export type Acknowledge = Readonly<{ group: string; until: number | null; note: string }>

/** `group`: `*` = all that isn't OK. `until`: epoch seconds; null = until it is another status. */
export const acknowledge = (id: number, { group, until, note }: Acknowledge): Promise<unknown> =>
  request(nothing, 'POST', `/api/v2/monitor/${id}/ack`, {
    body: { group, ...(until === null ? {} : { until }), ...(note === '' ? {} : { note }) },
  })

export const unacknowledge = (id: number, group: string): Promise<unknown> =>
  request(nothing, 'POST', `/api/v2/monitor/${id}/unack`, { body: { group } })

export const resolveGroup = (id: number, group: string): Promise<unknown> =>
  request(nothing, 'POST', `/api/v1/monitor/${id}/resolve`, { body: { groups: [group] } })

const evaluated = z.object({ outcome: z.string(), overall: z.string(), transitions: z.number() })

export const evaluateNow = (id: number): Promise<z.output<typeof evaluated>> =>
  request(evaluated, 'POST', `/api/v2/monitor/${id}/evaluate`, { body: {} })

export const setPaused = (id: number, paused: boolean): Promise<unknown> =>
  request(nothing, 'POST', `/api/v2/monitor/${id}/${paused ? 'pause' : 'resume'}`, { body: {} })

/** As a file; the browser asks for it by itself. */
export const exportAddress = (id: number, format: 'json' | 'yaml' | 'terraform'): string => `/api/v2/monitor/${id}/export?format=${format}`
