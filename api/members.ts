import type { Client } from '../adapters/postgres/pool.ts'
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
