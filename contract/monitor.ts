/**
 * A monitor as clients write it: Datadog's field names, unknown fields refused, fields that clients echo back accepted.
 * Never decides what a query means: that is check.ts with core/query. Read next: options.ts, check.ts, parse.ts.
 */
import { z } from 'zod'
import {
  assetsMax,
  assetUrlCharsMax,
  identifierCharsMax,
  messageCharsMax,
  nameCharsMax,
  queryCharsMax,
  restrictedRolesMax,
  tagCharsMax,
  tagsMax,
} from './bounds.ts'
import { type MonitorOptions, monitorOptions } from './options.ts'
import { type MonitorType, monitorTypes } from './types.ts'

const asset = z.strictObject({
  name: z.string().min(1).max(nameCharsMax),
  url: z.string().min(1).max(assetUrlCharsMax),
  category: z.literal('runbook'),
  resource_key: z.string().max(identifierCharsMax).nullish(),
  resource_type: z.literal('notebook').nullish(),
  /** Echoed back by clients that read them. */
  monitor_id: z.unknown().optional(),
  template_variables: z.record(z.string(), z.unknown()).nullish(),
  options: z.record(z.string(), z.unknown()).nullish(),
})

/** Fields that we set: clients send them back with what they read, and they change nothing. */
const readOnly = {
  id: z.unknown().optional(),
  org_id: z.unknown().optional(),
  created: z.unknown().optional(),
  created_at: z.unknown().optional(),
  modified: z.unknown().optional(),
  deleted: z.unknown().optional(),
  creator: z.unknown().optional(),
  multi: z.unknown().optional(),
  overall_state: z.unknown().optional(),
  overall_state_modified: z.unknown().optional(),
  state: z.unknown().optional(),
  matching_downtimes: z.unknown().optional(),
  restriction_policy: z.unknown().optional(),
  restricted: z.unknown().optional(),
  run_as: z.unknown().optional(),
  classification: z.unknown().optional(),
  warnings: z.unknown().optional(),
}

const written = {
  type: z.enum(monitorTypes),
  name: z.string().trim().min(1).max(nameCharsMax),
  query: z.string().trim().min(1).max(queryCharsMax),
  message: z.string().trim().max(messageCharsMax),
  tags: z
    .array(z.string().trim().min(1).max(tagCharsMax))
    .max(tagsMax)
    .transform((tags) => [...new Set(tags)]),
  /** Some clients write 0 for none. */
  priority: z
    .int()
    .min(0)
    .max(5)
    .transform((priority) => (priority === 0 ? null : priority))
    .nullable(),
  restricted_roles: z.array(z.string().min(1).max(identifierCharsMax)).max(restrictedRolesMax).nullable(),
  options: monitorOptions,
  draft_status: z.enum(['draft', 'published']),
  assets: z.array(asset).max(assetsMax),
}

export const createBody = z.strictObject({
  ...readOnly,
  ...written,
  message: written.message.nullish().transform((message) => message ?? ''),
  tags: written.tags.nullish().transform((tags) => tags ?? []),
  priority: written.priority.default(null),
  restricted_roles: written.restricted_roles.default(null),
  options: written.options.nullish().transform((options) => options ?? {}),
  draft_status: written.draft_status.default('published'),
  assets: written.assets.default([]),
})

export const updateBody = z.strictObject({
  ...readOnly,
  type: written.type.optional(),
  // Some clients send null for what they leave out; of priority and roles it means none.
  name: written.name.nullish().transform((name) => name ?? undefined),
  query: written.query.nullish().transform((query) => query ?? undefined),
  message: written.message.nullish().transform((message) => message ?? undefined),
  tags: written.tags.nullish().transform((tags) => tags ?? undefined),
  priority: written.priority.optional(),
  restricted_roles: written.restricted_roles.optional(),
  options: written.options.nullish().transform((options) => options ?? undefined),
  draft_status: written.draft_status.optional(),
  assets: written.assets.optional(),
})

/** What is stored, versioned and compared: everything that a client decides. */
export type MonitorDefinition = Readonly<{
  type: MonitorType
  name: string
  query: string
  message: string
  tags: readonly string[]
  priority: number | null
  restricted_roles: readonly string[] | null
  options: MonitorOptions
  draft_status: 'draft' | 'published'
  assets: readonly Readonly<{
    name: string
    url: string
    category: 'runbook'
    resource_key: string | null
    resource_type: 'notebook' | null
    template_variables: Readonly<Record<string, unknown>>
    options: Readonly<Record<string, unknown>>
  }>[]
}>
