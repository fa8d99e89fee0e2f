/** What isn't OK now, over all monitors, and what people say of it. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

const acknowledged = z.object({ by: z.string(), until: z.nullable(z.string()), note: z.nullable(z.string()) })
const group = z.object({
  monitor_id: z.number(),
  monitor_name: z.string(),
  tags: z.array(z.string()),
  priority: z.nullable(z.number()),
  group: z.string(),
  status: z.string(),
  since: z.nullable(z.string()),
  value: z.nullable(z.number()),
  held: z.boolean(),
  acknowledged: z.nullable(acknowledged),
})
export type FiringGroup = z.output<typeof group>

const firing = z.object({ total: z.number(), groups: z.array(group) })

/** `status`: names with commas, as `alert,warn`. */
export const firingQuery = (status: string) =>
  queryOptions({
    queryKey: keys.firing(status),
    queryFn: ({ signal }) => request(firing, 'GET', '/api/v2/firing', { query: { status }, signal }),
  })

export type Acknowledge = Readonly<{ monitorId: number; group: string; note: string }>

export const acknowledgeGroup = ({ monitorId, group: name, note }: Acknowledge): Promise<unknown> =>
  request(nothing, 'POST', `/api/v2/monitor/${monitorId}/ack`, { body: { group: name, ...(note === '' ? {} : { note }) } })

export const unacknowledgeGroup = (monitorId: number, name: string): Promise<unknown> =>
  request(nothing, 'POST', `/api/v2/monitor/${monitorId}/unack`, { body: { group: name } })

export const resolveGroup = (monitorId: number, name: string): Promise<unknown> =>
  request(nothing, 'POST', `/api/v1/monitor/${monitorId}/resolve`, { body: { groups: [name] } })
