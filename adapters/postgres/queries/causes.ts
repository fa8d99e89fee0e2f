/** Monitors that hold others while they fire, and how their groups are and were. Never written here. Read next: ../cause-source.ts. */
import type { Inhibited } from '../../../core/monitor/cause-cycles.ts'
import { inhibitedByOf } from '../../../core/monitor/spec-causes.ts'
import type { InhibitRule, Status } from '../../../core/monitor/spec-types.ts'
import type { Pool, Queryable } from '../pool.ts'

/** Monitors with rules that are looked at for circles. Of more, those of the others may hold each other. */
const inhibitedMax = 5_000
/** Groups that one evaluation looks at: those of two monitors in a storm. Of more, the last ones don't hold. */
const firingMax = 40_000
/** An evaluation that waits longer has missed its slot. */
const timeoutMs = 5_000

export type CauseMonitor = Readonly<{ id: number; tags: readonly string[] }>

/** Every monitor that has rules. */
export async function inhibitedMonitors(pool: Pool): Promise<readonly Inhibited[]> {
  const { rows } = await pool.query<{ id: number; tags: string[]; rules: unknown }>(
    statement(
      `select id, tags, options->'inhibited_by' as rules from monitors
       where deleted_at is null and options ? 'inhibited_by' order by id limit $1`,
      [inhibitedMax],
    ),
  )
  return rows.map(({ id, tags, rules }) => ({ monitorId: id, tags, rules: inhibitedByOf(rules) }))
}

/** Those that rules name and that tell somebody: a draft, or one that is paused, holds nobody, for nobody would hear of anything. */
export async function monitorsNamed(pool: Pool, self: number, rules: readonly InhibitRule[]): Promise<readonly CauseMonitor[]> {
  const ids = rules.flatMap(({ monitorId }) => (monitorId === null ? [] : [monitorId]))
  const tags = rules.filter(({ monitorId }) => monitorId === null).map(({ monitorTags }) => monitorTags)
  const { rows } = await pool.query<CauseMonitor>(
    statement(
      `with named as (
        select id from unnest($2::bigint[]) as id
        union
        select monitors.id from jsonb_array_elements($3::jsonb) as rule
          join monitors on monitors.deleted_at is null and monitors.tags @> array(select jsonb_array_elements_text(rule))
      )
      select monitors.id, monitors.tags from named join monitors using (id) join monitor_state on monitor_state.monitor_id = id
      where deleted_at is null and draft_status = 'published' and not paused and id <> $1 order by id`,
      [self, ids, JSON.stringify(tags)],
    ),
  )
  return rows
}

export type GroupNow = Readonly<{ id: number; group: string; status: Status }>

export async function statusesNow(pool: Pool, ids: readonly number[], statuses: readonly Status[]): Promise<readonly GroupNow[]> {
  const { rows } = await pool.query<GroupNow>(
    statement(
      `select monitor_id as id, group_key as "group", status from monitor_groups
      where monitor_id = any($1::bigint[]) and status = any($2) order by monitor_id, group_key limit $3`,
      [ids, statuses, firingMax],
    ),
  )
  return rows
}

export type GroupChange = Readonly<{ id: number; group: string; from: Status; slot: number }>

/** Changes of groups' statuses after a slot, oldest first. Groups that left by their retention left none. */
export async function changesSince(pool: Pool, ids: readonly number[], afterMs: number): Promise<readonly GroupChange[]> {
  const { rows } = await pool.query<GroupChange>(
    statement(
      `select monitor_id as id, group_key as "group", from_status as "from", slot from transitions
      where monitor_id = any($1::bigint[]) and slot > $2 and from_status <> to_status and reason <> 'caught-up'
        and coalesce(detail->'bundle', 'null') = 'null'
      order by monitor_id, sequence limit $3`,
      [ids, afterMs, firingMax],
    ),
  )
  return rows
}

export type NamedBy = Readonly<{ id: number; names: readonly number[] }>

/** Of these monitors those that there are, and whom their rules name by id. */
export async function namedBy(db: Queryable, ids: readonly number[]): Promise<readonly NamedBy[]> {
  const { rows } = await db.query<{ id: number; rules: unknown }>(
    `select id, options->'inhibited_by' as rules from monitors where id = any($1::bigint[]) and deleted_at is null order by id`,
    [ids],
  )
  return rows.map(({ id, rules }) => ({ id, names: inhibitedByOf(rules).flatMap(({ monitorId }) => monitorId ?? []) }))
}

const statement = (text: string, values: unknown[]) => ({ text, values, query_timeout: timeoutMs })
