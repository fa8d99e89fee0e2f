import type { Client } from '../adapters/postgres/pool.ts'
import { type NamedBy, namedBy } from '../adapters/postgres/queries/causes.ts'
import type { MonitorDefinition } from '../contract/monitor.ts'
import { inhibitedByOf } from '../core/monitor/spec-causes.ts'
import { badRequest } from './errors.ts'

/** Monitors that are looked at for a circle. Whoever waits for more has something else to mend. */
const chainMax = 1_000

/**
 * Monitors that are named by their id must be there, and must not wait for this one. `self`: null = it has no id yet, and nobody can wait for
 * it. Throws an ApiError that says which.
 */
export async function checkCauses(client: Client, self: number | null, { options }: MonitorDefinition): Promise<void> {
  const names = inhibitedByOf(options.inhibited_by).flatMap(({ monitorId }) => monitorId ?? [])
  if (names.length === 0) return
  const errors: string[] = []
  if (self !== null && names.includes(self)) errors.push('options.inhibited_by: a monitor can’t be inhibited by itself')
  const others = [...new Set(names)].filter((id) => id !== self)
  const found = await namedBy(client, others)
  for (const id of others) if (!found.some((one) => one.id === id)) errors.push(`options.inhibited_by: there is no monitor ${id}`)
  if (self !== null && errors.length === 0) errors.push(...(await circles(client, self, found)))
  if (errors.length > 0) throw badRequest(errors)
}

async function circles(client: Client, self: number, first: readonly NamedBy[]): Promise<string[]> {
  const seen = new Set<number>()
  let next = first
  while (next.length > 0 && seen.size < chainMax) {
    const waits = next.find(({ names }) => names.includes(self))
    if (waits !== undefined)
      return [`options.inhibited_by: monitor ${waits.id} is inhibited by this one, directly or through others: neither would be told`]
    for (const { id } of next) seen.add(id)
    next = await namedBy(
      client,
      next.flatMap(({ names }) => names).filter((id) => !seen.has(id)),
    )
  }
  return []
}
