/**
 * Downtimes as they are stored. Each change counts up downtime_changes in its own transaction, by which changes also come one after another.
 * Never deletes one: canceled and ended ones stay readable. Read next: migrations/0007_downtimes.sql, ../downtime-source.ts.
 */
import type { DowntimePlan, DowntimeRecurrence, EndState, EndType, LegacyRecurrence, PlannedDowntime } from '../../../core/downtime/plan.ts'
import { parseScope } from '../../../core/query/scope.ts'
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'
import type { Creator } from './monitors.ts'

export type StoredDowntime = Readonly<{
  id: string
  /** What version 1 of the API calls it. */
  number: number
  plan: DowntimePlan
  creator: Creator
  updater: Creator | null
  createdMs: number
  modifiedMs: number
  canceledMs: number | null
}>

/** Which one: by either of its names. */
export type DowntimeKey = Readonly<{ id: string } | { number: number }>

/** Downtimes that are planned or in force at a time. Every worker holds them all; beyond this many somebody's program doesn't cancel what it made. */
export const liveDowntimesMax = 5_000

const columns = `id, number, scope, scopes, monitor_id, monitor_tags, message, starts_at, ends_at, recurrences, legacy_recurrence, timezone,
  display_timezone, mute_first_recovery, notify_end_states, notify_end_types, creator, updater, created_at, modified_at, canceled_at`

type Row = Readonly<{
  id: string
  number: number
  scope: string
  scopes: string[]
  monitor_id: number | null
  monitor_tags: string[]
  message: string | null
  starts_at: Date
  ends_at: Date | null
  recurrences: DowntimeRecurrence[]
  legacy_recurrence: LegacyRecurrence | null
  timezone: string
  display_timezone: string
  mute_first_recovery: boolean
  notify_end_states: EndState[]
  notify_end_types: EndType[]
  creator: Creator
  updater: Creator | null
  created_at: Date
  modified_at: Date
  canceled_at: Date | null
}>

/** To be called first in a transaction that changes downtimes: others wait until it ends. */
export async function countDowntimeChange(db: Queryable): Promise<void> {
  await db.query('update downtime_changes set count = count + 1')
}

/** Grows with each change. */
export async function downtimeChanges(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count from downtime_changes')
  return rows[0]?.count ?? 0
}

export type DowntimeWrite = Readonly<{ plan: DowntimePlan; overMs: number | null; by: Creator; nowMs: number }>

/** null = there are too many. */
export async function insertDowntime(db: Queryable, { plan, overMs, by, nowMs }: DowntimeWrite): Promise<StoredDowntime | null> {
  const { rows: counted } = await db.query<{ count: number }>(`select count(*) from downtimes where ${live('$1')}`, [new Date(nowMs)])
  if ((counted[0]?.count ?? 0) >= liveDowntimesMax) return null
  const { rows } = await db.query<Row>(
    `insert into downtimes (${planColumns}, over_at, creator, created_at, modified_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) returning ${columns}`,
    [...planValues(plan), dateOf(overMs), JSON.stringify(by), new Date(nowMs)],
  )
  return stored(onlyRow(rows))
}

export async function updateDowntime(db: Queryable, id: string, { plan, overMs, by, nowMs }: DowntimeWrite): Promise<StoredDowntime> {
  const { rows } = await db.query<Row>(
    `update downtimes set (${planColumns}, over_at, updater, modified_at) =
       ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     where id = $18 returning ${columns}`,
    [...planValues(plan), dateOf(overMs), JSON.stringify(by), new Date(nowMs), id],
  )
  return stored(onlyRow(rows))
}

/** One that is canceled already stays as it is. */
export async function cancelDowntime(db: Queryable, id: string, by: Creator, nowMs: number): Promise<void> {
  await db.query('update downtimes set canceled_at = $2, modified_at = $2, updater = $3 where id = $1 and canceled_at is null', [
    id,
    new Date(nowMs),
    JSON.stringify(by),
  ])
}

