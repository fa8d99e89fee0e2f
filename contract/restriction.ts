/**
 * Restriction policies: who may change a resource, as clients write them. Of monitors alone, and of the principals only roles count.
 * Read next: api/routes/restrictions.ts.
 */
import { z } from 'zod'
import { identifierCharsMax, restrictedRolesMax } from './bounds.ts'

/** Datadog names two relations. */
const relationsMax = 2

const principal = z
  .string()
  .max(identifierCharsMax)
  .regex(/^(role|team|user|org):[A-Za-z0-9._-]+$/, 'expected role:, team:, user: or org: with an id')

const binding = z.strictObject({ relation: z.enum(['viewer', 'editor']), principals: z.array(principal).max(restrictedRolesMax) })

export const restrictionBody = z.strictObject({
  data: z.strictObject({
    /** Also empty: the path counts. */
    id: z.string().max(identifierCharsMax).optional(),
    type: z.literal('restriction_policy'),
    attributes: z.strictObject({ bindings: z.array(binding).max(relationsMax) }),
  }),
})

export type Binding = z.infer<typeof binding>

export const storedBindings = z.array(binding)

/** The roles that may change it; null = everybody. */
export function rolesOf(bindings: readonly Binding[]): string[] | null {
  const editors = bindings.filter(({ relation }) => relation === 'editor').flatMap(({ principals }) => principals)
  const roles = editors.flatMap((principal) => (principal.startsWith('role:') ? [principal.slice('role:'.length)] : []))
  return roles.length === 0 ? null : [...new Set(roles)]
}

/** What a monitor's own field comes to. */
export function bindingsOf(roles: readonly string[] | null): Binding[] {
  return roles === null || roles.length === 0 ? [] : [{ relation: 'editor', principals: roles.map((role) => `role:${role}`) }]
}
