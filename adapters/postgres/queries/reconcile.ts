import type { ReconcileStore } from '../../../activities/ports.ts'
import type { RuntimeMonitor } from '../../../core/monitor/spec-types.ts'
import type { Pool } from '../pool.ts'

type MonitorRow = Readonly<{
  id: number
  version: number
  type: string
  name: string
  priority: number | null
  tags: string[]
  applied_version: number | null
}>

/**
 * An open delivery that nobody has tried for this long has lost its workflow: retries come every five minutes at least. One whose
 * receiver asked for a longer pause is taken for lost, too, and starting it again finds it running.
 */
const untouchedMs = 6 * 60_000

/** What the reconciler compares with Temporal. Reads only, markStopped aside. */
export function reconcileStore(pool: Pool): ReconcileStore {
  return {
    async unapplied(limit) {
      const { rows } = await pool.query<MonitorRow>(
        `select id, version, type, name, priority, tags, applied_version from monitors
         where deleted_at is null and applied_version is distinct from version
           -- The request that wrote it tells the workflow itself; two signals would only cost twice.
           and modified_at < now() - interval '2 seconds'
         order by modified_at limit $1`,
        [limit],
      )
      return rows.map((row) => ({ ...monitorOf(row), confirmed: row.applied_version !== null }))
    },
    async unstopped(limit) {
      const { rows } = await pool.query<{ id: number }>(
        'select id from monitors where deleted_at is not null and stopped_at is null order by deleted_at limit $1',
        [limit],
      )
      return rows.map((row) => row.id)
    },
    async markStopped(monitorId) {
      await pool.query('update monitors set stopped_at = now() where id = $1 and deleted_at is not null', [monitorId])
    },
    async page(afterMonitorId, limit) {
      const { rows } = await pool.query<MonitorRow>(
        `select id, version, type, name, priority, tags, applied_version from monitors
         where deleted_at is null and id > $1 order by id limit $2`,
        [afterMonitorId, limit],
      )
      return rows.map(monitorOf)
    },
    async unplanned(ageMs, limit) {
      const { rows } = await pool.query<{ monitor_id: number; sequence: number }>(
        `select monitor_id, sequence from (
           select monitor_id, sequence, created_at as since from notifications
           where planned_at is null and created_at < now() - $1 * interval '1 millisecond'
           union all
           select monitor_id, sequence, min(touched_at) from deliveries
           where status in ('pending', 'retrying')
           group by monitor_id, sequence
           having max(touched_at) < now() - $3 * interval '1 millisecond'
         ) as stuck
         order by since limit $2`,
        [ageMs, limit, untouchedMs],
      )
      return rows.map((row) => ({ monitorId: row.monitor_id, sequence: row.sequence }))
    },
  }
}

function monitorOf(row: MonitorRow): RuntimeMonitor {
  const { version, type, name, priority, tags } = row
  return { monitorId: row.id, version, type, name, priority, tags }
}
