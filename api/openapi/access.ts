/** Keys, users and roles. */
import { z } from 'zod'
import {
  apiKeyChange,
  apiKeyCreation,
  applicationKeyChange,
  applicationKeyCreation,
  keyListParameters,
  roles,
} from '../../contract/access-keys.ts'
import { lookupParameters } from '../../contract/pages.ts'
import { sessionBody } from '../../contract/session.ts'
import { operationsOf } from './operation.ts'
import { counts, reference, time } from './shapes.ts'

const role = z
  .strictObject({
    type: z.literal('roles'),
    id: z.string(),
    attributes: z.strictObject({ name: z.string(), created_at: time, modified_at: time }),
    relationships: z.strictObject({ permissions: z.strictObject({ data: z.array(z.unknown()) }) }),
  })
  .meta({ id: 'Role' })

const organisation = z.strictObject({
  type: z.literal('orgs'),
  id: z.string(),
  attributes: z.strictObject({
    name: z.string(),
    public_id: z.string(),
    created_at: time,
    modified_at: time,
    disabled: z.boolean(),
    description: z.string().nullable(),
    sharing: z.string(),
    url: z.string().nullable(),
  }),
})

const person = z
  .strictObject({
    type: z.literal('users'),
    id: z.string(),
    attributes: z.strictObject({
      name: z.string(),
      handle: z.string(),
      email: z.string(),
      created_at: time,
      modified_at: time,
      icon: z.string(),
      title: z.string().nullable(),
      verified: z.boolean(),
      service_account: z.boolean(),
      disabled: z.boolean(),
      status: z.string(),
    }),
    relationships: z.strictObject({
      roles: z.strictObject({ data: z.array(z.strictObject({ type: z.literal('roles'), id: z.string() })) }),
      org: reference('orgs'),
    }),
  })
  .meta({ id: 'User' })
const personAnswer = z.strictObject({ data: person, included: z.array(z.union([organisation, role])) })

const validated = z.strictObject({
  data: z.strictObject({
    type: z.literal('validate_v2'),
    id: z.string(),
    attributes: z.strictObject({ valid: z.boolean(), api_key_id: z.string(), api_key_scopes: z.array(z.string()) }),
  }),
})

const keyFields = {
  name: z.string(),
  role: z.enum(roles),
  created_at: time,
  last4: z.string().optional(),
  created_by: z.string().nullable(),
  key: z.string().optional().meta({ description: 'only in the answer to its making' }),
}
const apiKey = z
  .strictObject({
    type: z.literal('api_keys'),
    id: z.string(),
    attributes: z.strictObject({ ...keyFields, modified_at: time, date_last_used: time.nullable() }),
  })
  .meta({ id: 'ApiKey' })
const applicationKey = z
  .strictObject({
    type: z.literal('application_keys'),
    id: z.string(),
    attributes: z.strictObject({ ...keyFields, scopes: z.null(), last_used_at: time.nullable() }),
  })
  .meta({ id: 'ApplicationKey' })

const ofApi = { noun: 'API key', shape: apiKey, creation: apiKeyCreation, change: apiKeyChange }
const ofApplication = { noun: 'application key', shape: applicationKey, creation: applicationKeyCreation, change: applicationKeyChange }

const keyOperations = (base: `/${string}`, { noun, shape, creation, change }: typeof ofApi | typeof ofApplication) =>
  operationsOf('Keys', {
    [`GET ${base}`]: {
      summary: `List ${noun}s`,
      role: 'admin',
      query: keyListParameters,
      answers: { 200: z.strictObject({ data: z.array<z.ZodType>(shape), meta: counts }) },
    },
    [`POST ${base}`]: {
      summary: `Make an ${noun}`,
      role: 'admin',
      body: creation,
      answers: { 201: z.strictObject({ data: shape }) },
    },
    [`GET ${base}/{id}`]: { summary: `Read an ${noun}`, role: 'admin', answers: { 200: z.strictObject({ data: shape }) } },
    [`PATCH ${base}/{id}`]: {
      summary: `Change an ${noun}`,
      role: 'admin',
      body: change,
      answers: { 200: z.strictObject({ data: shape }) },
      errors: [409],
    },
    [`DELETE ${base}/{id}`]: { summary: `Revoke an ${noun}`, role: 'admin', answers: { 204: null }, errors: [409] },
  })

const who = { name: z.string(), role: z.enum(roles) }

export const accessOperations = [
  ...operationsOf('Session of a browser', {
    'POST /api/v2/session': {
      summary: 'Exchange both keys for a cookie',
      keys: 'none',
      body: sessionBody,
      answers: { 201: z.strictObject({ ...who, expires_at: time }) },
      errors: [400, 403, 413, 415, 503],
    },
    'GET /api/v2/session': { summary: 'Who is signed in', answers: { 200: z.strictObject(who) } },
    'DELETE /api/v2/session': { summary: 'Sign out', role: 'viewer', answers: { 204: null } },
  }),
  ...operationsOf('Keys', {
    'GET /api/v1/validate': {
      summary: 'Whether the API key is known',
      keys: 'api',
      answers: { 200: z.strictObject({ valid: z.boolean() }) },
    },
    'GET /api/v2/validate': { summary: 'Whether the API key is known', keys: 'api', answers: { 200: validated } },
    'GET /api/v2/validate_keys': { summary: 'Whether both keys are known', answers: { 200: z.strictObject({ status: z.literal('ok') }) } },
  }),
  ...keyOperations('/api/v2/api_keys', ofApi),
  ...keyOperations('/api/v2/application_keys', ofApplication),
  ...keyOperations('/api/v2/current_user/application_keys', ofApplication),
  ...operationsOf('Users and roles', {
    'GET /api/v2/roles': {
      summary: 'List roles',
      query: lookupParameters,
      answers: { 200: z.strictObject({ data: z.array(role), meta: counts }) },
    },
    'GET /api/v2/roles/{id}': { summary: 'Read a role', answers: { 200: z.strictObject({ data: role }) } },
    'GET /api/v2/current_user': { summary: 'Who is asking', answers: { 200: personAnswer }, errors: [404] },
    'GET /api/v2/users': {
      summary: 'List users',
      query: lookupParameters,
      answers: { 200: z.strictObject({ data: z.array(person), meta: counts }) },
    },
    'GET /api/v2/users/{id}': { summary: 'Read a user', answers: { 200: personAnswer } },
  }),
]
