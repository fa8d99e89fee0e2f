/** How monitors are, for composites made of them. Never written here. */
import type { MonitorStates } from '../../../activities/ports.ts'
import { SourceError } from '../../../activities/ports.ts'
import { StoreAwayError } from '../../../activities/store-ports.ts'
import type { Status } from '../../../core/monitor/spec-types.ts'
import { isAnswering, isAway } from '../outage.ts'
import type { Pool } from '../pool.ts'

type Row = Readonly<{ id: number; overall: Status; groups: Readonly<Record<string, Status>> }>

/** An evaluation that waits longer has missed its slot. */
const timeoutMs = 5_000

export function monitorStates(pool: Pool): MonitorStates {
  return {
    statuses: async (monitorIds, groupsMax) => {
      const statement = {
        text: `select id, overall_state as overall, coalesce((
            select jsonb_object_agg(group_key, status)
            from (select group_key, status from monitor_groups where monitor_id = monitors.id order by group_key limit $2) as first
          ), '{}') as groups
          from monitors where id = any($1::bigint[]) and deleted_at is null`,
        values: [monitorIds, groupsMax],
        query_timeout: timeoutMs,
      }
      try {
        const { rows } = await pool.query<Row>(statement)
        return new Map(rows.map(({ id, overall, groups }) => [id, { overall, groups }]))
      } catch (error) {
        const message = `PostgreSQL: ${error instanceof Error ? error.message : String(error)}`
        if (isAway(error) || !(await isAnswering(pool))) throw new StoreAwayError(message, { cause: error })
        throw new SourceError('unreachable', message, { cause: error })
      }
    },
  }
}

/** The groups of monitors as they are, with the last value that was told of each; at most so many of each monitor. */
export async function groupValues(
  pool: Pool,
  monitorIds: readonly number[],
  groupsMax: number,
): Promise<readonly Readonly<{ monitorId: number; group: string; status: Status; value: number | null }>[]> {
  const { rows } = await pool.query<{ monitorId: number; group: string; status: Status; value: number | null }>({
    text: `select member.id as "monitorId", found.* from unnest($1::bigint[]) as member (id) cross join lateral (
        select group_key as "group", status, (state ->> 'value')::float8 as value
        from monitor_groups where monitor_id = member.id order by group_key limit $2
      ) as found`,
    values: [monitorIds, groupsMax],
  })
  return rows
}

export type Member = Readonly<{ id: number; type: string }>

/** Those of these monitors that there are; until the transaction ends nobody deletes them. */
export async function lockMembers(db: Pick<Pool, 'query'>, monitorIds: readonly number[]): Promise<Member[]> {
  const { rows } = await db.query<Member>(
    'select id, type from monitors where id = any($1::bigint[]) and deleted_at is null order by id for key share',
    [monitorIds],
  )
  return rows
}
