import type { Pool } from '../../adapters/postgres/pool.ts'

/** As many monitors as make an index worth its while, ten groups each; one in 200 is rare: what searches are for. */
export async function storeManyMonitors(pool: Pool, monitors: number): Promise<void> {
  await pool.query(
    `insert into monitors (type, name, query, message, options, multi, creator, tags, overall_state, priority, draft_status)
     select case when n % 200 = 0 then 'log alert' when n % 997 = 0 then 'composite' else 'query alert' end,
       'Monitor ' || n || case when n % 200 = 0 then ' rarely' else ' often' end,
       'avg(last_5m):avg:system.metric_' || n || '{env:prod,host:h' || n || '} by {disk} > 1', 'What to do about ' || n || ' @team-' || n % 300,
       '{"silenced": {}}', true, jsonb_build_object('name', 'user ' || n % 400, 'handle', 'user' || n % 400 || '@localhost'),
       array['env:prod', 'service:s' || n % 500, 'team:t' || n % 40], case when n % 200 = 0 then 'Alert' else 'OK' end,
       case when n % 200 = 0 then 1 end, case when n % 200 = 0 then 'draft' else 'published' end
     from generate_series(1, ${monitors}) as n`,
  )
  await pool.query(
    `insert into monitor_groups (monitor_id, group_key, status, slot, state)
     select id, 'disk:d' || n, case when id % 200 = 0 then 'Alert' else 'OK' end, 0, '{"status": "OK", "lastTriggeredAt": null, "since": 0}'
     from monitors cross join generate_series(1, 10) as n`,
  )
  await pool.query('vacuum analyze monitors, monitor_groups')
}
