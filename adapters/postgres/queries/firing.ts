/** What fires now, over all monitors: what asks for people first comes first. Never written here. Read next: api/routes/firing.ts. */
import type { GroupState, Memory } from '../../../core/monitor/types.ts'
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'

export type FiringRow = Readonly<{
  monitor_id: number
  monitor_name: string
  type: string
  tags: readonly string[]
  priority: number | null
  group_key: string
  state: GroupState
}>

export type Firing = Readonly<{ total: number; rows: readonly FiringRow[]; bundles: ReadonlyMap<number, Memory['bundles']> }>

/** `statuses` null = every one. `total`: also of those beyond `limit`. */
export async function listFiring(
  db: Queryable,
  { statuses, limit }: Readonly<{ statuses: readonly string[] | null; limit: number }>,
): Promise<Firing> {
  const from = `from monitor_groups join monitors on monitors.id = monitor_groups.monitor_id
    where deleted_at is null and ($1::text[] is null or status = any($1))`
  const { rows } = await db.query<FiringRow>(
    `select monitor_id, name as monitor_name, type, tags, priority, group_key, state ${from}
     order by array_position(array['Alert', 'Warn', 'No Data', 'Unknown', 'OK'], status), priority nulls last,
       (state ->> 'since')::bigint desc nulls last, monitor_id, group_key limit $2`,
    [statuses, limit],
  )
  const counted = rows.length < limit ? null : await db.query<{ total: number }>(`select count(*) as total ${from}`, [statuses])
  return {
    total: counted === null ? rows.length : onlyRow(counted.rows).total,
    rows,
    bundles: await bundlesOf(db, [...new Set(rows.map(({ monitor_id: id }) => id))]),
  }
}

/** Of monitors that tell their groups in bundles: what is known of those. */
async function bundlesOf(db: Queryable, monitorIds: readonly number[]): Promise<Map<number, Memory['bundles']>> {
  const { rows } = await db.query<{ monitor_id: number; bundles: Memory['bundles'] }>(
    `select monitor_id, memory -> 'bundles' as bundles from monitor_state
     where monitor_id = any($1::bigint[]) and memory -> 'bundles' <> '{}'`,
    [monitorIds],
  )
  return new Map(rows.map(({ monitor_id: id, bundles }) => [id, bundles]))
}
