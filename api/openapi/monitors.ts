/** Monitors: definitions, lists, searches. */
import { z } from 'zod'
import { canDeleteParameters, deleteParameters } from '../../contract/bulk.ts'
import { createBody, updateBody } from '../../contract/monitor.ts'
import { searchParameters } from '../../contract/monitor-search.ts'
import { applyParameters, listParameters, monitorParameters } from '../../contract/pages.ts'
import { restrictionBody } from '../../contract/restriction.ts'
import { monitor } from './monitor-shapes.ts'
import { operationsOf } from './operation.ts'
import { creator, epochS, status, tags, warnings } from './shapes.ts'

const creation = createBody.meta({ id: 'MonitorCreation' })
const update = updateBody.meta({ id: 'MonitorUpdate' })
const validated = z.strictObject({ warnings: warnings.optional() })
const canDelete = z.strictObject({ data: z.strictObject({ ok: z.array(z.int()) }) })
const cannotDelete = canDelete.extend({ errors: z.record(z.string(), z.array(z.string())) })

const count = <Name extends z.ZodType>(name: Name) => z.array(z.strictObject({ name, count: z.int() }))
const metadata = z.strictObject({ total_count: z.int(), page_count: z.int(), page: z.int(), per_page: z.int() })

const found = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    status,
    type: z.string(),
    classification: z.string(),
    query: z.string(),
    tags,
    priority: z.int().nullable(),
    scopes: z.array(z.string()),
    metrics: z.array(z.string()),
    notifications: z.array(z.strictObject({ handle: z.string(), name: z.string() })),
    creator,
    muted: z.boolean(),
    quality_issues: z.array(z.string()),
    last_triggered_ts: epochS.nullable(),
    org_id: z.int(),
  })
  .meta({ id: 'FoundMonitor' })

const foundGroup = z
  .strictObject({
    monitor_id: z.int(),
    monitor_name: z.string(),
    group: z.string(),
    group_tags: tags,
    status,
    last_triggered_ts: epochS.nullable(),
    last_nodata_ts: epochS.nullable(),
  })
  .meta({ id: 'FoundGroup' })

const restriction = z
  .strictObject({
    data: z.strictObject({
      type: z.literal('restriction_policy'),
      id: z.string(),
      attributes: z.strictObject({
        bindings: z.array(z.strictObject({ relation: z.enum(['viewer', 'editor']), principals: z.array(z.string()) })),
      }),
    }),
  })
  .meta({ id: 'RestrictionPolicy' })

export const monitorOperations = operationsOf('Monitors', {
  'GET /api/v1/monitor': { summary: 'List monitors', query: listParameters, answers: { 200: z.array(monitor) } },
  'POST /api/v1/monitor': { summary: 'Create a monitor', body: creation, answers: { 200: monitor } },
  'POST /api/v1/monitor/validate': { summary: 'Check a definition', role: 'viewer', body: creation, answers: { 200: validated } },
  'POST /api/v1/monitor/{id}/validate': {
    summary: 'Check a change of a definition',
    role: 'viewer',
    body: update,
    answers: { 200: validated },
  },
  'GET /api/v1/monitor/search': {
    summary: 'Search monitors',
    query: searchParameters,
    answers: {
      200: z.strictObject({
        counts: z.strictObject({ status: count(status), type: count(z.string()), muted: count(z.boolean()), tag: count(z.string()) }),
        metadata,
        monitors: z.array(found),
      }),
    },
  },
  'GET /api/v1/monitor/groups/search': {
    summary: 'Search groups of monitors',
    query: searchParameters,
    answers: {
      200: z.strictObject({
        counts: z.strictObject({ status: count(status), type: count(z.string()) }),
        groups: z.array(foundGroup),
        metadata,
      }),
    },
  },
  'GET /api/v1/monitor/can_delete': {
    summary: 'Whether monitors may be deleted',
    query: canDeleteParameters,
    answers: { 200: canDelete, 409: cannotDelete },
  },
  'GET /api/v1/monitor/{id}': { summary: 'Read a monitor', query: monitorParameters, answers: { 200: monitor } },
  'PUT /api/v1/monitor/{id}': { summary: 'Change a monitor', body: update, answers: { 200: monitor } },
  'DELETE /api/v1/monitor/{id}': {
    summary: 'Delete a monitor',
    query: deleteParameters,
    answers: { 200: z.strictObject({ deleted_monitor_id: z.int() }) },
    errors: [409],
  },
  'GET /api/v2/monitor/by-key': {
    summary: 'Keys of monitors that are kept in files',
    answers: { 200: z.strictObject({ monitors: z.array(z.strictObject({ id: z.int(), key: z.string() })) }) },
  },
  'PUT /api/v2/monitor/by-key/{key}': {
    summary: 'Create or change the monitor of a key',
    query: applyParameters,
    body: creation,
    answers: { 200: monitor },
    errors: [409],
  },
  'GET /api/v2/restriction_policy/{resource}': { summary: 'Who may change a monitor', answers: { 200: restriction } },
  'POST /api/v2/restriction_policy/{resource}': {
    summary: 'Say who may change a monitor',
    role: 'admin',
    body: restrictionBody,
    answers: { 200: restriction },
  },
  'DELETE /api/v2/restriction_policy/{resource}': {
    summary: 'Let everybody change a monitor',
    role: 'admin',
    answers: { 204: null },
  },
})
