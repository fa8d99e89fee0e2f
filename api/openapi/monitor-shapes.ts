/** Monitors, their transitions and evaluations, as answered. */
import { z } from 'zod'
import { monitorOptions } from '../../contract/options.ts'
import { monitorTypes } from '../../contract/types.ts'
import { creator, epochMs, epochS, status, tags, time, warnings } from './shapes.ts'

export const options = monitorOptions.meta({ id: 'MonitorOptions' })

const group = z
  .strictObject({
    name: z.string(),
    status,
    last_triggered_ts: epochS.nullable(),
    last_nodata_ts: epochS.nullable(),
    last_resolved_ts: epochS.nullable(),
  })
  .meta({ id: 'GroupOfMonitor' })

const asset = z.strictObject({
  monitor_id: z.int().optional(),
  name: z.string(),
  url: z.string(),
  category: z.string(),
  resource_key: z.string().nullable(),
  resource_type: z.string().nullable(),
  template_variables: z.record(z.string(), z.unknown()),
  options: z.record(z.string(), z.unknown()),
})

/** With what `with_…` and `group_states` ask for. */
export const monitor = z
  .strictObject({
    id: z.int(),
    org_id: z.int(),
    type: z.enum(monitorTypes),
    name: z.string(),
    message: z.string(),
    tags,
    query: z.string(),
    options,
    multi: z.boolean(),
    created_at: epochMs,
    created: time,
    modified: time,
    deleted: z.null(),
    priority: z.int().nullable(),
    restricted_roles: z.array(z.string()).nullable().optional(),
    restriction_policy: z.null().optional(),
    draft_status: z.enum(['draft', 'published']),
    assets: z.array(asset).optional(),
    overall_state_modified: time.nullable(),
    overall_state: status,
    creator: creator.optional(),
    state: z.strictObject({ groups: z.record(z.string(), group) }).optional(),
    matching_downtimes: z
      .array(z.strictObject({ id: z.int(), scope: z.array(z.string()), start: epochS, end: epochS.nullable() }))
      .optional(),
    run_as: z.null().optional(),
    restricted: z.boolean().optional(),
    warnings: warnings.optional(),
  })
  .meta({ id: 'Monitor' })

const acknowledgment = z.strictObject({
  by: z.string(),
  at: z.union([z.number(), time]).nullable(),
  until: z.union([z.number(), time]).nullable(),
  note: z.string().nullable(),
})

export const transitionFields = {
  sequence: z.int(),
  group: z.string(),
  from: status,
  to: status,
  slot: epochMs,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  reason: z.string(),
  version: z.int(),
  firstTriggeredAt: epochMs.nullable(),
  lastTriggeredAt: epochMs.nullable(),
  notify: z.looseObject({ send: z.boolean(), reason: z.string() }),
  bundle: z.strictObject({ groups: z.array(z.string()), count: z.int() }).nullable(),
  acknowledged: acknowledgment.optional(),
  cause: z.strictObject({ monitorId: z.int(), group: z.string() }).optional(),
  at: time,
}

export const evaluation = z
  .strictObject({
    slot: epochMs,
    slot_at: time,
    at: time,
    outcome: z.string(),
    reason: z.string().nullable(),
    version: z.int(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    groups: z.int(),
    groups_told: z.int(),
    duration_ms: z.number(),
    query: z.string().nullable(),
    as_of: time.nullable(),
  })
  .meta({ id: 'Evaluation' })

const groupStatusFields = {
  group: z.string(),
  status,
  since: time.nullable(),
  value: z.number().nullable(),
  missing_since: time.nullable(),
  first_triggered_at: time.nullable(),
  last_triggered_at: time.nullable(),
  told: z.boolean(),
  held: z.boolean(),
  acknowledged: acknowledgment.nullable(),
}
export const groupStatus = z.strictObject(groupStatusFields).meta({ id: 'GroupStatus' })

/** A group that isn't OK, with what people need to know of its monitor. */
export const firingGroup = z
  .strictObject({
    monitor_id: z.int(),
    monitor_name: z.string(),
    type: z.string(),
    tags,
    priority: z.int().nullable(),
    ...groupStatusFields,
  })
  .meta({ id: 'FiringGroup' })
