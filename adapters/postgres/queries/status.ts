/** How monitors are, from what was decided: to be read while Temporal is away. Never written here. Read next: api/routes/status.ts. */
import type { GroupState, Health, Memory } from '../../../core/monitor/types.ts'
import type { Queryable } from '../pool.ts'

export type StatusRow = Readonly<{
  id: number
  version: number
  /** The version that the workflow works with; null = it hasn't begun yet. */
  applied_version: number | null
  /** Where it lives. */
  cell: string
  overall_state: string
  overall_state_modified: Date | null
  /** Absent (null) until the workflow has begun. */
  paused: boolean | null
  health: Health | null
  /** Of the last decision; quiet slots after it decide nothing. */
  last_slot: number | null
  groups: Readonly<Record<string, number>>
}>

/** null = never created, or deleted. */
export async function findStatus(db: Queryable, monitorId: number): Promise<StatusRow | null> {
  const { rows } = await db.query<StatusRow>(
    `select monitors.id, monitors.version, applied_version, cell, overall_state, overall_state_modified, paused, health, last_slot,
       coalesce((
         select jsonb_object_agg(status, many)
         from (select status, count(*) as many from monitor_groups where monitor_id = monitors.id group by status) as counted
       ), '{}') as groups
     from monitors left join monitor_state on monitor_state.monitor_id = monitors.id
     where monitors.id = $1 and deleted_at is null`,
    [monitorId],
  )
  return rows[0] ?? null
}

export type Failing = Readonly<{ count: number; first: readonly Readonly<{ id: number; name: string }>[] }>

/** Monitors whose evaluations fail, paused ones aside: how many, and the first of them by id. */
export async function findFailing(db: Queryable, limit: number): Promise<Failing> {
  const { rows } = await db.query<{ id: number; name: string; count: number }>(
    `select monitors.id, name, count(*) over () as count
     from monitor_state join monitors on monitors.id = monitor_id
     where health ->> 'kind' = 'failing' and not paused and deleted_at is null order by monitors.id limit $1`,
    [limit],
  )
  return { count: rows[0]?.count ?? 0, first: rows.map(({ id, name }) => ({ id, name })) }
}

/** Of a monitor that tells its groups in bundles, by their keys: what was told of them. Empty where there are none. */
export async function findBundles(db: Queryable, monitorId: number): Promise<Memory['bundles']> {
  const { rows } = await db.query<{ bundles: Memory['bundles'] | null }>(
    `select memory->'bundles' as bundles from monitor_state where monitor_id = $1`,
    [monitorId],
  )
  return rows[0]?.bundles ?? {}
}

export type GroupPage = Readonly<{ statuses: readonly string[] | null; after: string; limit: number }>
export type GroupStatusRow = Readonly<{ group_key: string; state: GroupState }>

/** By key, those after `after`. */
export async function pageGroups(db: Queryable, monitorId: number, { statuses, after, limit }: GroupPage): Promise<GroupStatusRow[]> {
  const { rows } = await db.query<GroupStatusRow>(
    `select group_key, state from monitor_groups
     where monitor_id = $1 and group_key > $2 and ($3::text[] is null or status = any($3)) order by group_key limit $4`,
    [monitorId, after, statuses, limit],
  )
  return rows
}
