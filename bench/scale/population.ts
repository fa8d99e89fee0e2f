import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { intervalS } from './plan.ts'

const pushEveryMs = 10_000

/** Adds monitors until there are so many. Healthy and quiet, which is what nearly all are nearly always; of a priority that is never stretched. */
export async function growTo(pool: Pool, monitors: number): Promise<void> {
  await pool.query(
    `insert into monitors (type, name, query, message, tags, priority, options, multi, creator, modified_at)
     select 'query alert', 'bench ' || n, 'avg(last_1m):avg:bench.load{*} by {host} > 90', 'high', '{team:core}', 2,
       jsonb_build_object('interval', $2::int, 'thresholds', jsonb_build_object('critical', 90)), true, '{}', now() - interval '1 minute'
     from generate_series((select count(*) from monitors) + 1, $1) as n`,
    [monitors, intervalS],
  )
  await pool.query(
    `insert into monitor_versions (monitor_id, version, definition, changed_by)
     select id, version, jsonb_build_object('name', name, 'type', type, 'query', query, 'message', message, 'tags', to_jsonb(tags),
       'priority', priority, 'options', options, 'draft_status', draft_status), 'bench' from monitors
     on conflict do nothing`,
  )
}

/** A point of the metric every ten seconds. Returns what stops it. */
export function pushPoints(pool: Pool): () => Promise<void> {
  const stopping = new AbortController()
  const pushing = (async () => {
    while (!stopping.signal.aborted) {
      const points = [{ atMs: Date.now(), value: 10 }]
      await ingestSeries(pool, [{ metric: 'bench.load', tags: ['host:a'], kind: 'gauge', intervalS: 10, points }])
      await delay(pushEveryMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  // Looked at when it is stopped; until then it mustn't end the process.
  pushing.catch(() => {})
  return async () => {
    stopping.abort()
    await pushing
  }
}
