/**
 * What has changed since a moment: states of monitors, transitions, and what people did. For those who watch; nothing is decided by it.
 * Rows become visible when their transaction ends, a little after the time that they carry: the last seconds are read again, and whoever
 * asks leaves out what was told already. Read next: api/events/feed.ts.
 */
import type { Pool } from '../pool.ts'

/** Where a reader is. `atMs`: by PostgreSQL's clock. */
export type Place = Readonly<{ atMs: number; auditId: number }>

export type Change =
  | Readonly<{ kind: 'status'; monitor_id: number; status: string; name: string; at: string }>
  | Readonly<{ kind: 'transition'; monitor_id: number; sequence: number; group: string; from: string; to: string; at: string }>
  | Readonly<{ kind: 'action'; id: number; action: string; actor: string; monitor_id: number | null; at: string }>

/** A change, and a name by which it is known when it is read again. */
export type Known = Readonly<{ key: string; change: Change }>

export type Changes = Readonly<{ place: Place; changes: readonly Known[]; complete: boolean }>

/** A transaction of the engine takes milliseconds; one that waits for a lock some seconds. */
const againMs = 5_000
/** Identities are handed out before they are committed. */
const againIds = 50
/** Of each kind. More than this in a moment nobody follows: readers look at everything anew. */
const rowsMax = 1_000

/** From here on. */
export async function placeNow(pool: Pool): Promise<Place> {
  const { rows } = await pool.query<Place>(
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as "atMs", (select coalesce(max(id), 0) from audit_events) as "auditId"`,
  )
  return rows[0] ?? { atMs: 0, auditId: 0 }
}

/** `complete: false` = there was more than can be listed. */
export async function changesSince(pool: Pool, since: Place): Promise<Changes> {
  const place = await placeNow(pool)
  const from = new Date(since.atMs - againMs)
  const statuses = await pool.query<{ id: number; name: string; overall_state: string; at: Date }>(
    `select id, name, overall_state, overall_state_modified as at from monitors
     where overall_state_modified >= $1 and deleted_at is null order by overall_state_modified limit ${rowsMax}`,
    [from],
  )
  const transitions = await pool.query<{ monitor_id: number; sequence: number; group: string; from: string; to: string; at: Date }>(
    `select monitor_id, sequence, group_key as "group", from_status as "from", to_status as "to", committed_at as at from transitions
     where committed_at >= $1 order by committed_at limit ${rowsMax}`,
    [from],
  )
  const actions = await pool.query<{ id: number; action: string; actor: string; monitor_id: number | null; at: Date }>(
    `select id, action, actor, monitor_id, at from audit_events where id > $1 order by id limit ${rowsMax}`,
    [Math.max(0, since.auditId - againIds)],
  )
  const changes: Known[] = [
    ...actions.rows.map((row): Known => ({ key: `a${row.id}`, change: { kind: 'action', ...row, at: row.at.toISOString() } })),
    ...transitions.rows.map(
      (row): Known => ({ key: `t${row.monitor_id}.${row.sequence}`, change: { kind: 'transition', ...row, at: row.at.toISOString() } }),
    ),
    ...statuses.rows.map(({ id, name, overall_state: status, at }): Known => {
      const change = { kind: 'status', monitor_id: id, status, name, at: at.toISOString() } as const
      return { key: `s${id}.${change.at}.${status}`, change }
    }),
  ]
  return { place, changes, complete: [statuses, transitions, actions].every(({ rows }) => rows.length < rowsMax) }
}
