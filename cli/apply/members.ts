/**
 * How files name other monitors: a composite's query as `key(disk-full) && key(load)`, a downtime's as `monitor_key`. Ids differ from
 * server to server, keys don't. Pure. Read next: plan.ts.
 */
import type { Body, Desired } from './desired.ts'

const reference = /\bkey\(([^()\s]+)\)/g

/** Stands for the id of a monitor that isn't there yet while its query is checked; no server comes to it. */
const notYet = 999_999_999_999

export type Resolved = Readonly<{ body: Body /** Keys of which no monitor is known yet. */; missing: readonly string[] }>

export function membersOf({ body }: Desired): string[] {
  if (body.type !== 'composite' || typeof body.query !== 'string') return []
  return [...body.query.matchAll(reference)].flatMap(([, key = '']) => key)
}

export function withIds(desired: Desired, ids: ReadonlyMap<string, number>): Resolved {
  const members = membersOf(desired)
  if (members.length === 0 || typeof desired.body.query !== 'string') return { body: desired.body, missing: [] }
  const query = desired.body.query.replaceAll(reference, (_text, key: string) => String(ids.get(key) ?? notYet))
  return { body: { ...desired.body, query }, missing: members.filter((key) => !ids.has(key)) }
}

/** The query with keys in the place of ids, where they are known. */
export function withKeys(query: string, keys: ReadonlyMap<number, string>): string {
  return query.replaceAll(/\d+/g, (digits) => {
    const key = keys.get(Number(digits))
    return key === undefined ? digits : `key(${key})`
  })
}

/** Members before whoever names them; whatever names itself in a circle comes last, and the server refuses it. */
export function inOrder(monitors: readonly Desired[]): readonly Desired[] {
  const waiting = new Map(monitors.map((monitor) => [monitor.key, monitor]))
  const ordered: Desired[] = []
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size
    for (const monitor of [...waiting.values()]) {
      if (membersOf(monitor).some((key) => waiting.has(key))) continue
      waiting.delete(monitor.key)
      ordered.push(monitor)
    }
  }
  return [...ordered, ...waiting.values()]
}
