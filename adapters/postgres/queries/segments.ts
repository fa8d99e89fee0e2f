/**
 * How groups were over a time, from what was decided: for each the status when the time began, and its changes until it ended.
 * Never written here. Read next: core/look/segments.ts, api/routes/segments.ts.
 */
import type { Queryable } from '../pool.ts'

export type SegmentAsk = Readonly<{ fromMs: number; toMs: number; after: string; limit: number; changesMax: number }>

/** A change as it is needed here, oldest first in `changes`; `before` is the last one up to the begin of the time. */
export type StatusChange = Readonly<{
  sequence: number
  slot: number
  from: string
  to: string
  reason: string
  value: number | null
}>

export type GroupChanges = Readonly<{
  group_key: string
  before: StatusChange | null
  /** The newest of the time, at most `changesMax`. */
  changes: readonly StatusChange[]
  /** How it is now and since when, epoch ms; null = it is there no more. */
  status: string | null
  since: number | null
}>

const change = `json_build_object('sequence', sequence, 'slot', slot, 'from', from_status, 'to', to_status, 'reason', reason, 'value', value)`

/**
 * By key, those after `after`: groups that there are, and groups that were told of and have gone. From key to key by the index, so that
 * it takes as long as there are groups, and not as changes.
 */
export async function pageSegments(db: Queryable, monitorId: number, ask: SegmentAsk): Promise<GroupChanges[]> {
  const { rows } = await db.query<GroupChanges>(
    `with recursive told(group_key) as (
       (select group_key from transitions where monitor_id = $1 and group_key > $2 order by group_key limit 1)
       union all
       select next.group_key from told cross join lateral (
         select group_key from transitions where monitor_id = $1 and group_key > told.group_key order by group_key limit 1
       ) as next
     ), page as (
       select group_key from (
         (select group_key from told limit $3)
         union (select group_key from monitor_groups where monitor_id = $1 and group_key > $2 order by group_key limit $3)
       ) as every order by group_key limit $3
     )
     select page.group_key, before.change as before, coalesce(during.changes, '[]') as changes,
       monitor_groups.status, (monitor_groups.state ->> 'since')::bigint as since
     from page
     left join monitor_groups on monitor_groups.monitor_id = $1 and monitor_groups.group_key = page.group_key
     left join lateral (
       select ${change} as change from transitions
       where monitor_id = $1 and group_key = page.group_key and slot <= $4 order by sequence desc limit 1
     ) as before on true
     left join lateral (
       select json_agg(newest.change order by newest.sequence) as changes from (
         select sequence, ${change} as change from transitions
         where monitor_id = $1 and group_key = page.group_key and slot > $4 and slot <= $5 and from_status <> to_status
         order by sequence desc limit $6
       ) as newest
     ) as during on true
     order by page.group_key`,
    [monitorId, ask.after, ask.limit, ask.fromMs, ask.toMs, ask.changesMax],
  )
  return rows
}
