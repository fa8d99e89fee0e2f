/** The engine itself. */
import { z } from 'zod'
import { firingParameters } from '../../contract/pages.ts'
import { streamParameters } from '../../contract/session.ts'
import { firingGroup } from './monitor-shapes.ts'
import { operationsOf } from './operation.ts'
import { time } from './shapes.ts'

const ms = z.int().nullable().meta({ description: 'milliseconds; null = nothing was evaluated' })

const engineStatus = z
  .strictObject({
    on_time: z.boolean(),
    reason: z.string().nullable().meta({ description: 'why it is not on time' }),
    monitors: z.strictObject({ live: z.int(), overdue: z.int(), stretched: z.int(), unapplied: z.int(), failing: z.int() }),
    schedule_lag_ms: z.strictObject({ p50: ms, p99: ms }),
    evaluations_per_second: z.number(),
    stretch_level: z.int().meta({ description: '0 = nothing is stretched' }),
    workers: z.array(
      z.strictObject({
        name: z.string(),
        started_at: time,
        shards: z.array(z.int()),
        evaluations_per_second: z.number(),
        schedule_lag_ms: z.strictObject({ p50: ms, p99: ms, p1_p99: ms }),
        stretch_level: z.int(),
      }),
    ),
    shards: z.array(z.strictObject({ shard: z.int(), served_by: z.array(z.string()) })),
    overdue_monitors: z.array(z.strictObject({ id: z.int(), name: z.string(), priority: z.int().nullable(), overdue_ms: z.int() })),
    failing_monitors: z.array(z.strictObject({ id: z.int(), name: z.string() })),
    dead_letters: z.int(),
    breakers_open: z.strictObject({ receivers: z.array(z.string()), sources: z.array(z.string()) }),
    deadman_told_at: time.nullable(),
  })
  .meta({ id: 'EngineStatus' })

export const engineOperations = operationsOf('Engine', {
  'GET /api/v2/engine/status': { summary: 'How the engine is', answers: { 200: engineStatus } },
  'GET /api/v2/firing': {
    summary: 'Groups of all monitors that are not OK',
    query: firingParameters,
    answers: { 200: z.strictObject({ total: z.int(), groups: z.array(firingGroup) }) },
  },
  'GET /api/v2/events/stream': {
    summary: 'What changes, as server-sent events: status, transition, action, reset',
    query: streamParameters,
    answers: { 200: 'text/event-stream' },
  },
})
