/**
 * Monitors about log entries and events that clients pushed, in PostgreSQL: all slots in one statement, each as of itself.
 * Never answers from a part of the data: it fails as a whole, with a SourceError. Read next: events-sql.ts, search-sql.ts.
 */
import { type SlotReadings, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import type { IntakeDays } from '../../../core/intake-days.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import type { EventQuery, EventSource } from '../../../core/query/event-nodes.ts'
import type { Pool } from '../../postgres/pool.ts'
import { eventsSql } from './events-sql.ts'
import { ask } from './failure.ts'

type Row = Readonly<{ n: number; tags: readonly string[]; value: number }>

const dayMs = 86_400_000

export async function eventReadings(pool: Pool, query: EventQuery, source: SourceQuery, kept: IntakeDays): Promise<SlotReadings[]> {
  const { slots, delayMs, groupsMax, timeoutMs } = source
  const table = tableOf(query.source)
  if (table === null) throw new SourceError('bad-query', `no source has ${query.source}: the intake takes logs and events`)
  if (query.windowMs > kept[table] * dayMs) {
    throw new SourceError('bad-query', `${query.windowText} reaches back further than ${table} are kept (${kept[table]} days)`)
  }
  if (slots.length === 0) return []
  const keys = [...query.by].sort()
  const windows = slots.map((slot) => ({ fromMs: slot - delayMs - query.windowMs, toMs: slot - delayMs }))
  const rows = await ask<Row>(pool, eventsSql(query, table, keys, windows, groupsMax), timeoutMs)
  return readingsOf(query, slots, keys, rows)
}

function tableOf(source: EventSource): 'logs' | 'events' | null {
  return source === 'logs' || source === 'events' ? source : null
}

/** Nothing to count is 0: of everything at once, and of groups that were there before. */
function readingsOf({ method }: EventQuery, slots: readonly number[], keys: readonly string[], rows: readonly Row[]): SlotReadings[] {
  const counts = method === 'count' || method === 'cardinality'
  const found = slots.map((): [string, number][] => (counts && keys.length === 0 ? [['*', 0]] : []))
  for (const { n, tags, value } of rows) {
    found[n]?.push([groupKey(Object.fromEntries(keys.map((key, index) => [key, tags[index] ?? '']))), value])
  }
  return slots.map((slot, n) => ({ slot, values: Object.fromEntries(found[n] ?? []) }))
}
