/** Whom a monitor is left to: its `restricted_roles`, and the people that its restriction policy names. Read next: routes/restrictions.ts. */

import type { Client } from '../adapters/postgres/pool.ts'
import { findBindings } from '../adapters/postgres/queries/restrictions.ts'
import { parse } from '../contract/parse.ts'
import { storedBindings } from '../contract/restriction.ts'
import { ApiError } from './errors.ts'
import type { Principal } from './middleware/keys.ts'
import { listedRole, listedRoles } from './roles.ts'

type Restricted = Readonly<{ id: number; restricted_roles: readonly string[] | null }>

/** Throws an ApiError where `by` may not change, mute or delete this monitor. An admin may: somebody has to. */
export async function checkMayChange(client: Pick<Client, 'query'>, monitor: Restricted, by: Principal): Promise<void> {
  const roles = monitor.restricted_roles ?? []
  if (by.role === 'admin' || roles.includes(listedRole(by.role).id)) return
  const principals = await editorsOf(client, monitor.id)
  if (roles.length === 0 && principals.length === 0) return
  if (principals.includes(`user:${by.id}`) || principals.some((principal) => principal.startsWith('org:'))) return
  const named = roles.map((id) => listedRoles.find((role) => role.id === id)?.name ?? id)
  const whom = named.length === 0 ? 'to somebody else' : `to ${named.join(', ')}`
  throw new ApiError(403, [`Forbidden: monitor ${monitor.id} is left ${whom}, and your keys have the role ${by.role}`])
}

async function editorsOf(client: Pick<Client, 'query'>, id: number): Promise<readonly string[]> {
  const parsed = parse(storedBindings, await findBindings(client, id))
  const bindings = parsed.ok ? parsed.value : []
  return bindings.filter(({ relation }) => relation === 'editor').flatMap(({ principals }) => principals)
}
