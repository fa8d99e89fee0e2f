/** What is stored before anything is asked: monitors as people have them, all in one statement. */
import type { Pool } from '../../adapters/postgres/pool.ts'

export const monitorsStored = 50_000
const groupsEach = 10
export const groupsOfLargest = 1_000
/** Ids begin at 1001. */
export const largestMonitor = 1_001

export async function storeMonitors(pool: Pool): Promise<void> {
  await pool.query(
    `insert into monitors (type, name, query, message, options, multi, creator, tags, overall_state, priority, draft_status)
     select case when n % 200 = 0 then 'log alert' when n % 997 = 0 then 'composite' else 'query alert' end,
       'Monitor ' || n || case when n % 200 = 0 then ' rarely' else ' often' end,
       'avg(last_5m):avg:system.metric_' || n || '{env:prod,host:h' || n || '} by {disk} > 1', 'What to do about ' || n || ' @team-' || n % 300,
       '{"thresholds": {"critical": 1}, "silenced": {}, "notify_no_data": false, "include_tags": true}', true,
       jsonb_build_object('id', n % 400, 'name', 'user ' || n % 400, 'handle', 'user' || n % 400 || '@localhost', 'email', 'user' || n % 400 || '@localhost'),
       array['env:prod', 'service:s' || n % 500, 'team:t' || n % 40], case when n % 200 = 0 then 'Alert' else 'OK' end,
       case when n % 200 = 0 then 1 end, 'published'
     from generate_series(1, ${monitorsStored}) as n order by n`,
  )
  await pool.query(
    `insert into monitor_groups (monitor_id, group_key, status, slot, state)
     select id, 'disk:d' || n, case when id % 200 = 0 then 'Alert' else 'OK' end, 0,
       '{"status": "OK", "since": 0, "value": 0.5, "missingSince": null, "firstTriggeredAt": null, "lastTriggeredAt": null, "told": false, "held": false}'
     from monitors cross join lateral generate_series(1, case when id = ${largestMonitor} then ${groupsOfLargest} else ${groupsEach} end) as n`,
  )
  await pool.query('vacuum analyze monitors, monitor_groups')
}
