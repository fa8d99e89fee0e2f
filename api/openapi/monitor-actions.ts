/** What is done to a running monitor, and how it is. */
import { z } from 'zod'
import { ackBody, muteBody, resolveBody, unackBody, unmuteBody } from '../../contract/actions.ts'
import { backtestBody } from '../../contract/backtest.ts'
import { bulkResolveBody } from '../../contract/bulk.ts'
import { deliveryParameters, groupParameters, historyParameters } from '../../contract/pages.ts'
import { previewBody } from '../../contract/preview.ts'
import { backtestReport } from './backtest-shapes.ts'
import { evaluation, groupStatus, monitor, transitionFields } from './monitor-shapes.ts'
import { operationsOf } from './operation.ts'
import { epochMs, next, status, time, warnings } from './shapes.ts'

const transition = z.strictObject({ ...transitionFields, committed_at: time }).meta({ id: 'Transition' })
const paused = z.strictObject({ id: z.int(), paused: z.boolean() })
const unacknowledged = z.strictObject({ id: z.int(), unacknowledged: z.array(z.string()) })
const audit = z
  .strictObject({ id: z.int(), at: time, actor: z.string(), action: z.string(), detail: z.record(z.string(), z.unknown()) })
  .meta({ id: 'AuditEvent' })

const monitorDelivery = z
  .strictObject({
    sequence: z.int(),
    receiver: z.string(),
    status: z.string(),
    title: z.string(),
    attempts: z.int(),
    last_detail: z.string().nullable(),
    last_latency_ms: z.number().nullable(),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'DeliveryOfMonitor' })

const health = z.looseObject({ kind: z.string(), since: z.number().optional(), reason: z.string().optional() })
const monitorStatus = z
  .strictObject({
    id: z.int(),
    version: z.int(),
    applied_version: z.int().nullable(),
    overall_state: status,
    overall_state_modified: time.nullable(),
    paused: z.boolean(),
    health: health.nullable(),
    last_slot: epochMs.nullable(),
    last_slot_at: time.nullable(),
    last_evaluation: evaluation.nullable(),
    next_evaluation_at: time.nullable(),
    stretched: z.int().meta({ description: 'by which factor its interval is stretched; 1 = it is not' }),
    groups: z.record(z.string(), z.int()),
    workflow: z.strictObject({
      id: z.string(),
      url: z.string().nullable().meta({ description: 'in the Temporal Web UI; null = there is none that is known' }),
    }),
  })
  .meta({ id: 'MonitorStatus' })

const previewed = z
  .strictObject({
    transition: z.string(),
    from: status,
    to: status,
    told: z.boolean(),
    not_told_because: z.string().nullable(),
    title: z.string(),
    body: z.string(),
    handles: z.array(z.string()),
    receivers: z.array(
      z.strictObject({
        name: z.string(),
        known: z.boolean(),
        rules: z.array(z.strictObject({ id: z.string(), name: z.string() })),
      }),
    ),
    priority: z.int().nullable(),
    query: z.string().nullable(),
    footer: z.boolean(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'PreviewedNotification' })

export const monitorActionOperations = operationsOf('What happens to monitors', {
  'POST /api/v1/monitor/{id}/mute': { summary: 'Mute', body: muteBody, bodyOptional: true, answers: { 200: monitor } },
  'POST /api/v1/monitor/{id}/unmute': { summary: 'Unmute', body: unmuteBody, bodyOptional: true, answers: { 200: monitor } },
  'POST /api/v1/monitor/{id}/resolve': {
    summary: 'Resolve groups',
    body: resolveBody,
    bodyOptional: true,
    answers: { 200: z.strictObject({ id: z.int(), resolved: z.array(z.string()) }) },
    errors: [409],
  },
  'POST /api/v1/monitor/bulk_resolve': {
    summary: 'Resolve groups of several monitors',
    body: bulkResolveBody,
    answers: { 200: z.array(monitor) },
    errors: [404, 409],
  },
  'POST /api/v2/monitor/{id}/pause': { summary: 'Stop evaluating', answers: { 202: paused }, errors: [409] },
  'POST /api/v2/monitor/{id}/resume': { summary: 'Evaluate again', answers: { 202: paused }, errors: [409] },
  'POST /api/v2/monitor/{id}/evaluate': {
    summary: 'Evaluate now',
    answers: { 200: z.looseObject({ id: z.int(), slot: epochMs, outcome: z.string(), overall: status, transitions: z.int() }) },
    errors: [409],
  },
  'POST /api/v2/monitor/{id}/ack': {
    summary: 'Acknowledge groups',
    body: ackBody,
    answers: {
      200: z.strictObject({
        id: z.int(),
        acknowledged: z.array(z.string()),
        by: z.string(),
        until: time.nullable(),
        note: z.string().nullable(),
      }),
    },
    errors: [409],
  },
  'DELETE /api/v2/monitor/{id}/ack': {
    summary: 'Take an acknowledgment back',
    body: unackBody,
    bodyOptional: true,
    answers: { 200: unacknowledged },
    errors: [409],
  },
  'POST /api/v2/monitor/{id}/unack': {
    summary: 'Take an acknowledgment back',
    body: unackBody,
    answers: { 200: unacknowledged },
    errors: [409],
  },
  'GET /api/v2/monitor/{id}/state': {
    summary: 'The state machine’s own state',
    answers: { 200: z.strictObject({ state: z.record(z.string(), z.unknown()), ledger: z.record(z.string(), z.unknown()) }) },
    errors: [409],
  },
  'GET /api/v2/monitor/{id}/status': { summary: 'How a monitor is', answers: { 200: monitorStatus } },
  'GET /api/v2/monitor/{id}/groups': {
    summary: 'Groups of a monitor',
    query: groupParameters,
    answers: { 200: z.strictObject({ groups: z.array(groupStatus), next }) },
  },
  'GET /api/v2/monitor/{id}/transitions': {
    summary: 'What was decided',
    query: historyParameters,
    answers: { 200: z.strictObject({ transitions: z.array(transition), next }) },
  },
  'GET /api/v2/monitor/{id}/evaluations': {
    summary: 'What was evaluated',
    query: historyParameters,
    answers: { 200: z.strictObject({ evaluations: z.array(evaluation), next }) },
  },
  'GET /api/v2/monitor/{id}/deliveries': {
    summary: 'What was sent',
    query: deliveryParameters,
    answers: { 200: z.strictObject({ deliveries: z.array(monitorDelivery), next }) },
  },
  'GET /api/v2/monitor/{id}/audit': {
    summary: 'Who did what',
    query: historyParameters,
    answers: { 200: z.strictObject({ audit: z.array(audit), next }) },
  },
  'POST /api/v2/monitor/backtest': {
    summary: 'What a definition would have done',
    role: 'viewer',
    body: backtestBody,
    answers: { 200: backtestReport },
    errors: [404],
  },
  'POST /api/v2/monitor/preview-notification': {
    summary: 'What a definition would say',
    role: 'viewer',
    body: previewBody,
    answers: { 200: z.strictObject({ notifications: z.array(previewed), warnings }) },
    errors: [404],
  },
})
