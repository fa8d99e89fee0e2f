/** How the engine itself is. */
import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { request } from '../http/client.ts'
import { keys } from './keys.ts'

const ms = z.nullable(z.number())
const status = z.object({
  on_time: z.boolean(),
  reason: z.nullable(z.string()),
  monitors: z.object({ live: z.number(), overdue: z.number(), stretched: z.number(), unapplied: z.number() }),
  schedule_lag_ms: z.object({ p50: ms, p99: ms }),
  evaluations_per_second: z.number(),
  stretch_level: z.number(),
  workers: z.array(
    z.object({
      name: z.string(),
      started_at: z.string(),
      shards: z.array(z.number()),
      evaluations_per_second: z.number(),
      schedule_lag_ms: z.object({ p50: ms, p99: ms, p1_p99: ms }),
      stretch_level: z.number(),
    }),
  ),
  shards: z.array(z.object({ shard: z.number(), served_by: z.array(z.string()) })),
  overdue_monitors: z.array(z.object({ id: z.number(), name: z.string(), priority: z.nullable(z.number()), overdue_ms: z.number() })),
  dead_letters: z.number(),
  breakers_open: z.object({ receivers: z.array(z.string()), sources: z.array(z.string()) }),
  deadman_told_at: z.nullable(z.string()),
})
export type EngineStatus = z.output<typeof status>

/** Workers tell how they are every few seconds. */
const everyMs = 5_000

export const engineQuery = queryOptions({
  queryKey: keys.engine,
  queryFn: ({ signal }) => request(status, 'GET', '/api/v2/engine/status', { signal }),
  refetchInterval: everyMs,
})
