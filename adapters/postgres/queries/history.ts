/** What the engine decided and told, for reading: groups, transitions, deliveries. Never written here. */
import type { GroupState, Transition } from '../../../core/monitor/types.ts'
import type { Queryable } from '../pool.ts'

export type GroupRow = Readonly<{ monitor_id: number; group_key: string; status: string; state: GroupState }>

/** Groups of these monitors, only those in one of `statuses` unless that is null; by monitor and key. */
export async function listGroups(db: Queryable, monitorIds: readonly number[], statuses: readonly string[] | null): Promise<GroupRow[]> {
  const { rows } = await db.query<GroupRow>(
    `select monitor_id, group_key, status, state from monitor_groups
     where monitor_id = any($1::bigint[]) and ($2::text[] is null or status = any($2)) order by monitor_id, group_key`,
    [monitorIds, statuses],
  )
  return rows
}

export type TransitionRow = Readonly<{ detail: Transition; committed_at: Date }>

/** Newest first. */
export async function listTransitions(db: Queryable, monitorId: number, before: number | null, limit: number): Promise<TransitionRow[]> {
  const { rows } = await db.query<TransitionRow>(
    `select detail, committed_at from transitions
     where monitor_id = $1 and ($2::bigint is null or sequence < $2) order by sequence desc limit $3`,
    [monitorId, before, limit],
  )
  return rows
}

export type DeliveryRow = Readonly<{
  sequence: number
  transition_sequence: number
  receiver: string
  title: string
  status: string
  attempts: number
  last_detail: string | null
  last_latency_ms: number | null
  created_at: Date
  finished_at: Date | null
}>

export type DeliveryCursor = Readonly<{ sequence: number; receiver: string }>

/** Newest transition first, receivers of one transition by name descending. */
export async function listDeliveries(
  db: Queryable,
  monitorId: number,
  before: DeliveryCursor | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select sequence, transition_sequence, receiver, title, status, attempts, last_detail, last_latency_ms, created_at, finished_at
     from deliveries
     where monitor_id = $1 and ($2::bigint is null or (transition_sequence, receiver) < ($2::bigint, $3::text))
     order by transition_sequence desc, receiver desc limit $4`,
    [monitorId, before?.sequence ?? null, before?.receiver ?? null, limit],
  )
  return rows
}
