/**
 * Composites: what the newest committed statuses of other monitors come to. How they were at some earlier time isn't kept, so a slot of
 * the past is skipped and not answered from the present; downtimes of members hold their notifications and not their statuses.
 * Read next: core/query/composite-status.ts, core/query/composite-join.ts.
 */
import { type Datasource, type MonitorStates, type SlotReadings, SourceError, type SourceQuery } from '../../activities/ports.ts'
import { joinMembers, type MemberStatus } from '../../core/query/composite-join.ts'
import { membersOf, parseComposite } from '../../core/query/composite-language.ts'
import type { CompositeExpression } from '../../core/query/composite-nodes.ts'
import { compositeStatus, levelOf } from '../../core/query/composite-status.ts'
import { levelValue } from '../../core/query/fixed-levels.ts'

/** A slot this late is still now: two default intervals, so that a busy worker skips none. */
const lateMaxMs = 120_000

/** `clock` tells how late a slot is, in epoch ms. */
export function compositeDatasource(states: MonitorStates, clock: () => number = Date.now): Datasource {
  return {
    types: ['composite'],
    query: async (source) => {
      const expression = expressionOf(source)
      const newest = source.slots.at(-1)
      if (newest === undefined) return []
      const past = source.slots.slice(0, -1).map(skip)
      if (clock() - newest > lateMaxMs) return [...past, skip(newest)]
      return [...past, { slot: newest, values: await valuesOf(states, expression, source.groupsMax) }]
    },
  }
}

function expressionOf({ query }: SourceQuery): CompositeExpression {
  const parsed = parseComposite(query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  return parsed.query.of
}

function skip(slot: number): SlotReadings {
  return { slot, values: {}, skipped: 'how the members of a composite were at an earlier time is not kept' }
}

async function valuesOf(states: MonitorStates, expression: CompositeExpression, groupsMax: number): Promise<Record<string, number>> {
  const ids = membersOf(expression)
  const known = await states.statuses(ids, groupsMax)
  const members = ids.map((id) => memberOf(known, id))
  const values = Object.entries(joinMembers(members)).flatMap(([group, statuses]) => {
    const level = levelOf(compositeStatus(expression, (id) => statuses[ids.indexOf(id)] ?? 'No Data'))
    return level === null ? [] : [[group, levelValue(level)] as const]
  })
  return Object.fromEntries(values.slice(0, groupsMax))
}

function memberOf(known: ReadonlyMap<number, MemberStatus>, id: number): MemberStatus {
  const member = known.get(id)
  if (member === undefined) throw new SourceError('bad-query', `monitor ${id}, which this composite is made of, was deleted`)
  return member
}
