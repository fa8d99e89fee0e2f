/**
 * API and application keys as clients make and change them, in Datadog's shapes and with a role of ours. The key itself is never taken.
 * Read next: api/routes/access-keys.ts, api/middleware/roles.ts.
 */
import { z } from 'zod'
import { pageSizeMax } from './bounds.ts'
import { pageMax, whole } from './pages.ts'

/** From the least to the most. `intake` only pushes; `viewer` only reads. */
export const roles = ['intake', 'viewer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** Whether a role may do what needs `needed`. */
export function suffices(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}

export const keyNameCharsMax = 255
/** Keys of a kind that work at the same time: more nobody can keep track of. */
export const keysMax = 1_000

const name = z
  .string()
  .trim()
  .min(1)
  .max(keyNameCharsMax)
  .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'text must not contain the NUL character or half a character')

const apiRole = z.enum(roles, `expected ${roles.join(', ')}`)
/** Who acts on monitors can't be one that only pushes. */
const applicationRole = z.enum(['viewer', 'editor', 'admin'], 'expected viewer, editor or admin')

/** Datadog's clients send these along: they change nothing here. */
const ignoredOfApi = { category: z.unknown().optional(), remote_config_read_enabled: z.unknown().optional() }
const ignoredOfApplication = { scopes: z.unknown().optional() }
const id = z.string().max(keyNameCharsMax).optional()

export const apiKeyCreation = z.strictObject({
  data: z.strictObject({
    type: z.literal('api_keys', 'expected "api_keys"'),
    attributes: z.strictObject({ name, role: apiRole.default('admin'), ...ignoredOfApi }),
  }),
})
export const apiKeyChange = z.strictObject({
  data: z.strictObject({
    type: z.literal('api_keys', 'expected "api_keys"'),
    id,
    attributes: z.strictObject({ name: name.optional(), role: apiRole.optional(), ...ignoredOfApi }),
  }),
})

export const applicationKeyCreation = z.strictObject({
  data: z.strictObject({
    type: z.literal('application_keys', 'expected "application_keys"'),
    attributes: z.strictObject({ name, role: applicationRole.default('admin'), ...ignoredOfApplication }),
  }),
})
export const applicationKeyChange = z.strictObject({
  data: z.strictObject({
    type: z.literal('application_keys', 'expected "application_keys"'),
    id,
    attributes: z.strictObject({ name: name.optional(), role: applicationRole.optional(), ...ignoredOfApplication }),
  }),
})

export const keyListParameters = z.object({
  filter: z.string().max(keyNameCharsMax).default(''),
  'page[number]': whole(0, pageMax).default(0),
  'page[size]': whole(1, pageSizeMax).default(10),
})
