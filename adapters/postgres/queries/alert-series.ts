/** Series of alerts that were written elsewhere, and which of them ended. Read next: ../alert-series.ts. */
import { z } from 'zod'
import type { Labels } from '../../../core/prometheus-template/alert-series.ts'
import type { Queryable } from '../pool.ts'

export type KnownSeries = Readonly<{ monitorId: number; key: string; labels: Labels; endedMs: number | null }>

const labels = z.record(z.string(), z.string())
type Row = Readonly<{ monitor_id: number; key: string; labels: unknown; ended_ms: number | null }>

export async function knownSeries(db: Queryable, monitorIds: readonly number[]): Promise<KnownSeries[]> {
  const { rows } = await db.query<Row>('select monitor_id, key, labels, ended_ms from alert_series where monitor_id = any($1)', [
    monitorIds,
  ])
  return rows.map(read)
}

/** New ones, ones that are back, and ones that end; each by monitor and key. */
export async function saveSeries(db: Queryable, changed: readonly KnownSeries[]): Promise<void> {
  // In the one order in which all workers lock their rows.
  const rows = changed.toSorted((a, b) => a.monitorId - b.monitorId || (a.key < b.key ? -1 : 1))
  await db.query(
    `insert into alert_series (monitor_id, key, labels, ended_ms)
     select id, key, labels, ended from jsonb_to_recordset($1::jsonb) as given (id bigint, key text, labels jsonb, ended bigint)
     on conflict (monitor_id, key) do update set ended_ms = excluded.ended_ms`,
    [JSON.stringify(rows.map(({ monitorId, endedMs, ...rest }) => ({ id: monitorId, ended: endedMs, ...rest })))],
  )
}

/** The other side has heard of these ends; what has begun or ended anew since stays. */
export async function forgetSeries(db: Queryable, ended: readonly KnownSeries[]): Promise<void> {
  const rows = ended.map(({ monitorId, key, endedMs }) => ({ id: monitorId, key, ended: endedMs }))
  await db.query(
    `delete from alert_series s using jsonb_to_recordset($1::jsonb) as given (id bigint, key text, ended bigint)
     where s.monitor_id = given.id and s.key = given.key and s.ended_ms <= given.ended`,
    [JSON.stringify(rows)],
  )
}

/**
 * Ends that nobody else tells of: those of monitors that aren't evaluated any more, deleted or paused, a millisecond after their last sample;
 * and those that were decided before `beforeMs` and are still here, for the worker that was to tell of them is gone.
 */
export async function endOrphans(db: Queryable, beforeMs: number, limit: number): Promise<KnownSeries[]> {
  const { rows } = await db.query<Row>(
    `with left_alone as (
       select s.monitor_id, s.key, e.slot - 1000 * coalesce((m.options->>'evaluation_delay')::bigint, 0) + 1 as at_ms
       from alert_series s join monitors m on m.id = s.monitor_id join rule_evaluations e on e.monitor_id = s.monitor_id
         left join monitor_state t on t.monitor_id = s.monitor_id
       where s.ended_ms is null and (m.deleted_at is not null or coalesce(t.paused, false))
       order by s.monitor_id, s.key limit $2
     ), ended as (
       update alert_series s set ended_ms = at_ms from left_alone l where s.monitor_id = l.monitor_id and s.key = l.key and s.ended_ms is null
       returning s.monitor_id, s.key, s.labels, s.ended_ms
     )
     select * from ended
     union all (select monitor_id, key, labels, ended_ms from alert_series where ended_ms < $1 order by ended_ms limit $2)`,
    [beforeMs, limit],
  )
  return rows.map(read)
}

function read({ monitor_id: monitorId, key, labels: stored, ended_ms: endedMs }: Row): KnownSeries {
  return { monitorId, key, labels: labels.parse(stored), endedMs }
}
