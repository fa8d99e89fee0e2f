/**
 * Service checks whose results clients pushed, in PostgreSQL: a level per group, as a value. Each slot is answered as of itself.
 * A group that hasn't run for a while is missing; one whose results don't say enough yet is partial, and stays as it is.
 * Read next: checks-sql.ts, core/query/check-level.ts.
 */
import type { SlotReadings, SourceQuery } from '../../../activities/ports.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import type { StatusCounts } from '../../../core/monitor/spec-types.ts'
import { levelOfRun, levelOfShare } from '../../../core/query/check-level.ts'
import type { CheckQuery } from '../../../core/query/check-nodes.ts'
import { levelValue } from '../../../core/query/fixed-levels.ts'
import type { Pool } from '../../postgres/pool.ts'
import { checksSql } from './checks-sql.ts'
import { ask } from './failure.ts'

type Row = Readonly<{ n: number; tags: readonly string[]; results: readonly number[] }>

/** One result is enough, and what is unknown is passed over. */
const defaultCounts: StatusCounts = { ok: 1, warning: 1, critical: 1, unknown: null }

/** `freshMs`: a group that hasn't run for so long has no level. */
export async function checkReadings(pool: Pool, query: CheckQuery, source: SourceQuery, freshMs: number): Promise<SlotReadings[]> {
  const { slots, delayMs, groupsMax, timeoutMs, statusCounts = defaultCounts } = source
  if (slots.length === 0) return []
  const keys = query.by === '*' ? null : [...query.by].sort()
  const ends = slots.map((slot) => slot - delayMs)
  const rows = await ask<Row>(pool, checksSql(query, keys, ends, freshMs, groupsMax), timeoutMs)
  const found = slots.map((): { values: [string, number][]; partial: string[] } => ({ values: [], partial: [] }))
  for (const { n, tags, results } of rows) {
    const group = keys === null ? groupOf(tags) : groupKey(Object.fromEntries(keys.map((key, index) => [key, tags[index] ?? ''])))
    const level = query.measure === 'percent' ? levelOfShare(results, statusCounts) : levelOfRun(results, statusCounts)
    if (level === null) found[n]?.partial.push(group)
    else found[n]?.values.push([group, levelValue(level)])
  }
  return slots.map((slot, n) => {
    const { values = [], partial = [] } = found[n] ?? {}
    return { slot, values: Object.fromEntries(values), ...(partial.length === 0 ? {} : { partial: partial.sort() }) }
  })
}

/** Each set of tags is a group. A key with several values has all of them, a bare tag none. */
function groupOf(tags: readonly string[]): string {
  const values = new Map<string, string[]>()
  for (const tag of tags) {
    const colon = tag.indexOf(':')
    const key = colon < 0 ? tag : tag.slice(0, colon)
    values.set(key, [...(values.get(key) ?? []), colon < 0 ? '' : tag.slice(colon + 1)])
  }
  return groupKey(Object.fromEntries([...values].map(([key, several]) => [key, several.join('+')])))
}
