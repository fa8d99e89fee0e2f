/** The engine itself. */
import { z } from 'zod'
import { cellMove } from '../../contract/cells.ts'
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
        shards: z.array(z.int()).meta({ description: 'of all cells together' }),
        evaluations_per_second: z.number(),
        schedule_lag_ms: z.strictObject({ p50: ms, p99: ms, p1_p99: ms }),
        stretch_level: z.int(),
      }),
    ),
    shards: z.array(z.strictObject({ cell: z.string(), shard: z.int(), served_by: z.array(z.string()) })),
    overdue_monitors: z.array(z.strictObject({ id: z.int(), name: z.string(), priority: z.int().nullable(), overdue_ms: z.int() })),
    failing_monitors: z.array(z.strictObject({ id: z.int(), name: z.string() })),
    dead_letters: z.int(),
    breakers_open: z.strictObject({ receivers: z.array(z.string()), sources: z.array(z.string()) }),
    deadman_told_at: time.nullable(),
  })
  .meta({ id: 'EngineStatus' })

const cell = z
  .strictObject({
    name: z.string(),
    configured: z.boolean().meta({ description: 'among the cells of the API' }),
    shards: z.int(),
    unserved_shards: z.array(z.int()).meta({ description: 'nobody serves them: their monitors stand still' }),
    monitors: z.int(),
  })
  .meta({ id: 'Cell' })

const cellMoved = z.strictObject({
  moved: z.array(z.int()),
  waiting: z.array(z.int()).meta({ description: 'moved, and started or ended by the reconcilers within a minute' }),
  left: z.int().meta({ description: 'in the cell `from`' }),
})

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
  'GET /api/v2/cells': { summary: 'Cells, and how many monitors live in each', answers: { 200: z.strictObject({ data: z.array(cell) }) } },
  'POST /api/v2/cells/move': {
    summary: 'Move monitors to another cell, with their state',
    role: 'admin',
    body: cellMove,
    answers: { 200: cellMoved },
    errors: [404, 503],
  },
})
