/** Receivers, what was delivered to them, webhooks and their variables, sources. */
import { z } from 'zod'
import { deliverySearch, redriveBody } from '../../contract/deliveries.ts'
import { receiverChange, receiverCreation } from '../../contract/receivers/body.ts'
import { policyBody } from '../../contract/receivers/policy.ts'
import { sourceBody, sourceChange } from '../../contract/source.ts'
import { webhookCreation, webhookUpdate } from '../../contract/webhook.ts'
import { variableCreation, variableUpdate } from '../../contract/webhook-variable.ts'
import { operationsOf } from './operation.ts'
import { next, nothing, time, warnings } from './shapes.ts'

const tried = z.strictObject({ ok: z.boolean(), detail: z.string(), duration_ms: z.number() })
const managedBy = z.enum(['api', 'file'])
const config = z.record(z.string(), z.unknown()).meta({ description: 'as its kind has it, without secrets' })

const receiverFields = {
  name: z.string(),
  kind: z.string(),
  config,
  secrets: z.array(z.string()).meta({ description: 'names of those that are set' }),
  policy: policyBody,
  managed_by: managedBy,
  created: time.nullable(),
  modified: time.nullable(),
  unreadable: z.string().optional(),
}
const receiver = z.strictObject({ ...receiverFields, warnings: warnings.optional() }).meta({ id: 'Receiver' })
const health = z.strictObject({
  breaker: z.strictObject({ state: z.string(), since: time.nullable(), until: time.nullable() }),
  paused_until: time.nullable(),
  open: z.int(),
  dead: z.int(),
  last_success_at: time.nullable(),
  last_failure_at: time.nullable(),
  last_failure: z.string().nullable(),
})
const withHealth = z.strictObject({ ...receiverFields, health: health.nullable() }).meta({ id: 'ReceiverWithHealth' })

const deliveryFields = {
  id: z.int(),
  monitor_id: z.int(),
  receiver: z.string(),
  status: z.enum(['pending', 'retrying', 'delivered', 'dead', 'merged']),
  form: z.string(),
  group: z.string().nullable(),
  title: z.string(),
  sequence: z.int(),
  sequences: z.array(z.int()),
  transitions: z.int(),
  attempts: z.int(),
  failures: z.int(),
  detail: z.string().nullable(),
  latency_ms: z.number().nullable(),
  fallback_for: z.union([z.string(), z.int()]).nullable(),
  digest: z.union([z.string(), z.int()]).nullable(),
  created_at: time,
  finished_at: time.nullable(),
  next_attempt_at: time.nullable(),
}
const delivery = z.strictObject(deliveryFields).meta({ id: 'Delivery' })
const attempt = z.strictObject({
  attempt: z.int(),
  message_id: z.string(),
  at: time,
  outcome: z.string(),
  latency_ms: z.number().nullable(),
  detail: z.string().nullable(),
})
const redriven = z.strictObject({ receivers: z.array(z.string()), count: z.int() })

const webhook = z
  .strictObject({
    name: z.string(),
    url: z.string(),
    payload: z.string().nullable(),
    custom_headers: z.string().nullable(),
    encode_as: z.string(),
    signed: z.boolean(),
    secret: z.string().optional().meta({ description: 'only in the answer to the request that had it made' }),
    warnings: warnings.optional(),
  })
  .meta({ id: 'Webhook' })
const variable = z.strictObject({ name: z.string(), is_secret: z.boolean(), value: z.string().optional() }).meta({ id: 'WebhookVariable' })

const sourceFields = {
  name: z.string(),
  kind: z.string(),
  default: z.boolean(),
  config,
  secrets: z.array(z.string()),
  task_queue: z.string().nullable(),
  managed_by: managedBy,
  version: z.int(),
  created: time,
  modified: time,
  error: z.string().optional(),
}
const source = z.strictObject(sourceFields).meta({ id: 'Source' })
const worker = z.looseObject({ worker: z.string(), circuit: z.string().optional(), updated: time })

const webhooks = '/api/v1/integration/webhooks/configuration/webhooks'
const variables = '/api/v1/integration/webhooks/configuration/custom-variables'

