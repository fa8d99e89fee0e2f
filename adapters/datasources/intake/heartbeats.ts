/**
 * Heartbeats: how many pings in a row didn't come in time, as of each slot. Before the first one there is no data: nothing is missed of a
 * job that never ran. Read next: adapters/postgres/queries/heartbeats.ts.
 */
import type { SlotReadings, SourceQuery } from '../../../activities/ports.ts'
import type { HeartbeatQuery } from '../../../core/query/our-nodes.ts'
import type { Pool } from '../../postgres/pool.ts'
import { heartbeatHash } from '../../postgres/queries/heartbeats.ts'
import { ask } from './failure.ts'

type Row = Readonly<{ last_ms: number | null }>

export async function heartbeatReadings(pool: Pool, query: HeartbeatQuery, source: SourceQuery): Promise<SlotReadings[]> {
  const { slots, delayMs, timeoutMs } = source
  if (slots.length === 0) return []
  const text = `
select (
  select at_ms from heartbeat_pings where key_hash = $1 and at_ms <= ends.at order by at_ms desc limit 1
) as last_ms
from unnest($2::bigint[]) with ordinality as ends (at, n) order by n`
  const ends = slots.map((slot) => slot - delayMs)
  const rows = await ask<Row>(pool, { text, values: [heartbeatHash(query.key), ends] }, timeoutMs)
  return slots.map((slot, n) => {
    const lastMs = rows[n]?.last_ms ?? null
    return { slot, values: lastMs === null ? {} : { '*': missedPings(query, lastMs, slot - delayMs) } }
  })
}

/** The last moment at which a ping is in time is in time. */
function missedPings({ everyMs, graceMs }: HeartbeatQuery, lastMs: number, atMs: number): number {
  return Math.max(0, Math.ceil((atMs - lastMs - graceMs) / everyMs) - 1)
}
