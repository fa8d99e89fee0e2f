/** The roles of keys as Datadog's clients look them up. Read next: routes/access.ts, restricted.ts. */
import type { Role } from '../contract/access-keys.ts'

/** Names as Datadog's; the ids are ours, the same everywhere and for ever: monitors hold them. */
export const listedRoles = [
  { id: '6b0a2a4e-0000-4000-8000-000000000001', name: 'Datadog Admin Role' },
  { id: '6b0a2a4e-0000-4000-8000-000000000002', name: 'Datadog Standard Role' },
  { id: '6b0a2a4e-0000-4000-8000-000000000003', name: 'Datadog Read Only Role' },
] as const

export type ListedRole = (typeof listedRoles)[number]

const [admin, standard, readOnly] = listedRoles
const listedOf = { admin, editor: standard, viewer: readOnly, intake: readOnly } as const satisfies Readonly<Record<Role, ListedRole>>

/** A role as it is listed; who only pushes reads nothing and is listed as the least. */
export function listedRole(role: Role): ListedRole {
  return listedOf[role]
}
