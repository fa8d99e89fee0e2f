import type { DeliveryBacklog } from '../../../telemetry/worker-metrics.ts'
import type { Queryable } from '../pool.ts'

/** What waits to be delivered, for metrics. Both counts are answered by partial indexes, so they cost as much as is waiting or was given up. */
export async function deliveryBacklog(db: Queryable): Promise<DeliveryBacklog> {
  const { rows } = await db.query<DeliveryBacklog>(
    `select
       (select count(*)::int from deliveries where status in ('pending', 'retrying')) as open,
       -- What is gathered is due later, and hasn't waited before that.
       (select greatest(0, coalesce(extract(epoch from now() - min(open_since)), 0))::float8 from deliveries
        where status in ('pending', 'retrying')) as "oldestSeconds",
       (select count(*)::int from deliveries where status = 'dead' and finished_at > now() - interval '1 day') as dead`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('PostgreSQL answered a query of three counts with no row')
  return row
}