export const receiverOperations = [
  ...operationsOf('Receivers', {
    'GET /api/v2/receivers': { summary: 'List receivers', answers: { 200: z.strictObject({ receivers: z.array(withHealth) }) } },
    'POST /api/v2/receivers': { summary: 'Create a receiver', role: 'admin', body: receiverCreation, answers: { 201: receiver } },
    'GET /api/v2/receivers/{name}': {
      summary: 'Read a receiver',
      answers: { 200: withHealth },
    },
    'PATCH /api/v2/receivers/{name}': {
      summary: 'Change a receiver',
      role: 'admin',
      body: receiverChange,
      answers: { 200: receiver },
      errors: [409],
    },
    'DELETE /api/v2/receivers/{name}': { summary: 'Delete a receiver', role: 'admin', answers: { 200: nothing }, errors: [409] },
    'POST /api/v2/receivers/{name}/test': {
      summary: 'Try a receiver',
      role: 'admin',
      answers: { 200: tried },
      errors: [409, 501],
    },
    [`POST ${webhooks}`]: { summary: 'Create a webhook', role: 'admin', body: webhookCreation, answers: { 201: webhook } },
    [`GET ${webhooks}/{name}`]: { summary: 'Read a webhook', answers: { 200: webhook }, errors: [409] },
    [`PUT ${webhooks}/{name}`]: {
      summary: 'Change a webhook',
      role: 'admin',
      body: webhookUpdate,
      answers: { 200: webhook },
      errors: [409],
    },
    [`DELETE ${webhooks}/{name}`]: { summary: 'Delete a webhook', role: 'admin', answers: { 200: nothing }, errors: [409] },
    [`POST ${variables}`]: {
      summary: 'Create a variable of webhooks',
      role: 'admin',
      body: variableCreation,
      answers: { 201: variable },
    },
    [`GET ${variables}/{name}`]: { summary: 'Read a variable of webhooks', answers: { 200: variable } },
    [`PUT ${variables}/{name}`]: {
      summary: 'Change a variable of webhooks',
      role: 'admin',
      body: variableUpdate,
      answers: { 200: variable },
      errors: [409],
    },
    [`DELETE ${variables}/{name}`]: { summary: 'Delete a variable of webhooks', role: 'admin', answers: { 200: nothing } },
  }),
  ...operationsOf('Deliveries', {
    'GET /api/v2/deliveries': {
      summary: 'What became of messages',
      query: deliverySearch,
      answers: { 200: z.strictObject({ deliveries: z.array(delivery), next }) },
    },
    'GET /api/v2/deliveries/{id}': {
      summary: 'Read a message with its tries',
      answers: { 200: z.strictObject({ ...deliveryFields, body: z.string().nullable(), tries: z.array(attempt) }) },
    },
    'POST /api/v2/deliveries/redrive': { summary: 'Send dead messages again', body: redriveBody, answers: { 200: redriven } },
    'POST /api/v2/deliveries/{id}/redrive': {
      summary: 'Send a dead message again',
      answers: { 200: redriven },
      errors: [409],
    },
  }),
  ...operationsOf('Sources', {
    'GET /api/v2/source': { summary: 'List sources', answers: { 200: z.strictObject({ sources: z.array(source) }) } },
    'POST /api/v2/source': { summary: 'Create a source', role: 'admin', body: sourceBody, answers: { 201: source } },
    'GET /api/v2/source/{name}': {
      summary: 'Read a source',
      answers: { 200: z.strictObject({ ...sourceFields, workers: z.array(worker) }) },
    },
    'PATCH /api/v2/source/{name}': {
      summary: 'Change a source',
      role: 'admin',
      body: sourceChange,
      answers: { 200: source },
      errors: [409],
    },
    'DELETE /api/v2/source/{name}': { summary: 'Delete a source', role: 'admin', answers: { 200: nothing }, errors: [409] },
    'POST /api/v2/source/{name}/test': { summary: 'Try a source', role: 'admin', answers: { 200: tried }, errors: [409, 501] },
  }),
]
