/** Policies of tags and downtimes, templates, notification rules. */
import { z } from 'zod'
import { policyCreation, policyUpdate } from '../../contract/monitor-policy.ts'
import { ruleCreation, ruleUpdate } from '../../contract/notification-rule.ts'
import { ruleInclude, ruleListParameters } from '../../contract/notification-rule-list.ts'
import { templateParameters } from '../../contract/pages.ts'
import { templateBody } from '../../contract/template.ts'
import { operationsOf } from './operation.ts'
import { reference, time, user, warnings } from './shapes.ts'

const policy = z
  .strictObject({
    type: z.literal('monitor-config-policy'),
    id: z.string(),
    attributes: z.discriminatedUnion('policy_type', [
      z.strictObject({
        policy: z.strictObject({ tag_key: z.string(), tag_key_required: z.boolean(), valid_tag_values: z.array(z.string()) }),
        policy_type: z.literal('tag'),
      }),
      z.strictObject({ policy: z.strictObject({ max_duration_ms: z.int() }), policy_type: z.literal('downtime') }),
    ]),
  })
  .meta({ id: 'Policy' })

const variable = z.strictObject({
  name: z.string(),
  tag_key: z.string(),
  defaults: z.array(z.string()).optional(),
  available_values: z.array(z.string()).optional(),
})
const templateFields = {
  title: z.string(),
  description: z.string().nullable().optional(),
  tags: z.array(z.string()),
  template_variables: z.array(variable).optional(),
  monitor_definition: z.record(z.string(), z.unknown()),
  version: z.int(),
  created: time,
}
const template = z
  .strictObject({
    type: z.literal('monitor-user-template'),
    id: z.string(),
    attributes: z.strictObject({
      ...templateFields,
      modified: time,
      versions: z.array(z.strictObject({ id: z.string(), ...templateFields })).optional(),
    }),
  })
  .meta({ id: 'Template' })

const conditional = z.strictObject({
  conditions: z.array(z.strictObject({ scope: z.string(), recipients: z.array(z.string()) })),
  fallback_recipients: z.array(z.string()).optional(),
})
const rule = z
  .strictObject({
    type: z.literal('monitor-notification-rule'),
    id: z.string(),
    attributes: z.strictObject({
      name: z.string(),
      filter: z.union([z.strictObject({ tags: z.array(z.string()) }), z.strictObject({ scope: z.string() })]),
      recipients: z.array(z.string()).optional(),
      conditional_recipients: conditional.optional(),
      bundle_config: z.strictObject({ duration: z.int() }).optional(),
      created: time,
      modified: time,
      created_at: time,
      modified_at: time,
    }),
    relationships: z.strictObject({ created_by: reference('users') }),
  })
  .meta({ id: 'NotificationRule' })
const writtenRule = z.strictObject({
  data: rule,
  included: z.array(user),
  meta: z.strictObject({ warnings }).optional(),
})

export const ruleOperations = [
  ...operationsOf('Policies', {
    'GET /api/v2/monitor/policy': { summary: 'List policies', answers: { 200: z.strictObject({ data: z.array(policy) }) } },
    'POST /api/v2/monitor/policy': {
      summary: 'Create a policy',
      role: 'admin',
      body: policyCreation,
      answers: { 200: z.strictObject({ data: policy }) },
    },
    'GET /api/v2/monitor/policy/{id}': { summary: 'Read a policy', answers: { 200: z.strictObject({ data: policy }) } },
    'PATCH /api/v2/monitor/policy/{id}': {
      summary: 'Change a policy',
      role: 'admin',
      body: policyUpdate,
      answers: { 200: z.strictObject({ data: policy }) },
    },
    'DELETE /api/v2/monitor/policy/{id}': { summary: 'Delete a policy', role: 'admin', answers: { 204: null } },
  }),
  ...operationsOf('Templates', {
    'GET /api/v2/monitor/template': { summary: 'List templates', answers: { 200: z.strictObject({ data: z.array(template) }) } },
    'POST /api/v2/monitor/template': {
      summary: 'Create a template',
      body: templateBody,
      answers: { 200: z.strictObject({ data: template }) },
    },
    'POST /api/v2/monitor/template/validate': {
      summary: 'Check a template',
      role: 'viewer',
      body: templateBody,
      answers: { 204: null },
    },
    'POST /api/v2/monitor/template/{id}/validate': {
      summary: 'Check a change of a template',
      role: 'viewer',
      body: templateBody,
      answers: { 204: null },
    },
    'GET /api/v2/monitor/template/{id}': {
      summary: 'Read a template',
      query: templateParameters,
      answers: { 200: z.strictObject({ data: template }) },
    },
    'PUT /api/v2/monitor/template/{id}': {
      summary: 'Change a template',
      body: templateBody,
      answers: { 200: z.strictObject({ data: template }) },
    },
    'DELETE /api/v2/monitor/template/{id}': { summary: 'Delete a template', answers: { 204: null } },
  }),
  ...operationsOf('Notification rules', {
    'GET /api/v2/monitor/notification_rule': {
      summary: 'List notification rules',
      query: ruleListParameters,
      answers: { 200: z.strictObject({ data: z.array(rule), included: z.array(user).optional() }) },
    },
    'POST /api/v2/monitor/notification_rule': {
      summary: 'Create a notification rule',
      body: ruleCreation,
      answers: { 200: writtenRule },
    },
    'GET /api/v2/monitor/notification_rule/{id}': {
      summary: 'Read a notification rule',
      query: ruleInclude,
      answers: { 200: z.strictObject({ data: rule, included: z.array(user).optional() }) },
    },
    'PATCH /api/v2/monitor/notification_rule/{id}': {
      summary: 'Change a notification rule',
      body: ruleUpdate,
      answers: { 200: writtenRule },
    },
    'DELETE /api/v2/monitor/notification_rule/{id}': { summary: 'Delete a notification rule', answers: { 204: null } },
  }),
]