/** null = it was never created. */
export async function findDowntime(db: Queryable, key: DowntimeKey): Promise<StoredDowntime | null> {
  const [column, value] = 'id' in key ? ['id', key.id] : ['number', key.number]
  const { rows } = await db.query<Row>(`select ${columns} from downtimes where ${column} = $1`, [value])
  const [row] = rows
  return row === undefined ? null : stored(row)
}

/** Those that weren't over at `sinceMs`, newest first, up to twice as many as there may be at a time. */
export async function listDowntimes(db: Queryable, sinceMs: number): Promise<StoredDowntime[]> {
  const { rows } = await db.query<Row>(`select ${columns} from downtimes where ${live('$1')} order by number desc limit $2`, [
    new Date(sinceMs),
    liveDowntimesMax * 2,
  ])
  return rows.map(stored)
}

/** Those of this monitor alone that aren't over, oldest first. */
export async function downtimesOfMonitor(db: Queryable, monitorId: number, sinceMs: number): Promise<StoredDowntime[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from downtimes where monitor_id = $2 and canceled_at is null and ${live('$1')} order by number limit $3`,
    [new Date(sinceMs), monitorId, liveDowntimesMax],
  )
  return rows.map(stored)
}

/** The same with their scopes parsed: what may hold at slots since then. */
export async function liveDowntimes(db: Queryable, sinceMs: number): Promise<PlannedDowntime[]> {
  return (await listDowntimes(db, sinceMs)).map(planned)
}

/** Names of monitors, also of deleted ones, by id. */
export async function monitorNames(db: Queryable, ids: readonly number[]): Promise<readonly Readonly<{ id: number; name: string }>[]> {
  const { rows } = await db.query<{ id: number; name: string }>('select id, name from monitors where id = any($1::bigint[]) order by id', [
    ids,
  ])
  return rows
}

/** Scopes are checked where they are written: one that can't be read holds nothing. */
export function planned({ id, plan, canceledMs }: StoredDowntime): PlannedDowntime {
  const parsed = parseScope(plan.scope)
  return { id, plan, canceledMs, scope: parsed.ok ? parsed.scope : { kind: 'or', of: [] } }
}

const live = (since: string): string => `(least(canceled_at, over_at) is null or least(canceled_at, over_at) > ${since}::timestamptz)`

const planColumns = `scope, scopes, monitor_id, monitor_tags, message, starts_at, ends_at, recurrences, legacy_recurrence, timezone,
  display_timezone, mute_first_recovery, notify_end_states, notify_end_types`

function planValues(plan: DowntimePlan): unknown[] {
  return [
    plan.scope,
    plan.scopes,
    plan.monitorId,
    plan.monitorTags,
    plan.message,
    new Date(plan.startMs),
    dateOf(plan.endMs),
    JSON.stringify(plan.recurrences),
    plan.legacyRecurrence === null ? null : JSON.stringify(plan.legacyRecurrence),
    plan.timezone,
    plan.displayTimezone,
    plan.muteFirstRecovery,
    plan.notifyEndStates,
    plan.notifyEndTypes,
  ]
}

function stored(row: Row): StoredDowntime {
  return {
    id: row.id,
    number: row.number,
    plan: {
      scope: row.scope,
      scopes: row.scopes,
      monitorId: row.monitor_id,
      monitorTags: row.monitor_tags,
      message: row.message,
      startMs: row.starts_at.getTime(),
      endMs: row.ends_at?.getTime() ?? null,
      recurrences: row.recurrences,
      legacyRecurrence: row.legacy_recurrence,
      timezone: row.timezone,
      displayTimezone: row.display_timezone,
      muteFirstRecovery: row.mute_first_recovery,
      notifyEndStates: row.notify_end_states,
      notifyEndTypes: row.notify_end_types,
    },
    creator: row.creator,
    updater: row.updater,
    createdMs: row.created_at.getTime(),
    modifiedMs: row.modified_at.getTime(),
    canceledMs: row.canceled_at?.getTime() ?? null,
  }
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
