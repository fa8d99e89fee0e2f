import type { ReconcileStore } from '../../../activities/watch-ports.ts'
import type { RuntimeMonitor } from '../../../core/monitor/spec-types.ts'
import { firstCell } from '../../../core/schedule/cells.ts'
import type { Pool } from '../pool.ts'
import { listWorkers, shardsServed } from './engine.ts'
import { findPunctuality, listOverdue } from './progress.ts'

/** So long a worker takes at most until it has caught up, or nearly: 10,000 monitors need 37 s. */
const settledMs = 120_000

type MonitorRow = Readonly<{
  id: number
  version: number
  type: string
  name: string
  priority: number | null
  tags: string[]
  applied_version: number | null
}>

/** What the reconciler of a cell compares with Temporal. Monitors are those that live there; lanes and notifications are everybody's. Reads only, markStopped aside. */
export function reconcileStore(pool: Pool, cell = firstCell): ReconcileStore {
  return {
    async unapplied(limit) {
      const { rows } = await pool.query<MonitorRow>(
        `select id, version, type, name, priority, tags, applied_version from monitors
         where deleted_at is null and applied_version is distinct from version and cell = $2
           -- The request that wrote it tells the workflow itself; two signals would only cost twice.
           and modified_at < now() - interval '2 seconds'
         order by modified_at limit $1`,
        [limit, cell],
      )
      return rows.map((row) => ({ ...monitorOf(row), confirmed: row.applied_version !== null }))
    },
    async unstopped(limit) {
      const { rows } = await pool.query<{ id: number; deleted_ms: number }>(
        `select id, extract(epoch from now() - deleted_at)::float8 * 1000 as deleted_ms
         from monitors where deleted_at is not null and stopped_at is null and cell = $2 order by deleted_at limit $1`,
        [limit, cell],
      )
      return rows.map((row) => ({ monitorId: row.id, deletedMs: row.deleted_ms }))
    },
    async markStopped(monitorId) {
      await pool.query('update monitors set stopped_at = now() where id = $1 and deleted_at is not null', [monitorId])
    },
    async overdue(limit) {
      // The clock that wrote what is due is a worker's, as is this one.
      const nowMs = Date.now()
      const [monitors, { live }, workers] = await Promise.all([
        listOverdue(pool, nowMs, limit, cell),
        findPunctuality(pool, nowMs, cell),
        listWorkers(pool),
      ])
      // A worker that has just started finds everything late, and deals with it.
      const settled = workers.filter(({ startedAt }) => startedAt.getTime() < nowMs - settledMs)
      return { monitors, live, servedShards: [...new Set(settled.flatMap((worker) => shardsServed(worker, cell)))] }
    },
    async page(afterMonitorId, limit) {
      const { rows } = await pool.query<MonitorRow>(
        `select id, version, type, name, priority, tags, applied_version from monitors
         where deleted_at is null and cell = $3 and id > $1 order by id limit $2`,
        [afterMonitorId, limit, cell],
      )
      return rows.map(monitorOf)
    },
    async unplanned(ageMs, limit) {
      const { rows } = await pool.query<{ monitor_id: number; sequence: number }>(
        `select monitor_id, sequence from notifications
         where planned_at is null and created_at < now() - $1 * interval '1 millisecond'
         order by created_at limit $2`,
        [ageMs, limit],
      )
      return rows.map((row) => ({ monitorId: row.monitor_id, sequence: row.sequence }))
    },
    async untended(ageMs, limit) {
      const { rows } = await pool.query<{ receiver: string }>(
        `select d.receiver from deliveries d
         where d.status in ('pending', 'retrying') and d.next_attempt_at < now() - $1 * interval '1 millisecond'
           and not exists (
             select from receiver_lanes l where l.receiver = d.receiver
               and greatest(l.draining_until, l.waits_until) > now() - $1 * interval '1 millisecond')
         group by d.receiver order by min(d.next_attempt_at) limit $2`,
        [ageMs, limit],
      )
      return rows.map(({ receiver }) => receiver)
    },
  }
}

function monitorOf(row: MonitorRow): RuntimeMonitor {
  const { version, type, name, priority, tags } = row
  return { monitorId: row.id, version, type, name, priority, tags }
}
