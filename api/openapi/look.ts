/** What pages and editors of monitors ask: drawings, completion, checks with places, histories, files. */
import { z } from 'zod'
import { exportParameters } from '../../contract/export.ts'
import { checkBody, completionParameters, drawBody } from '../../contract/look.ts'
import { segmentParameters } from '../../contract/segments.ts'
import { operationsOf } from './operation.ts'
import { epochMs, next, status, time } from './shapes.ts'

const thresholds = z.strictObject({
  critical: z.number().nullable(),
  warning: z.number().nullable(),
  critical_recovery: z.number().nullable(),
  warning_recovery: z.number().nullable(),
})

const comparator = z.string().meta({ description: 'of a value with the thresholds: >, >=, <, <=, == or !=' })

const drawing = z
  .strictObject({
    from: time,
    to: time,
    start: epochMs.meta({ description: 'of the first point' }),
    step_s: z.number(),
    points: z.int(),
    groups: z.array(z.strictObject({ group: z.string(), values: z.array(z.number().nullable()), last: z.number().nullable() })),
    groups_left_out: z.int(),
    comparator,
    thresholds,
    values: z.enum(['numbers', 'levels']).meta({ description: 'levels: 0 = OK, 1 = Warn, 2 = Alert' }),
    unit: z.enum(['percent', 'ratio', 'bytes', 'seconds', 'milliseconds']).nullable(),
    source: z.string(),
    notes: z.array(z.string()),
    took_ms: z.number(),
  })
  .meta({ id: 'Drawing' })

const problem = z
  .strictObject({
    field: z.string().nullable(),
    message: z.string(),
    place: z
      .strictObject({ offset: z.int(), line: z.int(), column: z.int(), length: z.int() })
      .nullable()
      .meta({ description: 'in the text of the field; offset and length in UTF-16 units' }),
  })
  .meta({ id: 'Problem' })

const checked = z.strictObject({
  ok: z.boolean(),
  problems: z.array(problem),
  warnings: z.array(problem),
  reads: z
    .strictObject({
      window_s: z.number(),
      interval_s: z.number(),
      group_by: z.array(z.string()).nullable(),
      comparator,
      thresholds,
      levels: z.boolean(),
    })
    .nullable()
    .meta({ description: 'how the query is understood; null = it is not' }),
})

const completion = z.strictObject({
  source: z.string().nullable(),
  words: z.array(z.string()),
  more: z.boolean(),
  note: z.string().nullable(),
})

const segment = z.strictObject({
  from: time,
  to: time,
  status,
  reason: z.string().nullable(),
  value: z.number().nullable(),
  sequence: z.int().nullable(),
})

const history = z
  .strictObject({
    from: time,
    to: time,
    groups: z.array(z.strictObject({ group: z.string(), status: status.nullable(), cut: z.boolean(), segments: z.array(segment) })),
    downtimes: z.array(
      z.strictObject({ id: z.string(), scope: z.string(), message: z.string().nullable(), from: time, to: time.nullable() }),
    ),
    next,
  })
  .meta({ id: 'MonitorHistory' })

export const lookOperations = operationsOf('What editors and pages ask', {
  'POST /api/v2/monitor/draw': {
    summary: 'A query over a time',
    role: 'viewer',
    body: drawBody,
    answers: { 200: drawing },
    errors: [404],
  },
  'POST /api/v2/monitor/check': {
    summary: 'What is wrong with a definition, and where',
    role: 'viewer',
    body: checkBody,
    answers: { 200: checked },
    errors: [404],
  },
  'GET /api/v2/completion': {
    summary: 'Words of a source that complete a query',
    query: completionParameters,
    answers: { 200: completion },
  },
  'GET /api/v2/monitor/{id}/history': {
    summary: 'Statuses of groups over a time',
    query: segmentParameters,
    answers: { 200: history },
  },
  'GET /api/v2/monitor/{id}/export': {
    summary: 'A monitor as a file',
    query: exportParameters,
    answers: { 200: 'text/plain' },
  },
})
