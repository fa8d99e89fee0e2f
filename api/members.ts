import type { Client, Queryable } from '../adapters/postgres/pool.ts'
import { compositesOf } from '../adapters/postgres/queries/restrictions.ts'
import { lockMembers } from '../adapters/postgres/queries/states.ts'
import type { MonitorDefinition } from '../contract/monitor.ts'
import { membersOf, parseComposite } from '../core/query/composite-language.ts'
import { badRequest } from './errors.ts'

/** A composite is made of monitors that there are, and of no composites. Throws an ApiError that says which aren't. */
export async function checkMembers(client: Client, { type, query }: MonitorDefinition): Promise<void> {
  if (type !== 'composite') return
  const parsed = parseComposite(query)
  if (!parsed.ok) throw badRequest([`query: ${parsed.error.message}`])
  const ids = membersOf(parsed.query.of)
  const found = new Map((await lockMembers(client, ids)).map((member) => [member.id, member.type]))
  const errors = ids.flatMap((id) => {
    if (!found.has(id)) return [`query: there is no monitor ${id}`]
    return found.get(id) === 'composite' ? [`query: monitor ${id} is a composite, and a composite is made of other monitors`] : []
  })
  if (errors.length > 0) throw badRequest(errors)
}

type Named = Readonly<{ id: number; name: string }>

/** Whether a monitor may go, in Datadog's words; empty = nothing is made of it. */
export async function usesOf(db: Queryable, monitor: Named): Promise<string[]> {
  const composites = await compositesOf(db, monitor.id)
  if (composites.length === 0) return []
  return [`monitor ${nameOf(monitor)} is referenced in composite monitors: ${composites.map(nameOf).join(', ')}`]
}

/** Throws an ApiError that names the composites. */
export async function checkUnused(client: Client, monitor: Named): Promise<void> {
  const errors = await usesOf(client, monitor)
  if (errors.length > 0) throw badRequest(errors)
}

function nameOf({ id, name }: Named): string {
  return `[${id},${name}]`
}
