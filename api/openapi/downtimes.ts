/** Downtimes, in both versions. */
import { z } from 'zod'
import { noBody } from '../../contract/actions.ts'
import { downtimeCreation, downtimeUpdate } from '../../contract/downtime.ts'
import { downtimeTimesParameters } from '../../contract/downtime-times.ts'
import { cancelByScope, downtimeCreationV1, downtimeUpdateV1 } from '../../contract/downtime-v1.ts'
import { downtimeInclude, downtimeListParameters, downtimeListParametersV1, downtimePage } from '../../contract/pages.ts'
import { operationsOf } from './operation.ts'
import { epochS, filteredCount, reference, tags, time, user } from './shapes.ts'

const occurrence = z.strictObject({ start: time.nullable(), end: time.nullable() })
const occurs = { start: time, end: time.nullable() }
const state = z.enum(['scheduled', 'active', 'ended', 'canceled'])

const downtime = z
  .strictObject({
    id: z.string(),
    type: z.literal('downtime'),
    attributes: z.strictObject({
      monitor_identifier: z.union([z.strictObject({ monitor_id: z.int() }), z.strictObject({ monitor_tags: tags })]),
      scope: z.string(),
      schedule: z.union([
        occurrence,
        z.strictObject({
          timezone: z.string(),
          recurrences: z.array(z.strictObject({ start: z.string(), duration: z.string(), rrule: z.string() })),
          current_downtime: occurrence.nullable(),
        }),
      ]),
      display_timezone: z.string(),
      message: z.string().nullable(),
      mute_first_recovery_notification: z.boolean(),
      notify_end_states: z.array(z.string()),
      notify_end_types: z.array(z.string()),
      status: state,
      created: time,
      modified: time,
      canceled: time.nullable(),
    }),
    relationships: z.strictObject({
      created_by: reference('users'),
      monitor: z.strictObject({ data: z.strictObject({ id: z.string(), type: z.literal('monitors') }).nullable() }),
    }),
  })
  .meta({ id: 'Downtime' })

const included = z
  .array(z.union([user, z.strictObject({ id: z.int(), type: z.literal('monitors'), attributes: z.strictObject({ name: z.string() }) })]))
  .optional()

const match = z.strictObject({
  id: z.string(),
  type: z.literal('downtime_match'),
  attributes: z.strictObject({ scope: z.string(), groups: z.array(z.string()), start: time, end: time.nullable() }),
})

const recurrence = z.strictObject({
  type: z.string(),
  rrule: z.string().optional(),
  period: z.int().optional(),
  week_days: z.array(z.string()).nullable().optional(),
  until_date: epochS.nullable().optional(),
  until_occurrences: z.int().nullable().optional(),
})

const downtimeV1 = z
  .strictObject({
    id: z.int(),
    uuid: z.string(),
    org_id: z.int(),
    monitor_id: z.int().nullable(),
    monitor_tags: tags,
    scope: z.array(z.string()),
    start: epochS,
    end: epochS.nullable(),
    recurrence: recurrence.nullable(),
    timezone: z.string(),
    message: z.string().nullable(),
    mute_first_recovery_notification: z.boolean(),
    notify_end_states: z.array(z.string()),
    notify_end_types: z.array(z.string()),
    downtime_type: z.int(),
    status: state,
    active: z.boolean(),
    disabled: z.boolean(),
    created: epochS,
    modified: epochS,
    canceled: epochS.nullable(),
    creator_id: z.int(),
    updater_id: z.int().nullable(),
    parent_id: z.null(),
    child_id: z.null(),
  })
  .meta({ id: 'DowntimeV1' })

export const downtimeOperations = operationsOf('Downtimes', {
  'GET /api/v2/downtime': {
    summary: 'List downtimes',
    query: downtimeListParameters,
    answers: { 200: z.strictObject({ data: z.array(downtime), meta: filteredCount, included }) },
  },
  'POST /api/v2/downtime': {
    summary: 'Plan a downtime',
    body: downtimeCreation,
    answers: { 200: z.strictObject({ data: downtime }) },
    errors: [404],
  },
  'GET /api/v2/downtime/occurrences': {
    summary: 'When downtimes hold within a time',
    query: downtimeTimesParameters,
    answers: { 200: z.strictObject({ occurrences: z.array(z.strictObject({ id: z.string(), ...occurs })), cut: z.boolean() }) },
  },
  'POST /api/v2/downtime/preview': {
    summary: 'When a downtime would hold',
    role: 'viewer',
    body: downtimeCreation,
    answers: { 200: z.strictObject({ occurrences: z.array(z.strictObject(occurs)) }) },
  },
  'GET /api/v2/downtime/{id}': {
    summary: 'Read a downtime',
    query: downtimeInclude,
    answers: { 200: z.strictObject({ data: downtime, included }) },
  },
  'PATCH /api/v2/downtime/{id}': {
    summary: 'Change a downtime',
    body: downtimeUpdate,
    answers: { 200: z.strictObject({ data: downtime }) },
  },
  'DELETE /api/v2/downtime/{id}': { summary: 'Cancel a downtime', answers: { 204: null } },
  'GET /api/v2/monitor/{id}/downtime_matches': {
    summary: 'Downtimes that hold a monitor now',
    query: downtimePage,
    answers: { 200: z.strictObject({ data: z.array(match), meta: filteredCount }) },
  },
  'GET /api/v1/downtime': { summary: 'List downtimes', query: downtimeListParametersV1, answers: { 200: z.array(downtimeV1) } },
  'POST /api/v1/downtime': { summary: 'Plan a downtime', body: downtimeCreationV1, answers: { 200: downtimeV1 }, errors: [404] },
  'POST /api/v1/downtime/cancel/by_scope': {
    summary: 'Cancel the downtimes of a scope',
    body: cancelByScope,
    answers: { 200: z.strictObject({ cancelled_ids: z.array(z.int()) }) },
    errors: [404],
  },
  'GET /api/v1/downtime/{id}': { summary: 'Read a downtime', answers: { 200: downtimeV1 } },
  'PUT /api/v1/downtime/{id}': { summary: 'Change a downtime', body: downtimeUpdateV1, answers: { 200: downtimeV1 } },
  'DELETE /api/v1/downtime/{id}': { summary: 'Cancel a downtime', answers: { 204: null } },
  'GET /api/v1/monitor/{id}/downtimes': { summary: 'Downtimes that hold a monitor now', answers: { 200: z.array(downtimeV1) } },
  'POST /api/v1/monitor/mute_all': { summary: 'Mute everything', body: noBody, bodyOptional: true, answers: { 200: downtimeV1 } },
  'POST /api/v1/monitor/unmute_all': { summary: 'Unmute everything', body: noBody, bodyOptional: true, answers: { 204: null } },
})
