/** What is pushed, and what machines ask. */
import { z } from 'zod'
import { checksBody } from '../../contract/checks.ts'
import { codecRequestSchema } from '../../contract/codec.ts'
import { eventV1, eventV2 } from '../../contract/events.ts'
import { logEntriesMax } from '../../contract/logs.ts'
import { seriesBody } from '../../contract/series.ts'
import { seriesBodyV1 } from '../../contract/series-v1.ts'
import { operationsOf } from './operation.ts'
import { epochS, nothing } from './shapes.ts'

const ok = z.strictObject({ status: z.literal('ok') })
const entry = z.record(z.string(), z.unknown())
const logs = z.union([entry, z.array(entry).min(1).max(logEntriesMax)])
const shared = z.object({
  ddtags: z.string().optional(),
  ddsource: z.string().optional(),
  service: z.string().optional(),
  hostname: z.string().optional(),
})

const event = z.strictObject({
  id: z.int(),
  id_str: z.string(),
  title: z.string(),
  text: z.string(),
  date_happened: epochS,
  handle: z.null(),
  priority: z.string(),
  related_event_id: z.int().nullable(),
  tags: z.array(z.string()),
  host: z.string().nullable(),
  alert_type: z.string(),
})
const eventV2Answer = z.strictObject({
  data: z.strictObject({
    type: z.literal('event'),
    attributes: z.strictObject({
      attributes: z.strictObject({ evt: z.strictObject({ id: z.string(), uid: z.string() }) }),
    }),
  }),
})

const payloads = z.strictObject({
  payloads: z.array(z.looseObject({ metadata: z.record(z.string(), z.string()).nullish(), data: z.string().nullish() })),
})
const ready = z.strictObject({ status: z.string(), postgres: z.string(), temporal: z.string() })

export const intakeOperations = operationsOf('What is pushed', {
  'POST /api/v2/series': {
    summary: 'Points of metrics',
    keys: 'api',
    body: seriesBody,
    answers: { 202: z.strictObject({ errors: z.array(z.string()) }) },
  },
  'POST /api/v1/series': { summary: 'Points of metrics', keys: 'api', body: seriesBodyV1, answers: { 202: ok } },
  'POST /api/v1/check_run': { summary: 'Results of service checks', keys: 'api', body: checksBody, answers: { 202: ok } },
  'POST /api/v1/events': {
    summary: 'An event',
    keys: 'api',
    body: eventV1,
    answers: { 202: z.strictObject({ status: z.literal('ok'), event }) },
  },
  'POST /api/v2/events': { summary: 'An event', keys: 'api', body: eventV2, answers: { 202: eventV2Answer } },
  'POST /api/v2/logs': { summary: 'Log entries', keys: 'api', query: shared, body: logs, answers: { 202: nothing } },
  'POST /v1/input': { summary: 'Log entries', keys: 'api', query: shared, body: logs, answers: { 200: nothing } },
  'POST /api/v2/heartbeat/{key}': { summary: 'A job has run', keys: 'none', answers: { 202: ok }, errors: [503] },
  'GET /api/v2/heartbeat/{key}': { summary: 'A job has run', keys: 'none', answers: { 202: ok }, errors: [503] },
})

export const machineOperations = operationsOf('For machines', {
  'GET /health': { summary: 'Whether the process lives', keys: 'none', answers: { 200: ok } },
  'GET /ready': { summary: 'Whether it can be used', keys: 'none', answers: { 200: ready, 503: ready } },
  'GET /metrics': { summary: 'Prometheus exposition', keys: 'none', answers: { 200: 'text/plain' } },
  'GET /api/openapi.json': { summary: 'This document', keys: 'none', answers: { 200: z.record(z.string(), z.unknown()) } },
  'GET /api/docs': { summary: 'This document, to be read', keys: 'none', answers: { 200: 'text/html' } },
  'POST /codec/decode': {
    summary: 'Unpack payloads of Temporal',
    keys: 'none',
    body: codecRequestSchema,
    answers: { 200: payloads },
    errors: [400, 413, 415],
  },
  'POST /codec/encode': {
    summary: 'Pack payloads of Temporal',
    keys: 'none',
    body: codecRequestSchema,
    answers: { 200: payloads },
    errors: [400, 413, 415],
  },
})
